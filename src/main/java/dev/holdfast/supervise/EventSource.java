package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.waiting.Ticker;

/**
 * Something that the launcher's loop waits for and serves: descriptors, a deadline, or both. The loop knows no more of it
 * than this.
 *
 * <p>All methods are called in the loop's thread. None may block, and what one call of {@link #serve} does is bounded,
 * however much there is to do: signals and deadlines have their turn, too. What is left stays readable, and is served in
 * the next turn.
 */
public interface EventSource {
    /** How many descriptors it waits for at the most. Does not change. */
    default int slots() {
        return 1;
    }

    /**
     * Says what to wait for in this turn. Called before each wait; a slot that is not set waits for nothing.
     *
     * @param slots its own places in the poll set
     */
    void arm(PollSlots slots);

    /**
     * Does what has come up. Called once in each turn, also when nothing of its own has, and once before the first wait.
     *
     * @param slots what the wait found
     */
    void serve(PollSlots slots);

    /** When it is to be served whatever happens, by the loop's ticker; {@link Ticker#NEVER} for no such time. */
    default long deadline() {
        return Ticker.NEVER;
    }

    /** Whether it is served before the ended children are reaped: what a server says last may come together with its end. */
    default boolean isBeforeReaping() {
        return false;
    }

    /**
     * A child of this process was stopped, or has ended and was reaped: perhaps one of this source's.
     *
     * @param news of whom
     */
    default void childChanged(Children.News news) {}

    /** Whether nothing that an ended server has written is still to be passed on. The end of its run waits for it, within bounds. */
    default boolean isDrained() {
        return true;
    }
}
