package dev.holdfast;

import dev.holdfast.embed.LaunchReceiver;
import dev.holdfast.lock.file.LockCheck;
import java.util.OptionalLong;

/** How this process has the lock. Safe for use by many threads. */
interface Ownership {
    /** The instance's id in the record. */
    String instanceId();

    /** The launcher whose the lock is; empty when it is our own. */
    OptionalLong launcher();

    /** Whether the path leads to a file that is locked for this instance. Changes nothing. */
    boolean isHeld();

    /** Looks at the path, and mends what can be mended. */
    LockCheck check();

    /** When that alone is a reason to stop, by {@link System#nanoTime}; {@link Long#MAX_VALUE} for never. */
    long fenceAt();

    /**
     * Has second launches be told to this process from now on.
     *
     * @return why that cannot be, in half a sentence; empty when it is so
     */
    String activateBy(LaunchReceiver receiver);

    /** Is called each time the lock was looked at, and once before: to be seen in the registry. */
    default void beat() {}

    /** The server is about to stop: to be written down. */
    void stopping();

    /** Gives the lock back, now. */
    void release();

    /** Lets the lock go with the JVM, which is shutting down: as the last thing that it does. */
    void releaseAtExit();
}
