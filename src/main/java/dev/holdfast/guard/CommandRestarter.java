package dev.holdfast.guard;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.console.ExitCode;
import dev.holdfast.hook.HookRun;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.supervise.Restarter;
import dev.holdfast.waiting.Ticker;
import org.jspecify.annotations.Nullable;

/** Starts the server again. The program may be gone for an instant, in the middle of a redeploy. */
final class CommandRestarter implements Restarter {
    private final ResolvedCommand command;
    private final ServerLaunch launch;
    private final Hooks hooks;
    private final Journal journal;

    CommandRestarter(ResolvedCommand command, ServerLaunch launch, Hooks hooks, Journal journal) {
        this.command = command;
        this.launch = launch;
        this.hooks = hooks;
        this.journal = journal;
    }

    @Override
    public @Nullable HookRun afterEnd(int pid, ExitStatus status) {
        return hooks.postStop(pid, status, Ticker.SYSTEM);
    }

    @Override
    public @Nullable HookRun beforeStart() {
        return hooks.beforeStart(Ticker.SYSTEM);
    }

    @Override
    public Start start(String obstacle) {
        if (obstacle.isEmpty() && launch.sockets().isPresent()) {
            launch.sockets().get().makeBlocking();
        }
        return startBeside(obstacle, 0);
    }

    /** The sockets stay as they are: the other server has them, too. */
    @Override
    public Start startBeside(String obstacle, int seat) {
        if (!obstacle.isEmpty()) {
            return failed(ExitCode.UNAVAILABLE, obstacle);
        }
        try {
            return new Start.Running(command.start(launch));
        } catch (CommandException e) {
            return failed(e.reason().exitCode(), String.valueOf(e.getMessage()));
        } catch (ProcessSettingsException e) {
            // Its folder is gone, say.
            return failed(ExitCode.NOT_RUNNABLE, String.valueOf(e.getMessage()));
        }
    }

    private Start.Failed failed(ExitCode code, String why) {
        journal.warn(why);
        return new Start.Failed(ExitStatus.exited(code.number()), why);
    }
}
