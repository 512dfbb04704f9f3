package dev.holdfast.guard;

import dev.holdfast.lock.HeldLock;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.LockRecord;
import dev.holdfast.process.ProcessIdentity;

/**
 * Keeps the record in the lock file up to date while the server runs. A disk that is full by now must not end a running
 * server, so a failure is told and nothing more: the lock itself does not depend on the record.
 */
final class RecordKeeper {
    private final HeldLock lock;
    private final Journal journal;
    private LockRecord record;

    RecordKeeper(HeldLock lock, LockRecord record, Journal journal) {
        this.lock = lock;
        this.record = record;
        this.journal = journal;
    }

    void running(ProcessIdentity server) {
        write(record.runningAs(server));
    }

    void stopping() {
        write(record.in(LockRecord.State.STOPPING));
    }

    private void write(LockRecord changed) {
        record = changed;
        try {
            lock.write(changed);
        } catch (LockFileException e) {
            journal.warn(e.getMessage() + "; the lock is held all the same");
        }
    }
}
