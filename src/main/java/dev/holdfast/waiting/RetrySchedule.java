package dev.holdfast.waiting;

/**
 * When to look again whether a lock is free, for one that waits. Events tell of most releases; this is for the rest.
 *
 * <p>The event of a close comes before the kernel frees the lock, and on a busy machine the closing process may be out
 * of the processor in between: so a few looks follow each event at once. No event tells when a foreign program unlocks
 * and keeps its descriptor open ({@code flock -u}), or when whoever is next does not run: so looks follow at growing
 * distances for as long as it takes. Not safe for use by many threads.
 */
public final class RetrySchedule {
    private static final long MILLI = 1_000_000;
    private static final long[] AFTER_EVENT_MILLIS = {0, 1, 2, 5, 10, 50};
    private static final long FIRST_IDLE = 100 * MILLI;
    private static final long LONGEST_IDLE = 1000 * MILLI;

    private final boolean driven;
    private int looks;
    private long idle = FIRST_IDLE;
    private long overdueAt = System.nanoTime() + FIRST_IDLE;

    /** With false, there are no events, and the distances do not grow. */
    public RetrySchedule(boolean driven) {
        this.driven = driven;
    }

    /** An event came. */
    public void restart() {
        looks = 0;
    }

    /** How long to wait for an event before the next look, in nanoseconds. */
    public long nextPause() {
        if (looks < AFTER_EVENT_MILLIS.length) {
            return AFTER_EVENT_MILLIS[looks++] * MILLI;
        }
        return Math.max(0, overdueAt - System.nanoTime());
    }

    /** Whether it is time for a look that nothing gives reason for. Once true, it is false for the next while. */
    public boolean isOverdue() {
        long now = System.nanoTime();
        if (now - overdueAt < 0) {
            return false;
        }
        idle = driven ? Math.min(LONGEST_IDLE, 2 * idle) : idle;
        overdueAt = now + idle;
        return true;
    }
}
