package dev.holdfast.stdio;

import dev.holdfast.waiting.Ticker;

/**
 * How long a refused start stays for its client: five seconds for one that says nothing, and from the first answer on one
 * second, for what it has sent together with that request. Not safe for use by many threads.
 */
final class AnswerTime {
    private static final long LONGEST_NANOS = 5_000_000_000L;
    private static final long NANOS_AFTER_AN_ANSWER = 1_000_000_000L;

    private final Ticker ticker;
    private long deadline;

    /** Begins now. */
    AnswerTime(Ticker ticker) {
        this.ticker = ticker;
        deadline = ticker.nanoTime() + LONGEST_NANOS;
    }

    /** A request has its answer. */
    void answered() {
        deadline = Math.min(deadline, ticker.nanoTime() + NANOS_AFTER_AN_ANSWER); // of the first one: time goes forward
    }

    boolean isOver() {
        return ticker.nanoTime() - deadline >= 0;
    }

    /** When it is over, by the ticker. */
    long deadline() {
        return deadline;
    }
}
