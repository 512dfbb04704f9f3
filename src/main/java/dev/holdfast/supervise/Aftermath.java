package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Children;

/**
 * What is done after a server's end, while the loop goes on: signals, status and the control socket are served meanwhile.
 * Asked in the supervisor's thread.
 */
public interface Aftermath {
    /**
     * What to poll.
     *
     * @return a descriptor that becomes readable when there may be something to do; -1 for none
     */
    int descriptor();

    /**
     * When it is over at the latest.
     *
     * @return by {@link System#nanoTime}
     */
    long deadline();

    /**
     * A child has changed, and may have been this one's.
     *
     * @param news of whom
     */
    void heard(Children.News news);

    /**
     * Whether there is nothing more to wait for.
     *
     * @param now by {@link System#nanoTime}
     * @return true when {@link #finish} is to be called
     */
    boolean isOver(long now);

    /** Ends what is left of it. Blocks only until what gets SIGKILL is gone. */
    void finish();
}
