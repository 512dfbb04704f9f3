package dev.holdfast.share;

import dev.holdfast.settings.ShareRate;
import dev.holdfast.waiting.Ticker;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How often each client may call tools: so many at once, and as many again as time passes. Not safe for use by several threads.
 */
final class RateLimit {
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** 0 for no limit. */
    private final long betweenNanos;

    private final long burst;
    private final Ticker ticker;
    /** When each client will have all of its calls at once again. */
    private final Map<Integer, Long> fullAgain = new HashMap<>();

    RateLimit(Optional<ShareRate> rate, Ticker ticker) {
        betweenNanos = rate.map(RateLimit::betweenNanos).orElse(0L);
        burst = rate.map(ShareRate::burst).orElse(1);
        this.ticker = ticker;
    }

    /**
     * When a call may go.
     *
     * @param at by the ticker, not before now; one that is not refused takes its turn
     * @param retryAfterMillis for a call that is refused, since it would have to wait too long; 0 for one that is not
     */
    record Turn(long at, long retryAfterMillis) {
        boolean isRefused() {
            return retryAfterMillis > 0;
        }
    }

    private static long betweenNanos(ShareRate rate) {
        return Math.max(1, rate.per().toNanos() / Math.max(1, rate.count()));
    }

    /** A client asks for something: only calls of tools are counted. */
    Turn turn(int client, String method) {
        long now = ticker.nanoTime();
        if (betweenNanos == 0 || !method.equals(Callers.CALL)) {
            return new Turn(now, 0);
        }
        long full = fullAgain.getOrDefault(client, now);
        long owed = Math.max(0, full - now) + betweenNanos;
        long wait = Math.max(0, owed - burst * betweenNanos);
        if (wait > LONGEST_WAIT_NANOS) {
            return new Turn(now, (wait - LONGEST_WAIT_NANOS + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        }
        fullAgain.put(client, now + owed);
        return new Turn(now + wait, 0);
    }

    /** A client is gone. */
    void forget(int client) {
        fullAgain.remove(client);
    }
}
