package dev.holdfast.lock.file;

import dev.holdfast.process.PinnedProcess;
import java.util.List;
import java.util.Optional;

/** Who holds a lock, as far as it could be proved. To be closed, since it pins processes. */
public sealed interface ProvedHolder extends AutoCloseable {
    /**
     * What the file says; a description only.
     *
     * @return the record; empty when it cannot be read
     */
    Optional<LockRecord> record();

    /**
     * The processes that were proved to hold the lock, the one to signal first.
     *
     * @return the processes, pinned; empty when nothing could be proved
     */
    List<PinnedProcess> proved();

    @Override
    default void close() {
        for (PinnedProcess process : proved()) {
            process.close();
        }
    }

    /**
     * A launcher, proved to hold the lock.
     *
     * @param launcher the process to signal for a graceful stop
     * @param record what the file says
     */
    record Launcher(PinnedProcess launcher, Optional<LockRecord> record) implements ProvedHolder {
        @Override
        public List<PinnedProcess> proved() {
            return List.of(launcher);
        }
    }

    /**
     * A server that outlived its launcher, or what is left of its tree: every process in the list is proved to hold the
     * lock.
     *
     * @param holders the server first when it is among them
     * @param record what the file says
     */
    record Orphan(List<PinnedProcess> holders, Optional<LockRecord> record) implements ProvedHolder {
        /** Copies the list. */
        public Orphan {
            holders = List.copyOf(holders);
        }

        @Override
        public List<PinnedProcess> proved() {
            return holders;
        }
    }

    /**
     * Somebody holds it, and it could not be proved who: never to be signalled.
     *
     * @param doubt why not
     * @param record what the file says
     * @param opaquePid the process that the record names, which lives, surely is that one, and cannot be looked into; 0
     *     when there is none
     */
    record Unverifiable(Doubt doubt, Optional<LockRecord> record, int opaquePid) implements ProvedHolder {
        /** Nobody of whom as much as the pid is known. */
        Unverifiable(Doubt doubt, Optional<LockRecord> record) {
            this(doubt, record, 0);
        }

        /** Whether it will have written in a moment who it is. */
        public boolean isStarting() {
            return doubt == Doubt.Plain.STARTING;
        }

        @Override
        public List<PinnedProcess> proved() {
            return List.of();
        }
    }
}
