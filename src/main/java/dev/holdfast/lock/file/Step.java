package dev.holdfast.lock.file;

/** A step on the way to the server and back, between one system call that matters and the next, in their order. */
public enum Step {
    /** The program has begun. */
    RUN_MAIN,
    /** The options are read. */
    RUN_PARSED,
    /** The lock file is open. */
    ACQUIRE_OPENED,
    /** Both locks on it are held. */
    ACQUIRE_LOCKED,
    /** It is still what its path names. */
    ACQUIRE_VERIFIED,
    /** The interlock is held, too. */
    ACQUIRE_INTERLOCKED,
    /** The record is written. */
    ACQUIRE_RECORDED,
    /** The server was started. */
    RUN_SPAWNED,
    /** The record names the server. */
    RUN_RECORDED,
    /** The loop is about to begin. */
    RUN_READY,
    /** The server was told to stop. */
    RELEASE_STOPPING,
    /** The server was reaped. */
    RELEASE_REAPED,
    /** Nothing of its tree is left. */
    RUN_GONE,
    /** The interlock is free. */
    RELEASE_INTERLOCK_FREED,
    /** The lock file is removed. */
    RELEASE_UNLINKED,
    /** The locks are free. */
    RELEASE_UNLOCKED,
    /** All is released. */
    RELEASE_DONE
}
