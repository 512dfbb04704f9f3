package dev.holdfast;

/** What to do when another instance holds the lock. */
public enum OnConflict {
    /** Throw {@link AlreadyRunningException}. */
    FAIL,
    /** Wait until it ends, by events and not by polling; see {@link HoldfastBuilder#waitTimeout}. */
    WAIT,
    /**
     * End it, when it can be proved to hold this lock and took it before this start began: TERM, its own grace, SIGKILL,
     * through a handle that cannot hit another process. A holder that cannot be proved, or that this process descends
     * from, is never signalled; then {@link AlreadyRunningException} is thrown.
     */
    TAKEOVER,
    /**
     * Hand the arguments to it, see {@link HoldfastBuilder#arguments}, and throw {@link ActivatedException} with its answer:
     * for a program on a desktop, whose second launch brings the first to the front. The instance that is started so is
     * one that others can activate: see {@link Holdfast#onActivate}. One that cannot be told, does not react in time, or
     * belongs to another user or graphical session is left alone; then {@link AlreadyRunningException} is thrown.
     */
    ACTIVATE
}
