package dev.holdfast.guard;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.RecordedTree;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.process.PinnedProcess;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Lock files that killed instances may have left. Nothing that is held, or cannot be trusted, is touched. */
final class StaleFiles {
    /** One turn of the loop: the server's signals wait meanwhile. */
    private static final long TURN_NANOS = 50_000_000;
    /** Where no other turn comes: before an exec, and after the server's end. */
    private static final long LAST_TURN_NANOS = 500_000_000;

    private final Iterator<LockFile> files;

    StaleFiles(List<LockFile> files) {
        this.files = List.copyOf(files).iterator();
    }

    /** Looks at some of them, at one at the least; bounded in time. Returns whether there are more. */
    boolean removeSome() {
        return removeFor(TURN_NANOS);
    }

    /** As many as there is time for where no other turn comes. What is left then is the next start's. */
    void removeMost() {
        var unused = removeFor(LAST_TURN_NANOS);
    }

    private boolean removeFor(long nanos) {
        long end = System.nanoTime() + nanos;
        while (files.hasNext()) {
            try {
                removeIfStale(files.next());
            } catch (UnsafeLockPathException | LockFileException e) {
                // Another user's, or no lock file at all.
            }
            if (System.nanoTime() > end) {
                return files.hasNext();
            }
        }
        return false;
    }

    private static void removeIfStale(LockFile file) {
        // An empty one belongs to a start that is about to lock it.
        if (!hasRecord(file) || !(file.tryAcquire() instanceof LockAttempt.Acquired acquired)) {
            return;
        }
        HeldLock lock = acquired.lock();
        Optional<LockRecord> record = lock.previous().record().filter(RecordedTree::countsHere);
        List<PinnedProcess> living = record.isPresent() ? new RecordedTree(record.get()).living() : List.of();
        if (!living.isEmpty()) {
            living.forEach(PinnedProcess::close);
            lock.abandon(); // only the record names them
        } else {
            var unused = SocketFile.beside(file).clear();
            lock.release(Steps.NONE);
        }
    }

    private static boolean hasRecord(LockFile file) {
        try (OpenLockFile look = file.look().orElse(null)) {
            return look != null && look.record().isPresent();
        }
    }
}
