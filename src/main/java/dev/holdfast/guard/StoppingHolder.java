package dev.holdfast.guard;

import dev.holdfast.instance.Incumbent;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a start that would be refused waits for a holder that is about to end anyway: what is left of its grace and a
 * second, and never more than ten. Clients start a server again some milliseconds after they have ended it.
 */
final class StoppingHolder {
    private static final long MOST_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final long SLICE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

    /** By {@link System#nanoTime}; 0 while none has been met. */
    private long since;

    private long until;
    private boolean told;
    private final Ticker ticker;

    StoppingHolder(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Whether the holder is stopping, and the time that it may take is not over. */
    boolean isWorthWaiting(Incumbent holder) {
        Optional<LockRecord> record = holder.record();
        boolean isKnown = !(holder instanceof Incumbent.Unverified unverified) || unverified.isElsewhere();
        if (!isKnown || record.isEmpty() || record.get().state() != LockRecord.State.STOPPING) {
            return false;
        }
        long now = ticker.nanoTime();
        if (since == 0) {
            since = now;
            until = now
                    + Math.min(MOST_NANOS, timeLeft(record.get()).plus(MARGIN).toNanos());
        }
        return now < until;
    }

    /** By its own word, and by its grace where it says nothing: an older version, or another time namespace's clock. */
    private static Duration timeLeft(LockRecord record) {
        Duration grace = Duration.ofMillis(record.graceMillis());
        long ticks = record.stopByTicks() - Self.ticksSinceBoot();
        Duration left = Duration.ofMillis(Math.max(0, ticks) * Self.MILLIS_PER_TICK);
        boolean isTold = record.stopByTicks() >= 0 && left.compareTo(grace.multipliedBy(2)) <= 0;
        return isTold ? left : grace;
    }

    /** Whether it has taken so long that the user should know why nothing happens. Once. */
    boolean isTimeToTell() {
        boolean isTime = !told && ticker.nanoTime() - since > QUIET_NANOS;
        told |= isTime;
        return isTime;
    }

    /** When to look again, by {@link System#nanoTime}. */
    long nextLook() {
        return Math.min(until, ticker.nanoTime() + SLICE_NANOS);
    }
}
