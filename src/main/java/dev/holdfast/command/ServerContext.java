package dev.holdfast.command;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.ProcessAttributes;
import dev.holdfast.posix.processes.ThreadAttributes;
import dev.holdfast.settings.ProcessSettings;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's process context: its user, folder, umask, niceness and OOM score. What is run in it starts programs that
 * inherit them, and looks files up as the server's user.
 *
 * <p>It is run on a thread that ends afterwards: user, groups and niceness are a thread's own on Linux, and cannot be had
 * back. The working directory, the umask and the OOM score are the whole launcher's; it has them back when this returns.
 * Nothing stands between the launcher and the server, as setpriv(1) or nice(1) would: the kernel's own words on a program
 * that cannot be executed come back. Not safe for use by many threads.
 */
public final class ServerContext {
    /** The launcher's own: nothing is different. */
    public static final ServerContext LAUNCHERS = new ServerContext(null, Optional.empty());

    /** Null where nothing is different. */
    private final @Nullable ProcessSettings settings;

    private final Optional<ServerUser> user;

    private ServerContext(@Nullable ProcessSettings settings, Optional<ServerUser> user) {
        this.settings = settings;
        this.user = user;
    }

    /**
     * The context for what was asked for.
     *
     * @throws ProcessSettingsException if the user database does not know the user or the group
     */
    public static ServerContext of(ProcessSettings settings) {
        return new ServerContext(settings, ServerUser.lookUp(settings.user(), settings.group()));
    }

    /** Whether anything but the environment is different from the launcher's. Without that nothing need be run in it. */
    public boolean isDifferent() {
        return settings != null
                && (settings.workingDirectory().isPresent()
                        || settings.umask().isPresent()
                        || user.isPresent()
                        || settings.oomScoreAdjustment().isPresent()
                        || settings.niceness().isPresent());
    }

    /** What was asked for; empty where nothing is different. */
    public Optional<ProcessSettings> settings() {
        return Optional.ofNullable(settings);
    }

    /** Where the server starts; empty where that is the launcher's own folder. */
    public Optional<String> workingDirectory() {
        return settings == null ? Optional.empty() : settings.workingDirectory();
    }

    /**
     * The server's environment. Reads its environment files: they beat the user's own variables, and those what the
     * launcher has.
     *
     * @throws ProcessSettingsException if a file cannot be read or understood
     */
    public Environment environment(Environment launchers) {
        if (settings == null) {
            return launchers;
        }
        Environment environment = launchers;
        if (user.isPresent()) {
            environment = environment.with(user.get().variables());
        }
        for (String file : settings.environmentFiles()) {
            environment = environment.withFile(file);
        }
        return environment;
    }

    /**
     * Runs an action in the context. Blocks until it has ended.
     *
     * @param action what to run
     * @return its result
     * @throws ProcessSettingsException if the kernel refuses one of the settings
     */
    public <T> T runIn(Supplier<T> action) {
        return settings == null ? action.get() : runIn(settings, action);
    }

    private <T> T runIn(ProcessSettings wanted, Supplier<T> action) {
        int folder = wanted.workingDirectory().isPresent() ? ProcessAttributes.openFolder() : -1;
        int mask = wanted.umask().isPresent() ? currentUmask() : 0;
        OptionalInt oomScore = wanted.oomScoreAdjustment().isPresent()
                ? OptionalInt.of(ProcessAttributes.oomScoreAdjustment())
                : OptionalInt.empty();
        int dumpable = ThreadAttributes.dumpable();
        ContextThread<T> thread = new ContextThread<>(wanted, user, action);
        try {
            thread.runToItsEnd();
        } finally {
            if (user.isPresent()) {
                ThreadAttributes.setDumpable(dumpable);
            }
            oomScore.ifPresent(ProcessAttributes::setOomScoreAdjustment);
            if (wanted.umask().isPresent()) {
                ProcessAttributes.setUmask(mask);
            }
            if (folder >= 0) {
                ProcessAttributes.returnToFolder(folder);
                FileDescriptors.close(folder);
            }
        }
        return thread.result();
    }

    /** umask(2) tells the old one only by setting another. */
    private static int currentUmask() {
        int mask = ProcessAttributes.setUmask(077);
        ProcessAttributes.setUmask(mask);
        return mask;
    }

    /** Enters the context, runs the action and ends, so that nothing has to be undone. */
    private static final class ContextThread<T> implements Runnable {
        private final ProcessSettings settings;
        private final Optional<ServerUser> user;
        private final Supplier<T> action;
        private @Nullable T result;
        private @Nullable RuntimeException failure;
        private @Nullable Error error;

        ContextThread(ProcessSettings settings, Optional<ServerUser> user, Supplier<T> action) {
            this.settings = settings;
            this.user = user;
            this.action = action;
        }

        @Override
        public void run() {
            try {
                enter();
                result = action.get();
            } catch (RuntimeException e) {
                failure = e;
            } catch (Error e) {
                error = e;
            }
        }

        void runToItsEnd() {
            Thread thread = new Thread(this, "server-context");
            thread.start();
            boolean isInterrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    isInterrupted = true; // nobody does; a half-made change must not be left
                }
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }

        T result() {
            if (failure != null) {
                throw failure;
            }
            if (error != null) {
                throw error;
            }
            if (result == null) {
                throw new IllegalStateException("no result");
            }
            return result;
        }

        /** What takes privileges first, the user next, and what the user must be allowed to last. */
        private void enter() {
            if (settings.oomScoreAdjustment().isPresent()) {
                int value = settings.oomScoreAdjustment().getAsInt();
                refuse(
                        ProcessAttributes.setOomScoreAdjustment(value),
                        "cannot set the server's OOM score adjustment to " + value,
                        "; only root may lower it");
            }
            if (settings.niceness().isPresent()) {
                int value = settings.niceness().getAsInt();
                refuse(
                        ThreadAttributes.setNiceness(value),
                        "cannot set the server's niceness to " + value,
                        "; only root may lower it");
            }
            user.ifPresent(ServerUser::become);
            settings.umask().ifPresent(ProcessAttributes::setUmask);
            settings.workingDirectory().ifPresent(ContextThread::changeFolder);
        }

        private static void refuse(int errno, String what, String remedy) {
            if (errno != 0) {
                throw ProcessSettingsException.refused(what, errno, remedy);
            }
        }

        private static void changeFolder(String folder) {
            int errno = ProcessAttributes.changeFolder(folder);
            if (errno != 0) {
                throw ProcessSettingsException.unreadable(
                        "cannot start the server in \"" + folder + "\": " + Errno.describe(errno));
            }
        }
    }
}
