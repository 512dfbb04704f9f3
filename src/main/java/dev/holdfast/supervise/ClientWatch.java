package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Self;
import org.jspecify.annotations.Nullable;

/**
 * Watches the client that started the launcher: the other end of stdin, and the parent process.
 *
 * <p>Stdin is never read, only asked whether its other end is gone. What the client wrote before it left is still the
 * server's to read.
 */
final class ClientWatch implements AutoCloseable {
    private static final int STDIN = 0;
    private static final int GONE = PollSet.HANG_UP | PollSet.PEER_CLOSED | PollSet.ERROR;

    private final PollSet poll;
    private final int stdinSlot;
    private final int parentSlot;
    private final @Nullable ProcessDescriptor parent;
    /** Whether the client was gone before it could be watched. */
    private boolean diedBefore;

    ClientWatch(PollSet poll, boolean wanted, int clientPid) {
        this.poll = poll;
        parent = wanted ? parentIfKnown() : null;
        diedBefore = wanted && clientPid > 1 && clientPid != Self.parentPid();
        // Node connects stdio by socket pairs: their one-sided close shows as PEER_CLOSED, not as a hang-up.
        stdinSlot = poll.add(wanted ? STDIN : -1, PollSet.PEER_CLOSED);
        parentSlot = poll.add(parent == null ? -1 : parent.descriptor(), PollSet.READABLE);
    }

    /** The parent may be 0 (in another pid namespace) or change while we ask (it died): then there is none to watch. */
    private static @Nullable ProcessDescriptor parentIfKnown() {
        int pid = Self.parentPid();
        ProcessDescriptor descriptor =
                pid <= 1 ? null : ProcessDescriptor.open(pid).orElse(null);
        if (descriptor != null && Self.parentPid() != pid) {
            descriptor.close();
            return null;
        }
        return descriptor;
    }

    /** Whether stdin's other end has gone. Tells it once. */
    boolean hasHungUp() {
        int events = poll.returned(stdinSlot);
        if (events == 0) {
            return false;
        }
        poll.ignore(stdinSlot); // a hang-up does not go away: poll would return at once for ever
        return (events & GONE) != 0;
    }

    /** Whether the parent has died. Tells it once. */
    boolean hasParentDied() {
        if (diedBefore) {
            diedBefore = false;
            return true;
        }
        if (poll.returned(parentSlot) == 0) {
            return false;
        }
        poll.ignore(parentSlot);
        return true;
    }

    @Override
    public void close() {
        if (parent != null) {
            parent.close();
        }
    }
}
