package dev.holdfast.guard;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import java.util.Optional;

/**
 * A server that closed the lock's descriptors and outlived its launcher: it lives, and nobody holds its lock. Only the
 * record in the file tells of it, so the file must stay as long as it lives. Never to be signalled: nothing but the
 * record connects it with the lock.
 */
final class UnlockedServer {
    /** On a busy machine, with much memory to give back. */
    private static final int DYING_MILLIS = 2000;

    private UnlockedServer() {}

    /**
     * Looks for it. Never blocks; it may be about to end.
     *
     * @param leftover what a file that nobody holds says
     * @return the living server that the record names, by pid, start and the kernel's number; empty when it is gone
     */
    static Optional<ProcessIdentity> find(Optional<LockRecord> leftover) {
        return find(leftover, 0);
    }

    /**
     * Looks for one that stays. A process that dies gives its descriptors up, and the locks with them, a moment before it
     * counts as dead: whoever waited for the lock may be here in between. So one that is exiting is given time to end.
     * Blocks for that, up to 2 s.
     *
     * @param leftover what a file that nobody holds says
     * @return as {@link #find(Optional)}
     */
    static Optional<ProcessIdentity> findUnlessDying(Optional<LockRecord> leftover) {
        return find(leftover, DYING_MILLIS);
    }

    private static Optional<ProcessIdentity> find(Optional<LockRecord> leftover, int dyingMillis) {
        if (leftover.isEmpty() || leftover.get().server().isEmpty() || !countsHere(leftover.get())) {
            return Optional.empty();
        }
        ProcessIdentity server = leftover.get().server().get();
        return isAlive(server, dyingMillis) ? Optional.of(server) : Optional.empty();
    }

    private static boolean countsHere(LockRecord record) {
        return record.bootId().equals(ProcFs.bootId())
                && record.pidNamespace() == ProcFs.pidNamespace(Self.pid()).orElse(0);
    }

    /** Or gone since it was pinned. */
    private static boolean isExiting(int pid) {
        Optional<ProcFs.Stat> stat = ProcFs.stat(pid);
        return stat.isEmpty() || stat.get().mayBeExiting();
    }

    private static boolean isAlive(ProcessIdentity recorded, int dyingMillis) {
        try (PinnedProcess now = PinnedProcess.pin(recorded.pid()).orElse(null)) {
            return now != null
                    && now.identity().isSameProcess(recorded)
                    && !now.awaitEnd(isExiting(recorded.pid()) ? dyingMillis : 0);
        }
    }
}
