package dev.holdfast.guard;

import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.journal.Journal;
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

    private final GuardSettings settings;
    private final Journal journal;
    private final RunningServer first;
    private final RecordKeeper keeper;
    private final Duration heartbeat;
    private final Ticker ticker;
    /** Made when there is time. */
    private @Nullable Registration registration;
    /** What the file says; null when there is none. */
    private @Nullable LockRecord written;

    private long dueAt;
    private long mayWriteAt;
    /** What its configuration was made of; null for what the launcher was started with. */
    private Deployment.@Nullable Parts described;

    private long restarts;
    private long reloads;
    private long kills;
    private long failures;
    private long lastStopMillis = -1;
    private final Map<String, Long> stops = new TreeMap<>();
    private boolean isStopping;
    private long stopSince;

    InstanceRegistration(
            GuardSettings settings, RunningServer first, RecordKeeper keeper, Journal journal, Ticker ticker) {
        this.settings = settings;
        this.journal = journal;
        this.first = first;
        this.keeper = keeper;
        this.ticker = ticker;
        heartbeat = settings.instance().tracking().isPresent()
                ? settings.instance().tracking().get().heartbeat()
                : TrackingSettings.USUAL.heartbeat();
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
            mayWriteAt = ticker.nanoTime() + PAUSE.toNanos();
            dueAt = ticker.nanoTime() + heartbeat.toNanos();
        }
    }

    @Override
    public long deadline() {
        return dueAt;
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
        Registration own = registration;
        Deployment.Parts parts = keeper.parts();
        if (own == null) {
            own = new Registration(
                    settings.instance().tracking().orElse(TrackingSettings.USUAL),
                    settings.lockFile().path(),
                    journal);
            registration = own;
            describe(own, first.command(), first.environment().entries());
        }
        if (parts != null && !parts.equals(described)) {
            described = parts;
            describe(own, parts.command(), parts.environment().entries());
        }
        written = keeper.record();
        own.count(new InstanceCounters(restarts, reloads, kills, failures, lastStopMillis, stops));
        own.write(keeper.record());
    }

    private void describe(Registration own, ResolvedCommand command, List<byte[]> environment) {
        own.describe(command.program(), command.arguments(), keeper.record().version(), environment);
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
        begins(event.cause());
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
        if (registration != null) {
            registration.end();
        }
    }
}
