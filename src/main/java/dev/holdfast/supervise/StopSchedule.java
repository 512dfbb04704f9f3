package dev.holdfast.supervise;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;

/**
 * When which step of a server's end is due: the end of the grace, the next look at what is left, the next SIGKILL, and the
 * time at which it is given up. Knows no state: {@link ServerLife} says what begins, and asks what is due. All times are
 * the ticker's. Not safe for use by many threads.
 */
final class StopSchedule {
    private static final long NEVER = Ticker.NEVER;
    /** How often SIGKILL is repeated for what was forked meanwhile. */
    private static final long KILL_AGAIN = Duration.ofMillis(20).toNanos();
    /** How long something may take to die of SIGKILL before it is given up. */
    private static final long GIVE_UP = Duration.ofSeconds(5).toNanos();
    /** A server may ask for more time to stop, but a stop ends: after so many grace periods. */
    private static final int MOST_GRACES = 10;
    /** How soon what was forked or adopted during a sweep is looked for; longer each time that nobody is found. */
    private static final long SWEEP_AGAIN = Duration.ofMillis(5).toNanos();

    private static final long SWEEP_AGAIN_AT_MOST = Duration.ofMillis(200).toNanos();
    /** What an INT has to show an effect: clients that send one first give less than a second to all of a stop. */
    private static final long INTERRUPT = Duration.ofMillis(700).toNanos();

    /** When the state's time is over. */
    private long deadline = NEVER;
    /** When what was begun for a client that has gone is over, whatever is asked for meanwhile. */
    private long budgetEnd = NEVER;
    /** When an INT has proved to do nothing. */
    private long escalateAt = NEVER;
    /** When it is looked again for what is to end, and how long after that. */
    private long sweepAgainAt = NEVER;

    private long sweepAgainAfter;
    private long longestStop = NEVER;
    private long giveUpAt = NEVER;

    /** All that is done for a client that has gone takes one grace. */
    void limitTo(Duration grace, long now) {
        budgetEnd = Math.min(budgetEnd, now + grace.toNanos());
    }

    /** The end of that, or of a grace that begins now. */
    long graceEnd(Duration grace, long now) {
        return Math.min(now + grace.toNanos(), budgetEnd);
    }

    /** The server has some time to end by itself. */
    void drain(Duration patience, Duration grace, long now) {
        deadline = now + patience.toNanos();
        longestStop = longest(grace, now);
    }

    /** The server was told to stop. */
    void stop(Duration grace, boolean mayDoNothing, long now) {
        deadline = graceEnd(grace, now);
        longestStop = longest(grace, now);
        escalateAt = mayDoNothing ? Math.min(now + INTERRUPT, now + (deadline - now) / 2) : NEVER;
    }

    /** Not Duration.multipliedBy(), which wants BigDecimal: 20 ms on Java 25 between the signal and its forwarding. */
    private static long longest(Duration grace, long now) {
        return now + MOST_GRACES * grace.toNanos();
    }

    /** How much is left of it. */
    Duration left(long now) {
        return Duration.ofNanos(Math.max(0, deadline - now));
    }

    /** It may have less time than it was given, but not more. */
    void shortenTo(Duration grace, long now) {
        deadline = Math.min(deadline, now + grace.toNanos());
    }

    /** The server says until when it needs. */
    void extendTo(long until) {
        deadline = Math.max(deadline, Math.min(Math.min(until, longestStop), budgetEnd));
    }

    /** It cannot be stopped, and is watched until it ends by itself. */
    void watchOn() {
        deadline = NEVER;
        budgetEnd = NEVER;
    }

    /** The server has ended by itself, and what is left of its tree has a grace. */
    void sweep(Duration grace, long now) {
        deadline = graceEnd(grace, now);
    }

    /** It was looked for what is to end. */
    void swept(boolean isAnybodyFound, long now) {
        sweepAgainAfter = isAnybodyFound ? SWEEP_AGAIN : Math.min(2 * sweepAgainAfter, SWEEP_AGAIN_AT_MOST);
        sweepAgainAt = now + sweepAgainAfter;
    }

    boolean isToSweepAgain(long now) {
        return now >= sweepAgainAt;
    }

    /** The next signal that says more than INT is somebody else's, or was sent. */
    void escalated() {
        escalateAt = NEVER;
    }

    boolean isToEscalate(long now) {
        return now >= escalateAt;
    }

    /** It gets SIGKILL now. */
    void kill(long now) {
        giveUpAt = now + GIVE_UP;
    }

    /** It has got it. */
    void killed(long now) {
        deadline = now + KILL_AGAIN;
    }

    /** None of what is left may be signalled: nothing will come of waiting for its death. */
    void giveUp(long now) {
        deadline = NEVER;
        giveUpAt = now;
    }

    /** The server itself is out of reach: it is waited for as long as it takes. */
    void waitForEver() {
        giveUpAt = NEVER;
    }

    boolean isGivenUp(long now) {
        return now >= giveUpAt;
    }

    boolean isOver(long now) {
        return now >= deadline;
    }

    /** Nothing more is due for the state. */
    void done() {
        deadline = NEVER;
    }

    /** Whether the state has no end. */
    boolean isEndless() {
        return deadline == NEVER;
    }

    /**
     * When something is due.
     *
     * @param sweeps whether it is looked again for what is left
     */
    long next(boolean sweeps) {
        return Math.min(Math.min(Math.min(deadline, escalateAt), sweeps ? sweepAgainAt : NEVER), giveUpAt);
    }
}
