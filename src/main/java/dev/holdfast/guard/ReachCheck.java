package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.posix.PosixException;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.supervise.Chore;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListeners;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.waiting.Ticker;

/** Finds out once whether the server may be signalled: better known now than at the first stop. */
final class ReachCheck extends Chore {
    private final Supervisor supervisor;
    private final InstanceListeners listeners;
    private final Journal journal;

    ReachCheck(Supervisor supervisor, InstanceListeners listeners, Journal journal, Ticker ticker) {
        super(ticker, Guard.FIRST_LOOK);
        this.supervisor = supervisor;
        this.listeners = listeners;
        this.journal = journal;
    }

    @Override
    protected void run() {
        int pid = supervisor.serverPid();
        try (PinnedProcess server = PinnedProcess.pin(pid).orElse(null)) {
            if (server != null && server.isOutOfReach()) {
                listeners.tell(new InstanceEvent.OutOfReach(pid));
            }
        } catch (PosixException e) {
            journal.debug("cannot tell whether the server may be signalled: " + e.getMessage());
        }
    }
}
