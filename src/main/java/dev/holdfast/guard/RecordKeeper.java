package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.tenure.Tenure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the record in the lock file up to date while the server runs. A disk that is full by now must not end a running
 * server, so a failure is told and nothing more: the lock itself does not depend on the record.
 */
final class RecordKeeper implements InstanceListener {
    private final Tenure tenure;
    private final Journal journal;
    private boolean expectsReady;
    /** What the record says of the next start besides; null when that is what it says already. */
    private @Nullable LockRecord next;

    private LockRecord record;
    /** What runs, and what is started next or runs beside it; null for what the launcher was started with. */
    private Deployment.@Nullable Parts parts;

    private Deployment.@Nullable Parts nextParts;

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

    /** What runs; null when it is what the launcher was started with. */
    Deployment.@Nullable Parts parts() {
        return parts;
    }

    @Override
    public void started(InstanceEvent.Started event) {
        if (next != null) {
            record = record.ofVersion(next.version(), Duration.ofMillis(next.graceMillis()));
            parts = nextParts;
            next = null;
        }
        serverChanged(event.pid(), expectsReady ? LockRecord.State.STARTING : LockRecord.State.RUNNING);
    }

    /**
     * The next start is of another deployment.
     *
     * @param deployed what it is made of
     */
    void deploys(Deployment.Parts deployed) {
        next = record.ofVersion(deployed.version(), Guard.timeToStop(deployed.server()));
        nextParts = deployed;
        expectsReady = deployed.server().readiness().isExpected();
    }

    @Override
    public void mainChanged(InstanceEvent.MainChanged event) {
        serverChanged(event.pid(), record.state());
    }

    /** A server runs: nothing that only describes it may end the launcher. */
    private void serverChanged(int pid, LockRecord.State state) {
        Optional<ProcessIdentity> server = identity(pid);
        if (server.isPresent()) {
            write(record.withServer(server.get(), state));
        }
    }

    /** Empty when it has ended already, which the supervisor will see. */
    private Optional<ProcessIdentity> identity(int server) {
        try (PinnedProcess pinned = PinnedProcess.pin(server).orElse(null)) {
            return pinned == null ? Optional.empty() : Optional.of(pinned.identity());
        } catch (PosixException e) {
            journal.warn("cannot tell the server's identity, so its record lacks it: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A server that is started beside, or goes on as another process. */
    @Override
    public void beside(InstanceEvent.Beside event) {
        if (event.event() instanceof InstanceEvent.Started started) {
            write(record.withBeside(started.pid()));
        } else if (event.event() instanceof InstanceEvent.MainChanged changed) {
            write(record.withBeside(changed.pid()));
        }
    }

    /** Version and times are those of the server that is the instance's own now. */
    @Override
    public void changedPlaces(InstanceEvent.ChangedPlaces event) {
        LockRecord own = next == null ? record : next;
        Deployment.Parts ownParts = next == null ? parts : nextParts;
        next = record;
        nextParts = parts;
        parts = ownParts;
        record = record.ofVersion(own.version(), Duration.ofMillis(own.graceMillis()))
                .withBeside(event.beside());
        LockRecord.State state = event.isReadyExpected() ? LockRecord.State.STARTING : LockRecord.State.RUNNING;
        serverChanged(event.pid(), event.isReady() ? LockRecord.State.READY : state);
    }

    @Override
    public void alone(InstanceEvent.Alone event) {
        if (record.besidePid() != 0) {
            write(record.withBeside(0));
        }
    }

    @Override
    public void ready(InstanceEvent.Ready event) {
        state(LockRecord.State.READY);
    }

    @Override
    public void reloading(InstanceEvent.Reloading event) {
        state(LockRecord.State.RELOADING);
    }

    private void state(LockRecord.State state) {
        if (record.state() != state) {
            write(record.withState(state));
        }
    }

    @Override
    public void stopping(InstanceEvent.Stopping event) {
        endsWithin(event.grace());
    }

    @Override
    public void draining(InstanceEvent.Draining event) {
        endsWithin(event.untilKilled());
    }

    /** A start that comes now may wait for it. */
    private void endsWithin(Duration untilKilled) {
        write(record.stopping(Self.ticksSinceBoot() + untilKilled.toMillis() / Self.MILLIS_PER_TICK));
    }

    @Override
    public void statusText(InstanceEvent.StatusText event) {
        LockRecord changed = record.withStatusText(event.text());
        if (!changed.statusText().equals(record.statusText())) {
            write(changed);
        }
    }

    @Override
    public void backingOff(InstanceEvent.BackingOff event) {
        write(record.restarting());
    }

    private void write(LockRecord changed) {
        record = changed;
        LockRecord other = next;
        try {
            // A stop ends both at the same time, and runs what follows on the end of each one after the other.
            tenure.describe(
                    changed.besidePid() == 0 || other == null
                            ? changed
                            : changed.ofVersion(
                                    changed.version(), Duration.ofMillis(changed.graceMillis() + other.graceMillis())));
        } catch (LockFileException e) {
            journal.warn(e.getMessage() + "; the lock is held all the same");
        }
    }
}
