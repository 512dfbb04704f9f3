package dev.holdfast.guard;

import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.registry.InstanceCounters;
import dev.holdfast.registry.Registration;
import dev.holdfast.settings.TrackingSettings;
import dev.holdfast.supervise.EventSource;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.supervise.PollSlots;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the instance's file in the registry while its server runs: from a moment after the start, whenever its state
 * changes, and at each heartbeat, so that a file that somebody has removed comes back. To be closed while the lock is still
 * held.
 */
final class InstanceRegistration implements EventSource, InstanceListener, AutoCloseable {
    private static final int MOST_REASONS = 20;
    /** A server may tell that it is ready as often as it likes: the file is written at most so often. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Reading the others' files goes on for so long in a turn of the loop. */
    private static final long PORTION_NANOS = 2_000_000;

    private final GuardSettings settings;
    private final TrackingSettings tracking;
    private final HomeWriter writer;
    private final RunningServer first;
    private final RecordKeeper keeper;
    private final Duration heartbeat;
    private final Ticker ticker;
    /** Made when there is time. Once it is made, it belongs to whoever writes. */
    private @Nullable FileWork file;
    /** What the file says; null when there is none. */
    private @Nullable LockRecord written;
    /** Null before the first write, and when it is over. */
    private @Nullable ConflictReport report;

    private long dueAt;
    private long mayWriteAt;
    private long restarts;
    private long reloads;
    private long kills;
    private long failures;
    private long lastStopMillis = -1;
    private final Map<String, Long> stops = new TreeMap<>();
    private boolean isStopping;
    private long stopSince;

    InstanceRegistration(
            GuardSettings settings, RunningServer first, RecordKeeper keeper, HomeWriter writer, Ticker ticker) {
        this.settings = settings;
        this.writer = writer;
        this.first = first;
        this.keeper = keeper;
        this.ticker = ticker;
        tracking = settings.instance().tracking().orElse(TrackingSettings.USUAL);
        heartbeat = tracking.heartbeat();
        mayWriteAt = ticker.nanoTime() + Guard.FIRST_LOOK.toNanos();
        dueAt = mayWriteAt;
    }

    @Override
    public int slots() {
        return 0;
    }

    @Override
    public void arm(PollSlots slots) {}

    @Override
    public void serve(PollSlots slots) {
        if (ticker.nanoTime() >= dueAt) {
            write();
            writer.tell();
            mayWriteAt = ticker.nanoTime() + PAUSE.toNanos();
            dueAt = ticker.nanoTime() + heartbeat.toNanos();
        } else {
            ConflictReport begun = report;
            report = begun == null || begun.isDoneAfter(PORTION_NANOS) ? null : begun;
        }
    }

    @Override
    public long deadline() {
        return report == null ? dueAt : Math.min(dueAt, mayWriteAt - PAUSE.toNanos());
    }

    /** Comes after the keeper. Nothing is written now: the server may be waiting for its signal. */
    @Override
    public void happened(InstanceEvent event) {
        event.tell(this);
        LockRecord before = written;
        if (before != null && isNews(before, keeper.record())) {
            dueAt = Math.min(dueAt, mayWriteAt);
        }
    }

    /** What a server says that it does may change many times a second, and waits for the next heartbeat. */
    private static boolean isNews(LockRecord before, LockRecord now) {
        return before.state() != now.state()
                || !before.server().equals(now.server())
                || before.besidePid() != now.besidePid()
                || !before.version().equals(now.version());
    }

    private void write() {
        FileWork own = file;
        boolean isFirst = own == null;
        if (own == null) {
            own = new FileWork();
            file = own;
        }
        written = keeper.record();
        own.next = new Contents(
                keeper.record(),
                keeper.parts(),
                new InstanceCounters(restarts, reloads, kills, failures, lastStopMillis, stops));
        writer.run(own);
        if (isFirst && !writer.isRemote()) {
            report = own.report();
        }
    }

    /**
     * What the file is to say next.
     *
     * @param parts what its configuration is made of; null for what the launcher was started with
     */
    private record Contents(LockRecord record, Deployment.@Nullable Parts parts, InstanceCounters counters) {}

    /** Writes the file: in the loop, or in the thread that writes to a network file system. */
    private final class FileWork implements Runnable {
        private final Registration registration =
                new Registration(tracking, settings.lockFile().path(), writer.journal());
        private volatile @Nullable Contents next;
        private boolean isBegun;
        private Deployment.@Nullable Parts described;

        @Override
        public void run() {
            Contents contents = next;
            if (contents == null) {
                registration.end();
                return;
            }
            Deployment.Parts parts = contents.parts();
            if (parts != null && !parts.equals(described)) {
                described = parts;
                describe(contents.record(), parts.command(), parts.environment().entries());
            } else if (parts == null && !isBegun) {
                describe(contents.record(), first.command(), first.environment().entries());
            }
            registration.count(contents.counters());
            registration.write(contents.record());
            if (!isBegun && writer.isRemote()) {
                var unused = report().isDoneAfter(Duration.ofMinutes(1).toNanos());
            }
            isBegun = true;
        }

        private void describe(LockRecord record, ResolvedCommand command, List<byte[]> environment) {
            registration.describe(command.program(), command.arguments(), record.version(), environment);
        }

        ConflictReport report() {
            return new ConflictReport(registration, tracking.level(), writer.journal(), ticker);
        }
    }

    @Override
    public void started(InstanceEvent.Started event) {
        restarts += event.again() ? 1 : 0;
        isStopping = false;
    }

    @Override
    public void changedPlaces(InstanceEvent.ChangedPlaces event) {
        restarts++;
    }

    @Override
    public void reloading(InstanceEvent.Reloading event) {
        reloads++;
    }

    @Override
    public void killing(InstanceEvent.Killing event) {
        kills++;
    }

    @Override
    public void stopping(InstanceEvent.Stopping event) {
        begins(event.reason().cause());
    }

    @Override
    public void draining(InstanceEvent.Draining event) {
        begins(event.reason().cause());
    }

    /** A stop may be told more than once, and is one. */
    private void begins(String reason) {
        if (!isStopping) {
            isStopping = true;
            stopSince = ticker.nanoTime();
            String known = stops.containsKey(reason) || stops.size() < MOST_REASONS ? reason : "other";
            stops.put(known, stops.getOrDefault(known, 0L) + 1);
        }
    }

    @Override
    public void ended(InstanceEvent.Ended event) {
        failures += !isStopping && event.status().shellCode() != 0 ? 1 : 0;
    }

    @Override
    public void gone(InstanceEvent.Gone event) {
        if (isStopping) {
            lastStopMillis = Duration.ofNanos(ticker.nanoTime() - stopSince).toMillis();
        }
    }

    @Override
    public void close() {
        FileWork own = file;
        if (own != null) {
            own.next = null;
            writer.run(own);
        }
    }
}
