package dev.holdfast.supervise;

import dev.holdfast.posix.files.FileDescriptors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The long requests of a control socket, which have places and memory of their own: neither their number nor what they
 * send takes anything from a status or a stop. Not safe for use by many threads.
 */
final class LongConnections implements AutoCloseable {
    /** How many are served at once; the next one is told to ask again. */
    static final int MOST = 64;
    /** Of these each may have its memory at once: 2 MB together. */
    private static final int SMALL_BYTES = 32 * 1024;
    /** All others share these, in the order in which they came; the next one waits in its socket. */
    private static final int SHARED_BYTES = 6 * 1024 * 1024;

    private static final int BYTES_PER_TURN = 512 * 1024;
    private static final long NEVER = Long.MAX_VALUE;

    private final List<LongConnection> connections = new ArrayList<>();
    /** Fewer where there are few descriptors: poll(2) fails for more slots than RLIMIT_NOFILE allows descriptors. */
    private final int most = Math.min(MOST, FileDescriptors.limit() / 4);

    boolean isFull() {
        return connections.size() >= most;
    }

    void add(LongConnection connection) {
        connections.add(connection);
    }

    void arm(PollSlots slots, int first) {
        int slot = first;
        for (LongConnection connection : connections) {
            slots.watch(slot++, connection.descriptor(), connection.events());
        }
    }

    /** Reads what has come since {@link #arm}. To be called before one is added. */
    void serve(PollSlots slots, int first) {
        int bytes = BYTES_PER_TURN;
        int slot = first;
        for (LongConnection connection : connections) {
            int events = slots.returned(slot++);
            if (events != 0) {
                bytes -= connection.serve(events, bytes);
            }
        }
    }

    /** Lets the next ones send for which there is memory, tells what there is to tell, and closes what is over. */
    void goOn(long now) {
        boolean isInTurn = true;
        for (Iterator<LongConnection> each = connections.iterator(); each.hasNext(); ) {
            LongConnection connection = each.next();
            if (connection.isWaitingForMemory()) {
                isInTurn = admitIfThereIsRoom(connection, isInTurn, now);
            }
            connection.tell();
            if (now >= connection.deadline()) {
                connection.giveUp();
            }
            if (connection.isOver()) {
                connection.close();
                each.remove();
            }
        }
    }

    private boolean admitIfThereIsRoom(LongConnection connection, boolean isInTurn, long now) {
        int bytes = connection.payloadBytes();
        boolean isSmall = bytes <= SMALL_BYTES;
        if (!isSmall && (!isInTurn || sharedBytes() + bytes > SHARED_BYTES)) {
            return false;
        }
        connection.admit(now);
        return isInTurn;
    }

    private int sharedBytes() {
        int bytes = 0;
        for (LongConnection connection : connections) {
            boolean isShared = connection.hasMemory() && connection.payloadBytes() > SMALL_BYTES;
            bytes += isShared ? connection.payloadBytes() : 0;
        }
        return bytes;
    }

    long deadline() {
        long next = NEVER;
        for (LongConnection connection : connections) {
            next = Math.min(next, connection.deadline());
        }
        return next;
    }

    @Override
    public void close() {
        for (LongConnection connection : connections) {
            connection.close();
        }
        connections.clear();
    }
}
