package dev.holdfast.lock;

import dev.holdfast.posix.Self;
import dev.holdfast.process.ProcessIdentity;

/**
 * A process that was proved to hold an advisory lock: while it was pinned, one of its descriptors was the lock's file
 * with a lock on its open file description.
 *
 * @param process which one; this process, too
 * @param mode how it holds the lock
 */
public record LockOwner(ProcessIdentity process, LockMode mode) {
    /**
     * Whether it is this process, by any of its threads.
     *
     * @return true when it is
     */
    public boolean isThisProcess() {
        return process.pid() == Self.pid();
    }
}
