package dev.holdfast.lock.file;

/** What came of one try for a lock. */
public sealed interface LockAttempt {
    /**
     * It is held now.
     *
     * @param lock the lock
     */
    record Acquired(HeldLock lock) implements LockAttempt {}

    /**
     * Somebody else holds it.
     *
     * @param file the file, open for looking and waiting; the caller closes it
     */
    record Held(OpenLockFile file) implements LockAttempt {}

    /**
     * The file was free, yet a process holds the interlock, or the file behind the second name: it took the lock on a
     * file that somebody removed, moved or replaced since.
     */
    record Interlocked() implements LockAttempt {}

    /** The file was replaced under the attempt; try again with the new one. */
    record Replaced() implements LockAttempt {}
}
