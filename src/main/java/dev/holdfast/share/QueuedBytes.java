package dev.holdfast.share;

/** How much waits to be written, to all clients of a host together. */
final class QueuedBytes {
    private static final long MOST = 256L << 20;

    private long count;

    void add(long bytes) {
        count += bytes;
    }

    long count() {
        return count;
    }

    /** Whether nothing more is to be read, from the server or from clients, before some client has taken its own. */
    boolean isFull() {
        return count >= MOST;
    }
}
