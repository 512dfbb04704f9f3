package dev.holdfast.hook;

import dev.holdfast.posix.processes.Children;

/**
 * A command around the server that runs while a loop goes on: signals, status and the control socket are served
 * meanwhile. Called in the loop's thread; nothing of it blocks.
 */
public interface HookRun {
    /** A descriptor that becomes readable when it ends; -1 when that is known. */
    int descriptor();

    /** When {@link #isOver} is to be asked at the latest, by the loop's ticker. */
    long deadline();

    /**
     * A child has changed, and may have been this one's.
     *
     * @param news of whom
     */
    void childChanged(Children.News news);

    /** Somebody wants the launcher to stop: ends it soon, unless it is part of a stop itself. */
    void requestStop();

    /**
     * Does what is due: when it has ended, or its time is over, what is left of it is killed.
     *
     * @param now by the loop's ticker
     * @return whether there is nothing more to wait for
     */
    boolean isOver(long now);

    /** Why the server must not be started after it, on one line; empty when it may be. To be asked once, when it is over. */
    String obstacle();
}
