package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.tenure.Tenure;
import java.time.Duration;

/**
 * Keeps the record in the lock file up to date while the server runs. A disk that is full by now must not end a running
 * server, so a failure is told and nothing more: the lock itself does not depend on the record.
 */
final class RecordKeeper {
    private final Tenure tenure;
    private final Journal journal;
    private final boolean expectsReady;
    private LockRecord record;

    /**
     * A keeper of the record that is in the file now.
     *
     * @param expectsReady whether a server that runs counts as starting until it is ready
     */
    RecordKeeper(Tenure tenure, LockRecord record, Journal journal, boolean expectsReady) {
        this.tenure = tenure;
        this.record = record;
        this.journal = journal;
        this.expectsReady = expectsReady;
    }

    LockRecord record() {
        return record;
    }

    void started(ProcessIdentity server) {
        write(record.withServer(server, expectsReady ? LockRecord.State.STARTING : LockRecord.State.RUNNING));
    }

    /** The server is another process of its tree from now on. */
    void isNow(ProcessIdentity server) {
        write(record.withServer(server, record.state()));
    }

    void is(LockRecord.State state) {
        if (record.state() != state) {
            write(record.withState(state));
        }
    }

    /** The server is about to end; a start that comes now may wait for it. */
    void stopping(Duration untilKilled) {
        write(record.stopping(Self.ticksSinceBoot() + untilKilled.toMillis() / Self.MILLIS_PER_TICK));
    }

    void says(String text) {
        LockRecord changed = record.withStatusText(text);
        if (!changed.statusText().equals(record.statusText())) {
            write(changed);
        }
    }

    void restarting() {
        write(record.restarting());
    }

    private void write(LockRecord changed) {
        record = changed;
        try {
            tenure.describe(changed);
        } catch (LockFileException e) {
            journal.warn(e.getMessage() + "; the lock is held all the same");
        }
    }
}
