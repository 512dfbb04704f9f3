package dev.holdfast.waiting;

/**
 * When a waiting process looks again whether a lock is free. Most releases cause an event; this is for the rest.
 *
 * <p>The event of a close comes before the kernel frees the lock, and on a busy machine the closing process may be out
 * of the processor in between: so some looks follow each event, the first ones at once. Where no event comes at all,
 * looks follow by the clock. Not safe for use by many threads.
 */
public final class RetrySchedule {
    private static final long MILLI = 1_000_000;
    private static final long[] AFTER_EVENT_MILLIS = {0, 0, 1, 2, 5, 10, 50, 200, 1000};
    private static final long FIRST_IDLE = 100 * MILLI;
    private static final long LONGEST_IDLE = 1000 * MILLI;

    private final Ticker ticker;
    private final boolean hasTimer;
    private final boolean grows;
    private int looks;
    private long idle = FIRST_IDLE;
    private long overdueAt;

    private RetrySchedule(Ticker ticker, boolean hasTimer, boolean grows) {
        this.ticker = ticker;
        this.hasTimer = hasTimer;
        this.grows = grows;
        overdueAt = ticker.nanoTime() + FIRST_IDLE;
    }

    /** For a wait that an event ends in any case: when its looks after one are done, only another event wakes it. */
    public static RetrySchedule byEvents(Ticker ticker) {
        return new RetrySchedule(ticker, false, false);
    }

    /**
     * For a wait that an event ends as a rule. None tells when a foreign program unlocks and keeps its descriptor open
     * ({@code flock -u}), or when the process whose turn it is does not run: so looks follow at growing distances, from
     * a tenth of a second to a second.
     */
    public static RetrySchedule byEventsAndTime(Ticker ticker) {
        return new RetrySchedule(ticker, true, true);
    }

    /** For a wait without events: a look each tenth of a second. */
    public static RetrySchedule byTime(Ticker ticker) {
        return new RetrySchedule(ticker, true, false);
    }

    /** An event came. */
    public void restart() {
        looks = 0;
    }

    /**
     * How long to wait for an event before the next look, in nanoseconds; {@link Long#MAX_VALUE} when only an event is
     * a reason for one.
     */
    public long nextPause() {
        long pause = looks < AFTER_EVENT_MILLIS.length ? AFTER_EVENT_MILLIS[looks++] * MILLI : Long.MAX_VALUE;
        return hasTimer ? Math.min(pause, Math.max(0, overdueAt - ticker.nanoTime())) : pause;
    }

    /** Whether it is time for a look without an event. Once true, it is false for the next while. */
    public boolean isOverdue() {
        long now = ticker.nanoTime();
        if (!hasTimer || now - overdueAt < 0) {
            return false;
        }
        idle = grows ? Math.min(LONGEST_IDLE, 2 * idle) : idle;
        overdueAt = now + idle;
        return true;
    }
}
