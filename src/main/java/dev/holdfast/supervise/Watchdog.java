package dev.holdfast.supervise;

import java.time.Duration;
import java.util.Optional;

/** Whether a server that promised to tell that it is alive has fallen silent. */
final class Watchdog {
    private static final long NEVER = Long.MAX_VALUE;

    private long periodNanos;
    private long expiresAt = NEVER;
    private boolean running;

    Watchdog(Optional<Duration> period) {
        periodNanos = period.isPresent() ? period.get().toNanos() : 0;
    }

    /** From now on silence counts. */
    void start(long now) {
        running = true;
        ping(now);
    }

    void stop() {
        running = false;
        expiresAt = NEVER;
    }

    void ping(long now) {
        if (running && periodNanos > 0) {
            expiresAt = now + periodNanos;
        }
    }

    /** The server asks for another period; 0 switches it off. */
    void setPeriod(long nanos, long now) {
        periodNanos = nanos;
        expiresAt = NEVER;
        ping(now);
    }

    void extendTo(long time) {
        if (expiresAt != NEVER) {
            expiresAt = Math.max(expiresAt, time);
        }
    }

    /** The server says itself that it is stuck. */
    void trigger(long now) {
        if (running) {
            expiresAt = now;
        }
    }

    boolean hasExpired(long now) {
        return now >= expiresAt;
    }

    long deadline() {
        return expiresAt;
    }
}
