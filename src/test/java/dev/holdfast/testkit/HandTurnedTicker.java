package dev.holdfast.testkit;

import dev.holdfast.waiting.Ticker;

/** A time that stands still until the test turns it, in milliseconds since the test's start. */
public final class HandTurnedTicker implements Ticker {
    /** Not 0, and below it, as the machine's may be. */
    private static final long START = -86_400_000_000_000L;

    private long millis;

    /** Turns it, also back, for the next case. */
    public void turnTo(long newMillis) {
        millis = newMillis;
    }

    @Override
    public long nanoTime() {
        return nanosAt(millis);
    }

    /** What it says at such a time. */
    public long nanosAt(long otherMillis) {
        return START + otherMillis * 1_000_000;
    }

    /** A deadline as a table has it: milliseconds since the test's start, or "never". */
    public static String text(long deadline) {
        return deadline == Long.MAX_VALUE ? "never" : String.valueOf((deadline - START) / 1_000_000);
    }
}
