package dev.holdfast.guard;

import dev.holdfast.command.CallersEnvironment;
import dev.holdfast.command.CommandDigest;
import dev.holdfast.command.Environment;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.hook.HookRun;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.supervise.Restarter;
import dev.holdfast.supervise.ServerPlan;
import dev.holdfast.supervise.SupervisorSettings;
import dev.holdfast.text.RawText;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command that is the instance's server, was it, or is to be it, with all that belongs to it. Its start makes the
 * launcher's record, channels and descriptors those of this one. Kept in memory only: it has an environment.
 */
final class Deployment implements Restarter {
    private final Parts parts;
    private final Restarter restarter;
    private final SupervisorSettings supervision;
    private final Entrance entrance;
    /** The folder of its latest start; empty before the first one, and where it cannot be seen. */
    private Optional<FileStatus> startedIn = Optional.empty();

    /**
     * What a deployment is made of.
     *
     * @param command what is run
     * @param environment what it is started with, with the instance's variables
     * @param context where and as whom it runs
     * @param process the same as it was asked for, with the folder
     * @param folder where it runs
     * @param version its version
     * @param server how it is looked after
     */
    record Parts(
            ResolvedCommand command,
            Environment environment,
            ServerContext context,
            ProcessSettings process,
            String folder,
            ServerSettings server,
            String version) {
        /** Whether it would be no other server. */
        boolean isSameAs(Parts other) {
            return areSame(command.words(), other.command.words())
                    && folder.equals(other.folder)
                    && version.equals(other.version)
                    && server.equals(other.server)
                    && process.equals(other.process)
                    && CallersEnvironment.isSame(environment, other.environment);
        }

        private static boolean areSame(List<byte[]> one, List<byte[]> other) {
            boolean same = one.size() == other.size();
            for (int i = 0; same && i < one.size(); i++) {
                same = Arrays.equals(one.get(i), other.get(i));
            }
            return same;
        }

        /** Whether somebody else would start the same. */
        boolean isMeantBy(String digest) {
            return CommandDigest.of(command.words(), folder, version).equals(digest);
        }
    }

    /** Lets the launcher be one of a deployment, right before each start of it. */
    interface Entrance {
        /** From now on what is started is of this deployment. */
        void enter(Deployment deployment);

        /**
         * The next start is of this deployment, while another server runs.
         *
         * @param seat by what the supervisor knows the new one
         */
        void enterBeside(Deployment deployment, int seat);

        /** What only processes of the latest server have in their environment; empty for nothing. */
        String mark();

        /**
         * One of two servers has gone, or was not started: what it had alone is closed.
         *
         * @param seat that one's
         */
        void leave(int seat);
    }

    Deployment(Parts parts, Restarter restarter, SupervisorSettings supervision, Entrance entrance) {
        this.parts = parts;
        this.restarter = restarter;
        this.supervision = supervision;
        this.entrance = entrance;
    }

    Parts parts() {
        return parts;
    }

    ServerPlan plan() {
        return new ServerPlan(supervision, this);
    }

    /** It is being started, or was just now. */
    void isStarted() {
        startedIn = FileStatus.ofTarget(
                RawText.bytes(parts.context().workingDirectory().orElse(".")));
    }

    /** Whether the path of its folder leads to another one by now, or to none: another version was put there, say. */
    boolean isFolderAnother() {
        Optional<FileStatus> now = FileStatus.ofTarget(RawText.bytes(parts.folder()));
        return startedIn.isPresent()
                && (now.isEmpty()
                        || now.get().inode() != startedIn.get().inode()
                        || now.get().device() != startedIn.get().device());
    }

    /**
     * Checks that it can be started again.
     *
     * @throws dev.holdfast.command.CommandException if its command cannot be found or executed any more
     * @throws ProcessSettingsException if its folder or its user cannot be had any more
     */
    void requireStartable() {
        boolean isInLaunchersFolder = parts.context().workingDirectory().isEmpty();
        if (isInLaunchersFolder
                && FileStatus.ofTarget(".").map(FileStatus::links).orElse(0) == 0) {
            throw ProcessSettingsException.folderRemoved();
        }
        var unused = ResolvedCommand.resolve(
                parts.command().words(), parts.environment().bytes("PATH"), parts.context());
    }

    @Override
    public @Nullable HookRun afterEnd(int pid, ExitStatus status) {
        return restarter.afterEnd(pid, status);
    }

    @Override
    public @Nullable HookRun beforeStart() {
        return restarter.beforeStart();
    }

    @Override
    public Start startBeside(String obstacle, int seat) {
        isStarted();
        entrance.enterBeside(this, seat);
        return restarter.startBeside(obstacle, seat);
    }

    @Override
    public String mark() {
        return entrance.mark();
    }

    @Override
    public void leave(int seat) {
        entrance.leave(seat);
    }

    @Override
    public Start start(String obstacle) {
        isStarted();
        entrance.enter(this);
        return restarter.start(obstacle);
    }
}
