package dev.holdfast.waiting;

/**
 * A time that only goes forward, for deadlines and periods: no clock that is set changes it. Its zero is nowhere, so
 * two readings are compared, and one alone says nothing. State machines read it here, so that a test can turn it by
 * hand. Never blocks. Safe for use by many threads.
 */
@FunctionalInterface
public interface Ticker {
    /** A deadline that does not come. */
    long NEVER = Long.MAX_VALUE;

    /** The machine's, {@link System#nanoTime}. */
    Ticker SYSTEM = new Ticker() { // no method reference: that would spin a class at each start
                @Override
                public long nanoTime() {
                    return System.nanoTime();
                }
            };

    /** The time in nanoseconds. */
    long nanoTime();
}
