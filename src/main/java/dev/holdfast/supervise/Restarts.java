package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Counts restarts and says how long to back off. No clock that is set matters. */
final class Restarts {
    /** Doubling more often than this has reached any ceiling. */
    private static final int MOST_DOUBLINGS = 40;
    /** What chance takes off a back-off at the most: many servers that died at once do not come back at once. */
    private static final int JITTER_PERCENT = 25;

    private final RestartPolicy policy;
    private final Ticker ticker;
    private final @Nullable IntSupplier random;
    private final Deque<Long> times = new ArrayDeque<>();
    private int failures;

    Restarts(RestartPolicy policy, Ticker ticker) {
        this(policy, ticker, null);
    }

    /**
     * Nothing counted yet.
     *
     * @param random random bits; null for the kernel's
     */
    Restarts(RestartPolicy policy, Ticker ticker, @Nullable IntSupplier random) {
        this.policy = policy;
        this.ticker = ticker;
        this.random = random;
    }

    /** What is to be done. */
    enum Verdict {
        /** It stays down: the policy does not want it. */
        STAY_DOWN,
        /** It stays down: there were too many. */
        GIVE_UP,
        /** Once more. */
        AGAIN
    }

    /**
     * What to do, and after how long.
     *
     * @param backOff zero unless it is {@link Verdict#AGAIN}
     */
    record Decision(Verdict verdict, Duration backOff) {}

    /**
     * Decides after an end that nobody asked for.
     *
     * @param failed whether it counts as a failure whatever the status is
     * @param ran how long it ran, in nanoseconds
     */
    Decision decide(ExitStatus status, boolean failed, long ran) {
        if (!wants(status, failed)) {
            return new Decision(Verdict.STAY_DOWN, Duration.ZERO);
        }
        if (ran >= policy.resetAfter().toNanos()) {
            failures = 0;
            times.clear();
        }
        long now = ticker.nanoTime();
        while (!times.isEmpty() && now - times.peekFirst() > policy.window().toNanos()) {
            times.removeFirst();
        }
        if (policy.limit() > 0 && times.size() >= policy.limit()) {
            return new Decision(Verdict.GIVE_UP, Duration.ZERO);
        }
        times.addLast(now);
        return new Decision(Verdict.AGAIN, nextBackOff());
    }

    /** Once more, whatever the policy: the instance is there to serve, and nobody does. */
    Decision decideAnyway() {
        return new Decision(Verdict.AGAIN, nextBackOff());
    }

    private boolean wants(ExitStatus status, boolean failed) {
        return switch (policy.mode()) {
            case NO -> false;
            case ALWAYS -> true;
            case ON_FAILURE -> failed || !isSuccess(status);
        };
    }

    /**
     * Whether an end was no failure: code 0, or a death by a signal that asks programs to end, as systemd.service(5) has
     * it for {@code Restart=on-failure}.
     */
    private boolean isSuccess(ExitStatus status) {
        return switch (status.signal()) {
            case 0 -> status.code() == 0 || policy.successCodes().contains(status.code());
            case Signals.HUP, Signals.INT, Signals.TERM, Signals.PIPE -> true;
            default -> policy.successCodes().contains(status.shellCode());
        };
    }

    /** How many restarts are counted in the window. */
    int count() {
        return times.size();
    }

    private Duration nextBackOff() {
        long longest = policy.maxDelay().toMillis();
        long millis = Math.min(policy.delay().toMillis(), longest);
        for (int i = 0; i < failures && millis < longest; i++) {
            millis = Math.min(2 * millis, longest);
        }
        failures = Math.min(failures + 1, MOST_DOUBLINGS);
        int bits = random == null ? Self.randomBits() : random.getAsInt();
        int chance = (bits & Integer.MAX_VALUE) % (JITTER_PERCENT + 1);
        return Duration.ofMillis(millis - millis * chance / 100);
    }
}
