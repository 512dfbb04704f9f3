package dev.holdfast.supervise;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;

/** Whether a server that promised to tell that it is alive has fallen silent. */
final class Watchdog {
    private static final long NEVER = Ticker.NEVER;

    private final Ticker ticker;
    private long periodNanos;
    private long expiresAt = NEVER;
    private boolean running;

    Watchdog(Optional<Duration> period, Ticker ticker) {
        this.ticker = ticker;
        periodNanos = period.isPresent() ? period.get().toNanos() : 0;
    }

    /** From now on silence counts. */
    void start() {
        running = true;
        ping();
    }

    void stop() {
        running = false;
        expiresAt = NEVER;
    }

    void ping() {
        if (running && periodNanos > 0) {
            expiresAt = ticker.nanoTime() + periodNanos;
        }
    }

    /** The server asks for another period; 0 switches it off. */
    void setPeriod(long nanos) {
        periodNanos = nanos;
        expiresAt = NEVER;
        ping();
    }

    /** Until when the server said that it needs, by the ticker. */
    void extendTo(long time) {
        if (expiresAt != NEVER) {
            expiresAt = Math.max(expiresAt, time);
        }
    }

    /** The server says itself that it is stuck. */
    void trigger() {
        if (running) {
            expiresAt = ticker.nanoTime();
        }
    }

    boolean hasExpired() {
        return ticker.nanoTime() >= expiresAt;
    }

    /** When it expires, by the ticker. */
    long deadline() {
        return expiresAt;
    }
}
