package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.lock.file.HiddenServer;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.RecordedTree;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A look at a lock from outside. Changes nothing: no lock is taken, nothing is written, nobody is signalled; a holder in
 * another pid namespace is asked.
 *
 * @param verdict what was found
 * @param lockFile where
 * @param record what the file says; a description, proved only when the verdict is running or orphaned
 * @param pids the processes that were proved to hold the lock or to belong to who did, the one to signal first
 * @param reason why nothing could be proved; empty otherwise
 */
public record Inspection(
        Verdict verdict, LockFile lockFile, Optional<LockRecord> record, List<Integer> pids, String reason) {
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** Copies the list. */
    public Inspection {
        pids = List.copyOf(pids);
    }

    /** What a look can find. */
    public enum Verdict {
        /** A launcher holds the lock. */
        RUNNING,
        /** A launcher in another pid namespace holds it, and answers by its control socket. */
        ANSWERING,
        /** A server holds it, whose launcher is dead. */
        ORPHANED,
        /** Nobody holds it, and something that its server has started lives on; the launcher is dead. */
        DETACHED,
        /** Nobody holds it, and a file is left. */
        STALE,
        /** Somebody holds it, and it cannot be proved who. */
        UNVERIFIABLE,
        /** There is no file. */
        NOT_RUNNING;

        /**
         * How it is told to programs. Where a running launcher lives, and whether an orphan has kept the lock, makes no
         * other verdict.
         */
        public String word() {
            return (this == ANSWERING ? RUNNING : this == DETACHED ? ORPHANED : this)
                    .name()
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
        }
    }

    /**
     * Looks. Blocks only for a holder in another pid namespace, which is asked and has a second to answer.
     *
     * @param lockFile where
     * @return what was found
     * @throws dev.holdfast.lock.UnsafeLockPathException if what stands there is no regular file
     * @throws dev.holdfast.lock.LockFileException if it may not be read
     * @throws dev.holdfast.posix.UnsupportedSystemException if it is held and {@code /proc} cannot tell by whom
     */
    public static Inspection of(LockFile lockFile) {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null) {
                return ofNoFile(lockFile);
            }
            if (!file.isHeld()) {
                // Emptied by a holder that could not remove it.
                if (file.isEmpty()) {
                    return new Inspection(Verdict.NOT_RUNNING, lockFile, Optional.empty(), List.of(), "");
                }
                return ofUnheld(lockFile, file.record());
            }
            ProcFs.require();
            HolderSearch search = new HolderSearch(file);
            Optional<ProvedHolder> byRecord = search.findByRecord();
            try (ProvedHolder holder = byRecord.isPresent() ? byRecord.get() : search.findByScan()) {
                Optional<HolderContact> contact = HolderContact.with(holder, file, new EventWait(null, false));
                return contact.isPresent() ? ofElsewhere(lockFile, holder, contact.get()) : of(lockFile, holder);
            }
        }
    }

    private static Inspection ofNoFile(LockFile lockFile) {
        boolean isHeld = lockFile.isHeldUnseen();
        return new Inspection(
                isHeld ? Verdict.UNVERIFIABLE : Verdict.NOT_RUNNING,
                lockFile,
                Optional.empty(),
                List.of(),
                isHeld ? ObstacleText.LOST : "");
    }

    /**
     * Whether somebody who could not be proved holds the file in both ways in which a launcher does. Programs that keep
     * lock files of their own hold theirs in one way.
     *
     * @return false when the file is not held, has been released since, or may not be looked at
     */
    public boolean isHeldAsByLauncher() {
        if (verdict != Verdict.UNVERIFIABLE) {
            return false;
        }
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            return file != null && file.isHeldInBothWays();
        }
    }

    private static Inspection ofUnheld(LockFile lockFile, Optional<LockRecord> record) {
        if (record.isEmpty() || !RecordedTree.countsHere(record.get())) {
            return new Inspection(Verdict.STALE, lockFile, record, List.of(), "");
        }
        RecordedTree tree = new RecordedTree(record.get());
        List<PinnedProcess> living = tree.living();
        try {
            Optional<HiddenServer> hidden = living.isEmpty() ? tree.hiddenServer() : Optional.empty();
            if (hidden.isPresent()) {
                String why = ObstacleText.of(hidden.get());
                return new Inspection(Verdict.UNVERIFIABLE, lockFile, record, List.of(), why);
            }
            List<Integer> pids = PinnedProcess.pids(living);
            boolean isProved = tree.proved(living).size() == living.size();
            if (pids.isEmpty() || isProved) {
                return new Inspection(pids.isEmpty() ? Verdict.STALE : Verdict.DETACHED, lockFile, record, pids, "");
            }
            String reason = "nobody holds the lock, but the server that its record names still lives, or its process"
                    + " group: pid " + pids.get(0);
            return new Inspection(Verdict.UNVERIFIABLE, lockFile, record, List.of(), reason);
        } finally {
            for (PinnedProcess process : living) {
                process.close();
            }
        }
    }

    private static Inspection ofElsewhere(LockFile lockFile, ProvedHolder holder, HolderContact contact) {
        Optional<ControlAnswer> answer =
                contact.ask(contact.call(Request.STATUS, Optional.empty()), System.nanoTime() + ANSWER.toNanos());
        boolean isWell = answer.isPresent() && answer.get().error().isEmpty();
        return isWell
                ? new Inspection(Verdict.ANSWERING, lockFile, holder.record(), List.of(), "")
                : of(lockFile, holder);
    }

    private static Inspection of(LockFile lockFile, ProvedHolder holder) {
        if (holder instanceof ProvedHolder.Unverifiable unverifiable) {
            return new Inspection(
                    Verdict.UNVERIFIABLE,
                    lockFile,
                    unverifiable.record(),
                    List.of(),
                    ObstacleText.of(unverifiable.doubt()));
        }
        Verdict verdict = holder instanceof ProvedHolder.Orphan ? Verdict.ORPHANED : Verdict.RUNNING;
        return new Inspection(verdict, lockFile, holder.record(), PinnedProcess.pids(holder.proved()), "");
    }
}
