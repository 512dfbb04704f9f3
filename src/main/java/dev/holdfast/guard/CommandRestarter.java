package dev.holdfast.guard;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.supervise.Restarter;
import dev.holdfast.waiting.EventWait;

/** Starts the server again. The program may be gone for an instant, in the middle of a redeploy. */
final class CommandRestarter implements Restarter {
    /** The exit code for a pre-start command that fails. */
    private static final int NOT_PREPARED = 69;

    /** The exit code for a system that has no room for one more process. */
    private static final int NO_ROOM = 71;

    private static final int FOUND_BUT_NOT_RUNNABLE = 126;
    private static final int NOT_FOUND = 127;

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
            return new Start.Failed(ExitStatus.exited(NOT_PREPARED));
        }
        try {
            return new Start.Running(command.start(launch));
        } catch (CommandException e) {
            journal.warn(String.valueOf(e.getMessage()));
            return new Start.Failed(ExitStatus.exited(code(e.reason())));
        } catch (ProcessSettingsException e) {
            // Its folder is gone, say.
            journal.warn(String.valueOf(e.getMessage()));
            return new Start.Failed(ExitStatus.exited(FOUND_BUT_NOT_RUNNABLE));
        }
    }

    private static int code(CommandException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> NOT_FOUND;
            case REFUSED -> FOUND_BUT_NOT_RUNNABLE;
            case NO_ROOM -> NO_ROOM;
        };
    }
}
