package dev.holdfast.share;

import dev.holdfast.json.FlatObjectWriter;

/** How long something has taken, each time: counted by how long at the most. */
final class Timing {
    /** In microseconds; what took longer than the last one is counted behind it. */
    private static final long[] BOUNDS = {
        1_000,
        5_000,
        10_000,
        50_000,
        100_000,
        500_000,
        1_000_000,
        5_000_000,
        10_000_000,
        30_000_000,
        60_000_000,
        300_000_000
    };

    private static final long NANOS_PER_MICRO = 1_000;

    private final long[] counts = new long[BOUNDS.length + 1];
    private long sumMicros;

    void took(long nanos) {
        long micros = nanos / NANOS_PER_MICRO;
        int at = 0;
        while (at < BOUNDS.length && micros > BOUNDS[at]) {
            at++;
        }
        counts[at]++;
        sumMicros += micros;
    }

    /** The bounds, how often each was the least one that was kept, with one more for none, and the sum. */
    FlatObjectWriter report() {
        return new FlatObjectWriter()
                .numbers("boundsMicros", BOUNDS)
                .numbers("counts", counts)
                .number("sumMicros", sumMicros);
    }
}
