package dev.holdfast.guard;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.console.ExitCode;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.supervise.Restarter;
import dev.holdfast.waiting.EventWait;

/** Starts the server again. The program may be gone for an instant, in the middle of a redeploy. */
final class CommandRestarter implements Restarter {
    private final ResolvedCommand command;
    private final ServerLaunch launch;
    private final Hooks hooks;
    private final EventWait wait;
    private final Journal journal;

    CommandRestarter(ResolvedCommand command, ServerLaunch launch, Hooks hooks, EventWait wait, Journal journal) {
        this.command = command;
        this.launch = launch;
        this.hooks = hooks;
        this.wait = wait;
        this.journal = journal;
    }

    @Override
    public Start again() {
        String obstacle = hooks.preStart();
        if (wait.isStopRequested()) {
            return new Start.Interrupted(wait.stopSignal());
        }
        if (!obstacle.isEmpty()) {
            journal.warn(obstacle);
            return failed(ExitCode.UNAVAILABLE);
        }
        try {
            return new Start.Running(command.start(launch));
        } catch (CommandException e) {
            journal.warn(String.valueOf(e.getMessage()));
            return failed(e.reason().exitCode());
        } catch (ProcessSettingsException e) {
            // Its folder is gone, say.
            journal.warn(String.valueOf(e.getMessage()));
            return failed(ExitCode.NOT_RUNNABLE);
        }
    }

    private static Start.Failed failed(ExitCode code) {
        return new Start.Failed(ExitStatus.exited(code.number()));
    }
}
