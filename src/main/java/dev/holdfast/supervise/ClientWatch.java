package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Self;
import org.jspecify.annotations.Nullable;

/**
 * Watches the client that started the launcher: the other end of stdin, and the parent process. A source of the loop.
 *
 * <p>Stdin is never read, only asked whether its other end is gone. What the client wrote before it left is still the
 * server's to read.
 */
public final class ClientWatch implements EventSource, AutoCloseable {
    private static final int STDIN = 0;
    private static final int GONE = PollSet.HANG_UP | PollSet.PEER_CLOSED | PollSet.ERROR;
    private static final int STDIN_SLOT = 0;
    private static final int PARENT_SLOT = 1;

    private final Supervisor supervisor;
    private final @Nullable ProcessDescriptor parent;
    /** What is still looked at: a hang-up does not go away, and poll would return at once for ever. */
    private boolean watchesStdin = true;

    private boolean watchesParent = true;
    /** Whether the client was gone before it could be watched. */
    private boolean diedBefore;

    /**
     * A watch, from now on.
     *
     * @param clientPid the client, as the launcher's start script saw it; 0 when it is not known
     * @param supervisor who is told
     */
    public ClientWatch(int clientPid, Supervisor supervisor) {
        this.supervisor = supervisor;
        parent = ProcessDescriptor.ofParent().orElse(null);
        diedBefore = clientPid > 1 && clientPid != Self.parentPid();
    }

    @Override
    public int slots() {
        return 2;
    }

    @Override
    public void arm(PollSlots slots) {
        // Node connects stdio by socket pairs: their one-sided close shows as PEER_CLOSED, not as a hang-up.
        slots.watch(STDIN_SLOT, watchesStdin ? STDIN : -1, PollSet.PEER_CLOSED);
        slots.watch(PARENT_SLOT, parent == null || !watchesParent ? -1 : parent.descriptor(), PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        boolean hungUp = hasHungUp(slots.returned(STDIN_SLOT));
        boolean orphaned = hasParentDied(slots.returned(PARENT_SLOT));
        if (hungUp) {
            supervisor.instance().clientHungUp();
        } else if (orphaned) {
            supervisor.requestStop("parent-died");
        }
    }

    /** Tells it once. */
    private boolean hasHungUp(int events) {
        watchesStdin &= events == 0;
        return (events & GONE) != 0;
    }

    /** Tells it once. */
    private boolean hasParentDied(int events) {
        boolean died = diedBefore || events != 0;
        diedBefore = false;
        watchesParent &= events == 0;
        return died;
    }

    @Override
    public void close() {
        if (parent != null) {
            parent.close();
        }
    }
}
