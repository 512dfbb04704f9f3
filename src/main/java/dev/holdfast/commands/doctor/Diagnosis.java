package dev.holdfast.commands.doctor;

import dev.holdfast.commands.explain.WeakerPromises;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.conflict.Conflict;
import dev.holdfast.registry.conflict.ConflictSearch;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.text.Printable;
import dev.holdfast.text.ShellWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is wrong, and what is not.
 *
 * @param level how much of two instances is told
 * @param registry where the registry is
 * @param entries what it has
 * @param conflicts of the instances
 * @param findings what else somebody should look at
 * @param leftovers what killed launchers have left
 * @param weaker the promises that are weaker on this system, and why: told, and nothing that is wrong
 */
record Diagnosis(
        ConflictDetection level,
        RegistryPlace registry,
        List<InstanceEntry> entries,
        List<Conflict> conflicts,
        List<Finding> findings,
        List<Leftover> leftovers,
        Map<String, String> weaker) {
    /** Looks at everything. */
    static Diagnosis of(ConflictDetection level, RegistryPlace registry, String lockFolder) {
        List<Finding> findings = new ArrayList<>();
        List<InstanceEntry> entries = List.of();
        try {
            entries = registry.entries();
        } catch (RegistryException e) {
            findings.add(new Finding(
                    "unusable_registry",
                    String.valueOf(e.getMessage()),
                    instead(registry.folder().orElse(""))));
        }
        if (!registry.isOn()) {
            findings.add(new Finding(
                    "tracking_disabled",
                    "the registry is switched off, by HOLDFAST_INSTANCE__TRACKING_ENABLED or in the configuration file: no"
                            + " conflict is found",
                    "export HOLDFAST_INSTANCE__TRACKING_ENABLED=true"));
        }
        for (InstanceEntry entry : entries) {
            if (entry instanceof InstanceEntry.Corrupt corrupt) {
                findings.add(corrupt(corrupt));
            }
        }
        LockLook locks = new LockLook(registry, lockFolder, entries);
        findings.addAll(locks.findings());
        findings.addAll(SharedLook.findings(entries));
        return new Diagnosis(
                level,
                registry,
                entries,
                new ConflictSearch(level).among(entries),
                findings,
                locks.leftovers(),
                new WeakerPromises(new LockFile(lockFolder, "holdfast-doctor.lock"), true).weaker());
    }

    private static Finding corrupt(InstanceEntry.Corrupt corrupt) {
        String now = Printable.line(corrupt.movedTo().isEmpty() ? corrupt.path() : corrupt.movedTo());
        String remove = "rm -r " + ShellWord.quoted(now);
        return new Finding(
                "corrupt_file",
                Printable.line(corrupt.path()) + " is no record: " + corrupt.reason(),
                corrupt.movedTo().isEmpty()
                        ? "it could not be moved aside; remove it: " + remove
                        : "it is moved; look at it, and remove it: " + remove);
    }

    private static String instead(String folder) {
        String path = ShellWord.quoted(Printable.line(folder));
        return "move it away, and the next start makes another one: mv " + path + " " + path
                + ".unused; or name a folder of your own by HOLDFAST_INSTANCE__TRACKING_DIR";
    }

    /** 0 when all is well, 1 when there is something to look at, 2 when there are conflicts. */
    int exitCode() {
        if (conflicts.stream().anyMatch(Conflict::isConflict)) {
            return 2;
        }
        return conflicts.isEmpty() && findings.isEmpty() ? 0 : 1;
    }

    /** The same in a word. */
    String status() {
        return switch (exitCode()) {
            case 0 -> "healthy";
            case 1 -> "warnings";
            default -> "conflicts";
        };
    }

    /** How many instances run. */
    long active() {
        return entries.stream()
                .filter(entry -> entry instanceof InstanceEntry.Active || entry instanceof InstanceEntry.Orphaned)
                .count();
    }
}
