package dev.holdfast.share.host;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Gives back to the system what long messages have made of the heap, when the host has been quiet for a while: a JVM that
 * stands still collects nothing. Not safe for use by many threads.
 */
final class HeapTidying {
    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long KEPT_BYTES = 32L << 20;
    /** The JVM shrinks its heap in so many steps, one with each collection. */
    private static final int STEPS = 4;

    private final LongSupplier heapBytes;
    private final Runnable collection;
    private long at = Ticker.NEVER;

    /** Of this JVM's heap. */
    HeapTidying() {
        this(Runtime.getRuntime()::totalMemory, System::gc);
    }

    /**
     * Nothing was moved yet.
     *
     * @param heapBytes tells how large the heap is
     * @param collection collects, and may make it smaller
     */
    HeapTidying(LongSupplier heapBytes, Runnable collection) {
        this.heapBytes = heapBytes;
        this.collection = collection;
    }

    /** Something was moved. */
    void moved(long now) {
        if (heapBytes.getAsLong() > KEPT_BYTES) {
            at = now + QUIET_NANOS;
        }
    }

    /** When {@link #look} is to be called, by the ticker. */
    long deadline() {
        return at;
    }

    /** Tidies up when the time has come. Takes some milliseconds. */
    void look(long now) {
        if (now < at) {
            return;
        }
        at = Ticker.NEVER;
        for (int i = 0; i < STEPS && heapBytes.getAsLong() > KEPT_BYTES; i++) {
            collection.run();
        }
    }
}
