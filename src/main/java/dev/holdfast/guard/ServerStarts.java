package dev.holdfast.guard;

import dev.holdfast.process.ExitStatus;
import dev.holdfast.supervise.ServerStarter;

/** Starts the server again. The program may be gone for an instant, in the middle of a redeploy. */
final class ServerStarts implements ServerStarter {
    private static final int FOUND_BUT_NOT_RUNNABLE = 126;
    private static final int NOT_FOUND = 127;

    private final ServerCommand command;
    private final ServerLaunch launch;
    private final Journal journal;

    ServerStarts(ServerCommand command, ServerLaunch launch, Journal journal) {
        this.command = command;
        this.launch = launch;
        this.journal = journal;
    }

    @Override
    public Start again() {
        try {
            return new Start.Running(command.start(launch));
        } catch (CommandException e) {
            journal.warn(String.valueOf(e.getMessage()));
            return new Start.Failed(ExitStatus.exited(e.isFound() ? FOUND_BUT_NOT_RUNNABLE : NOT_FOUND));
        } catch (ProcessSettingsException e) {
            // Its folder is gone, say.
            journal.warn(String.valueOf(e.getMessage()));
            return new Start.Failed(ExitStatus.exited(FOUND_BUT_NOT_RUNNABLE));
        }
    }
}
