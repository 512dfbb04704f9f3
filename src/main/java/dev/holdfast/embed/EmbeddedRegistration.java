package dev.holdfast.embed;

import dev.holdfast.config.HistoryPlace;
import dev.holdfast.config.TrackingPlace;
import dev.holdfast.history.HistoryFile;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.history.HistoryLine;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.Registration;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.InstanceProfile;
import dev.holdfast.settings.TrackingSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The file in the registry of a server that guards itself, and its lines in the history. Written by the thread that looks
 * at the lock anyway, each time it does, so nothing wakes up for it. Nothing is written to a network file system, for which
 * a stop would have to wait. None of its methods throws. Safe for use by many threads.
 */
public final class EmbeddedRegistration {
    private final String lockFile;
    private final Duration interval;
    private final UnaryOperator<String> environment;
    private final Journal journal;
    private @Nullable Registration registration;
    private @Nullable LockRecord told;
    private String history = "";
    private boolean isOver;

    /**
     * Nothing is written yet.
     *
     * @param lockFile the path of the instance's lock file
     * @param interval how often {@link #beat} is called
     * @param environment gives a variable's value, empty when it is not set
     * @param journal is told what cannot be done
     */
    public EmbeddedRegistration(
            String lockFile, Duration interval, UnaryOperator<String> environment, Journal journal) {
        this.lockFile = lockFile;
        this.interval = interval;
        this.environment = environment;
        this.journal = journal;
    }

    /** Writes the file, as long as the instance has not ended. May wait as a disk does. */
    public synchronized void beat(LockRecord record) {
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
                        InstanceProfile.NONE,
                        ConflictDetection.STRICT),
                lockFile,
                journal);
        if (place.isOn() && !own.isRemote()) {
            registration = own;
        }
    }

    private void append(HistoryLine line) {
        String obstacle = history.isEmpty() ? "" : new HistoryFile(history).append(line.end());
        if (!obstacle.isEmpty()) {
            journal.debug("no line in the history: " + obstacle);
        }
    }

    /** Removes the file, when it was written. To be called while the lock is still held. */
    public synchronized void end() {
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
