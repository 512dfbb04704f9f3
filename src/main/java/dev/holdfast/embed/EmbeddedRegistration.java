package dev.holdfast.embed;

import dev.holdfast.config.HistoryPlace;
import dev.holdfast.config.TrackingPlace;
import dev.holdfast.guard.ConflictReport;
import dev.holdfast.history.HistoryFile;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.history.HistoryLine;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.Registration;
import dev.holdfast.settings.InstanceProfile;
import dev.holdfast.settings.TrackingSettings;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The file in the registry of a server that guards itself, and its lines in the history. Written by the thread that looks
 * at the lock anyway, each time it does, so nothing wakes up for it. After the first time that thread looks, too, with whom the
 * instance is in conflict, and logs that as a warning. Nothing is written to a network file system, for which
 * a stop would have to wait. None of its methods throws. Safe for use by many threads.
 */
public final class EmbeddedRegistration {
    /** Reading the others' files holds up a stop for so long, and for one file more. */
    private static final long PORTION_NANOS = 20_000_000;

    private final String lockFile;
    private final Duration interval;
    private final InstanceProfile profile;
    private final UnaryOperator<String> environment;
    private final Journal journal;
    private @Nullable Registration registration;
    private @Nullable LockRecord told;
    /** Null before the first write, and when it is over. */
    private @Nullable ConflictReport report;

    private String history = "";
    private volatile boolean isEnding;
    private boolean isOver;

    /**
     * Nothing is written yet.
     *
     * @param lockFile the path of the instance's lock file
     * @param interval how often {@link #beat} is called
     * @param profile what the program has said of itself
     * @param environment gives a variable's value, empty when it is not set
     * @param journal is told what cannot be done
     */
    public EmbeddedRegistration(
            String lockFile,
            Duration interval,
            InstanceProfile profile,
            UnaryOperator<String> environment,
            Journal journal) {
        this.lockFile = lockFile;
        this.interval = interval;
        this.profile = profile;
        this.environment = environment;
        this.journal = journal;
    }

    /** Writes the file, as long as the instance has not ended. May wait as a disk does. */
    public void beat(LockRecord record) {
        write(record);
        boolean isComparing = true;
        while (isComparing && !isEnding) { // a stop goes first
            isComparing = isStillComparing();
        }
    }

    private synchronized void write(LockRecord record) {
        if (isOver) {
            return;
        }
        if (told == null) {
            begin(record);
        }
        if (registration != null) {
            registration.write(record);
        }
    }

    private synchronized boolean isStillComparing() {
        ConflictReport begun = report;
        report = begun == null || isOver || begun.isDoneAfter(PORTION_NANOS) ? null : begun;
        return report != null;
    }

    private void begin(LockRecord record) {
        told = record;
        Optional<String> path = HistoryPlace.path(environment, Self.workingDirectory(), Self.effectiveUser());
        if (path.isPresent() && NetworkFileSystem.ofNearest(path.get()).isEmpty()) {
            history = path.get();
        }
        append(new HistoryLine(HistoryKind.START, record.name(), record.instanceId())
                .number(HistoryKey.PID, Self.pid())
                .text(HistoryKey.VERSION, record.version()));
        TrackingPlace place = TrackingPlace.ofVariables(environment, Self.workingDirectory(), Self.effectiveUser());
        Registration own = new Registration(
                new TrackingSettings(
                        place.isOn(),
                        place.isSaid() ? place.folder() : Optional.empty(),
                        interval,
                        profile,
                        place.level()),
                lockFile,
                journal);
        if (place.isOn() && !own.isRemote()) {
            describe(own, record);
            registration = own;
            report = new ConflictReport(own, place.level(), journal, Ticker.SYSTEM);
        }
    }

    /** This JVM: what the launcher's registration says of its server. */
    private static void describe(Registration own, LockRecord record) {
        List<byte[]> words = Self.commandLine();
        String program = ProcessHandle.current().info().command().orElse("");
        own.describe(program, words.subList(Math.min(1, words.size()), words.size()), record.version(), List.of());
    }

    private void append(HistoryLine line) {
        String obstacle = history.isEmpty() ? "" : new HistoryFile(history).append(line.end());
        if (!obstacle.isEmpty()) {
            journal.debug("no line in the history: " + obstacle);
        }
    }

    /** Removes the file, when it was written. To be called while the lock is still held. */
    public void end() {
        isEnding = true;
        endNow();
    }

    private synchronized void endNow() {
        LockRecord record = told;
        if (!isOver && record != null) {
            append(new HistoryLine(HistoryKind.STOP, record.name(), record.instanceId())
                    .number(HistoryKey.PID, Self.pid())
                    .text(HistoryKey.REASON, "ended"));
            if (registration != null) {
                registration.end();
            }
        }
        isOver = true;
    }
}
