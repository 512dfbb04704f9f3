package dev.holdfast.lock;

import dev.holdfast.posix.processes.Self;

/**
 * A process that was proved to hold an advisory lock: while it was pinned, one of its descriptors was the lock's file
 * with a lock on its open file description.
 *
 * @param pid as seen here; this process, too
 * @param startTicks when it started, in clock ticks since boot: a pid may be given to another process afterwards
 * @param uniqueId the number that the kernel gave to this process alone (6.9 and newer), 0 where it is not known
 * @param mode how it holds the lock
 */
public record AdvisoryHolder(long pid, long startTicks, long uniqueId, LockMode mode) {
    /**
     * Whether it is this process, by any of its threads.
     *
     * @return true when it is
     */
    public boolean isThisProcess() {
        return pid == Self.pid();
    }
}
