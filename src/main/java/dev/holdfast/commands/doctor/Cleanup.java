package dev.holdfast.commands.doctor;

import dev.holdfast.instance.InstanceStop;
import dev.holdfast.instance.Outcome;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.text.Printable;
import dev.holdfast.text.ShellWord;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Clears away what killed launchers have left: their files in the registry, their lock files, and, when that was asked for,
 * their servers. Lists what it would do, or has done.
 */
final class Cleanup {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 10;

    private final Diagnosis diagnosis;
    private final boolean isPlan;
    private final boolean endsOrphans;
    private final Journal journal;
    private final List<String> staleFiles = new ArrayList<>();
    private final List<String> lockFiles = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    /**
     * Nothing is done yet.
     *
     * @param isPlan whether nothing is done at all
     * @param endsOrphans whether servers without launchers are ended
     */
    Cleanup(Diagnosis diagnosis, boolean isPlan, boolean endsOrphans, Journal journal) {
        this.diagnosis = diagnosis;
        this.isPlan = isPlan;
        this.endsOrphans = endsOrphans;
        this.journal = journal;
    }

    /** Files of the registry that are removed. */
    List<String> staleFiles() {
        return staleFiles;
    }

    /** Lock files that are removed. */
    List<String> lockFiles() {
        return lockFiles;
    }

    /** Servers that are ended, in words. */
    List<String> ended() {
        return ended;
    }

    /** What stays, and why. */
    List<String> left() {
        return left;
    }

    /**
     * Does it, or finds out what would be done.
     *
     * @param isMeant which instances, by name
     */
    void run(Predicate<String> isMeant) {
        Set<String> cleared = new HashSet<>();
        for (Leftover leftover : diagnosis.leftovers()) {
            if (isMeant.test(leftover.name()) && clear(leftover)) {
                cleared.add(leftover.instanceId());
            }
        }
        for (InstanceEntry entry : diagnosis.entries()) {
            if (entry instanceof InstanceEntry.Stale stale
                    && isMeant.test(stale.record().name())) {
                remove(stale);
            } else if (entry instanceof InstanceEntry.Orphaned orphaned
                    && cleared.contains(orphaned.record().instanceId())) {
                remove(orphaned);
            }
        }
    }

    /** An id never comes back, so what is stale once is stale for ever; and so is an orphan that has just been ended. */
    private void remove(InstanceEntry.Known stale) {
        if (isPlan) {
            staleFiles.add(stale.path());
            return;
        }
        try (InstancesFolder folder =
                InstancesFolder.open(diagnosis.registry().folder().orElseThrow())) {
            if (folder.remove(stale.record().instanceId())) { // else another one has just done it
                staleFiles.add(stale.path());
            }
        } catch (RegistryException e) {
            left.add(String.valueOf(e.getMessage()));
        }
    }

    /** Whether nothing of it is left. */
    private boolean clear(Leftover leftover) {
        String path = leftover.lockFile().path();
        String server = "\"" + leftover.name() + "\", pid " + leftover.pids();
        if (leftover.hasServer() && !endsOrphans) {
            left.add("the server of " + server + ", which has lost its launcher: --terminate-orphans ends it");
            return false;
        }
        if (!isPlan) {
            Optional<String> obstacle = end(leftover);
            if (obstacle.isPresent()) {
                left.add(path + ": " + obstacle.get());
                return false;
            }
            if (leftover.lockFile().isNamed()) {
                return true; // another instance has it by now, which has cleared the rest away
            }
        }
        lockFiles.add(path);
        if (leftover.hasServer()) {
            ended.add(server);
        }
        return true;
    }

    private Optional<String> end(Leftover leftover) {
        try {
            Outcome outcome = InstanceStop.ofLeftover(leftover.lockFile(), leftover.instanceId(), journal)
                    .stop(Optional.empty());
            return switch (outcome.result()) {
                case DONE, ASKED, NOT_RUNNING, ENDED ->
                    isStillThere(leftover)
                            ? Optional.of("somebody is at work on it and does not end")
                            : Optional.empty();
                case REFUSED, FOREIGN ->
                    Optional.of("it could not be ended; holdfast stop --lock-file "
                            + ShellWord.quoted(
                                    Printable.line(leftover.lockFile().path())) + " tells why");
            };
        } catch (LockFileException | UnsafeLockPathException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Another resolve, or a start, may be doing the same: what it has begun is over in a moment. */
    private static boolean isStillThere(Leftover leftover) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        EventWait wait = new EventWait(null, false);
        while (isNamed(leftover)) {
            if (System.nanoTime() > until) {
                return true;
            }
            wait.pause(LOOK_MILLIS);
        }
        return false;
    }

    /** By what the lock file says: of another instance it is nobody's leftover. */
    private static boolean isNamed(Leftover leftover) {
        try (OpenLockFile file = leftover.lockFile().look().orElse(null)) {
            Optional<LockRecord> record = file == null ? Optional.empty() : file.record();
            return record.isPresent() && record.get().instanceId().equals(leftover.instanceId());
        }
    }
}
