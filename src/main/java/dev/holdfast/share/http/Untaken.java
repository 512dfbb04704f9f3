package dev.holdfast.share.http;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * How many bytes of messages a session's exchanges have been given and their clients have not taken. They count to what waits for
 * all clients together, as long as they are in memory. For the host's thread, but for what says otherwise.
 */
final class Untaken {
    /** The rest stays in {@link dev.holdfast.share.Outgoing}, which has its own bounds. */
    static final long MOST_BYTES = 4 << 20;
    /** As for each client: nobody who reads takes nothing for so long. */
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Below this the host's thread looks when it has something else to do. */
    private static final long WORTH_A_WAKE = 64 << 10;

    private final LongConsumer held;
    private final Ticker ticker;
    private final AtomicLong bytes = new AtomicLong();
    private volatile long counted;
    private volatile long lastTaken;
    /** Whether something stays where it was since too much is untaken. */
    private volatile boolean isHeldBack;

    /**
     * Nothing yet.
     *
     * @param held is told by how much more, or less, is in memory
     */
    Untaken(LongConsumer held, Ticker ticker) {
        this.held = held;
        this.ticker = ticker;
    }

    void given(int count) {
        if (bytes.getAndAdd(count) == 0) {
            lastTaken = ticker.nanoTime();
        }
        count();
    }

    /**
     * An exchange has sent this much, or never will. Safe to be called by any thread.
     *
     * @return whether the host's thread is to know of it now
     */
    boolean taken(int count) {
        lastTaken = ticker.nanoTime();
        long left = bytes.addAndGet(-count);
        return (isHeldBack && left < MOST_BYTES) || counted - left >= WORTH_A_WAKE;
    }

    /** The flag is set before the second look: the exchange that takes the last of it looks at the flag after that. */
    boolean mayGive() {
        isHeldBack = bytes.get() >= MOST_BYTES;
        return !isHeldBack || bytes.get() < MOST_BYTES;
    }

    /** Counts what has been taken since the last time. */
    void count() {
        long now = bytes.get();
        held.accept(now - counted);
        counted = now;
    }

    boolean isNone() {
        return bytes.get() == 0;
    }

    /** Whether nothing has been taken for too long. */
    boolean isStuck() {
        return ticker.nanoTime() >= deadline();
    }

    /** Whoever has it is being broken off: waits as long for that. */
    void givenUp() {
        lastTaken = ticker.nanoTime();
    }

    /** When that may be, by the ticker. */
    long deadline() {
        return isNone() ? Ticker.NEVER : lastTaken + PATIENCE.toNanos();
    }
}
