package dev.holdfast.instance;

import dev.holdfast.lock.file.Doubt;
import dev.holdfast.lock.file.HiddenServer;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.process.PinnedProcess;
import java.util.List;
import java.util.Optional;

/**
 * Who is in the way of a start or a command, as far as it is known. Facts only: no process is pinned and no file open for
 * it, so a pid in it is good for a text, never for a signal.
 */
public sealed interface Incumbent {
    /** What the lock file says; empty when it cannot be read. */
    Optional<LockRecord> record();

    /** The process to name first; 0 when none was proved. */
    int pid();

    /** A launcher that was proved to hold the lock. */
    record Running(int pid, Optional<LockRecord> record) implements Incumbent {}

    /** A server, or what is left of it, that was proved to hold the lock, and whose launcher is dead. */
    record Orphaned(List<Integer> pids, Optional<LockRecord> record) implements Incumbent {
        /** Copies the list. */
        public Orphaned {
            pids = List.copyOf(pids);
        }

        @Override
        public int pid() {
            return pids.get(0);
        }
    }

    /**
     * Somebody holds the lock, and it could not be proved who.
     *
     * @param doubt why not
     * @param isElsewhere whether it lives in another pid namespace of this boot
     * @param opaquePid who it is, surely, but cannot be looked into; 0 when that is not known
     */
    record Unverified(Doubt doubt, Optional<LockRecord> record, boolean isElsewhere, int opaquePid)
            implements Incumbent {
        /** Whether it will have written in a moment who it is. */
        public boolean isStarting() {
            return doubt == Doubt.Plain.STARTING;
        }

        @Override
        public int pid() {
            return 0;
        }
    }

    /**
     * Nobody holds the lock, and something that the last holder's server started lives on.
     *
     * @param isServer whether the first one is the server itself
     */
    record Detached(List<Integer> pids, boolean isServer, LockRecord left) implements Incumbent {
        /** Copies the list. */
        public Detached {
            pids = List.copyOf(pids);
        }

        @Override
        public int pid() {
            return pids.get(0);
        }

        @Override
        public Optional<LockRecord> record() {
            return Optional.of(left);
        }
    }

    /**
     * Nobody holds the lock, and it cannot be told whether the last holder's server lives.
     *
     * @param server the process that may be it
     */
    record Unseen(LockRecord left, HiddenServer server) implements Incumbent {
        @Override
        public int pid() {
            return 0;
        }

        @Override
        public Optional<LockRecord> record() {
            return Optional.of(left);
        }
    }

    /** The instance that the start itself is part of. */
    record Around(int pid, Optional<LockRecord> record) implements Incumbent {}

    /**
     * A holder whose lock file was removed or replaced, known by its interlock only.
     *
     * @param pids who has the interlock, separated by blanks; empty when that cannot be seen
     */
    record Fileless(String pids) implements Incumbent {
        @Override
        public int pid() {
            return 0;
        }

        @Override
        public Optional<LockRecord> record() {
            return Optional.empty();
        }
    }

    /** Who holds a lock now; empty when nobody does, as far as can be seen. */
    static Optional<Incumbent> holding(LockFile lockFile) {
        try (OpenLockFile file = lockFile.look().orElse(null);
                ProvedHolder holder = file == null ? null : HolderLookup.find(file, new HolderSearch(file))) {
            return holder == null ? Optional.empty() : Optional.of(of(holder));
        }
    }

    /** Whoever was found to hold a lock. */
    static Incumbent of(ProvedHolder holder) {
        if (holder instanceof ProvedHolder.Unverifiable unverifiable) {
            return new Unverified(
                    unverifiable.doubt(),
                    unverifiable.record(),
                    HolderContact.isElsewhere(holder),
                    unverifiable.opaquePid());
        }
        return holder instanceof ProvedHolder.Orphan
                ? new Orphaned(PinnedProcess.pids(holder.proved()), holder.record())
                : new Running(holder.proved().get(0).pid(), holder.record());
    }

    /** What a killed launcher's server left, at least one process. */
    static Incumbent ofRemains(List<PinnedProcess> living, LockRecord record) {
        boolean isServer = record.server().isPresent()
                && living.get(0).identity().isSameProcess(record.server().get());
        return new Detached(PinnedProcess.pids(living), isServer, record);
    }
}
