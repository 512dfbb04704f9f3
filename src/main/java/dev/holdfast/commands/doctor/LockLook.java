package dev.holdfast.commands.doctor;

import dev.holdfast.instance.Inspection;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.settings.LockFileName;
import dev.holdfast.text.Printable;
import dev.holdfast.text.ShellWord;
import dev.holdfast.text.Version;
import dev.holdfast.waiting.EventWait;
import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A look at the lock files of this user: in the usual folder, and where registered instances have theirs. */
final class LockLook {
    /** A launcher that is about to end releases its lock before it removes its file, or the other way round. */
    private static final int SETTLE_MILLIS = 300;

    private static final String USUAL_FOLDER = "/tmp";

    private final RegistryPlace registry;
    private final List<Finding> findings = new ArrayList<>();
    private final List<InstanceRecord> suspects = new ArrayList<>();
    private final List<Leftover> leftovers = new ArrayList<>();

    /**
     * Looks.
     *
     * @param registry where the entries are from
     * @param folder the usual folder of lock files
     * @param entries what the registry has
     */
    LockLook(RegistryPlace registry, String folder, List<InstanceEntry> entries) {
        this.registry = registry;
        TreeSet<String> paths = new TreeSet<>(lockFiles(folder));
        Map<String, InstanceRecord> registered = new TreeMap<>();
        for (InstanceEntry entry : entries) {
            if (entry instanceof InstanceEntry.Known known
                    && !(entry instanceof InstanceEntry.Elsewhere)
                    && !known.record().lockFile().isEmpty()) {
                String path = known.record().lockFile();
                paths.add(path);
                if (entry instanceof InstanceEntry.Active) {
                    registered.put(path, known.record());
                }
            }
        }
        for (String path : paths) {
            look(path, Optional.ofNullable(registered.get(path)));
        }
        if (!suspects.isEmpty()) {
            lookAgain();
        }
    }

    /** Once for all of them: each would cost a pause, and a look at the whole registry. */
    private void lookAgain() {
        new EventWait(null, false).pause(SETTLE_MILLIS);
        Set<String> active = new HashSet<>();
        for (InstanceEntry entry : registry.entries()) {
            if (entry instanceof InstanceEntry.Active instance) {
                active.add(instance.record().instanceId());
            }
        }
        for (InstanceRecord suspect : suspects) {
            try {
                if (active.contains(suspect.instanceId())
                        && !isHeldBy(Inspection.of(LockFile.at(suspect.lockFile())), suspect)) {
                    findings.add(withoutLock(suspect));
                }
            } catch (UnsafeLockPathException | LockFileException e) {
                findings.add(withoutLock(suspect));
            }
        }
    }

    private static Finding withoutLock(InstanceRecord registered) {
        return new Finding(
                "instance_without_lock",
                "\"" + registered.name() + "\" runs, and does not hold its lock file "
                        + Printable.line(registered.lockFile()),
                "a second one could be started; start it again after kill "
                        + registered.lock().launcher().pid());
    }

    List<Finding> findings() {
        return findings;
    }

    List<Leftover> leftovers() {
        return leftovers;
    }

    /** Those of this user: nobody else's are looked into. */
    private static List<String> lockFiles(String folder) {
        List<String> paths = new ArrayList<>();
        String[] names = new File(folder).list();
        for (String name : names == null ? new String[0] : names) {
            String path = folder + (folder.endsWith("/") ? "" : "/") + name;
            if (name.endsWith(LockFileName.SUFFIX) && Printable.isAscii(name)) {
                Optional<FileStatus> status = FileStatus.ofName(path);
                if (status.isPresent()
                        && status.get().isRegular()
                        && status.get().owner() == Self.effectiveUser()) {
                    paths.add(path);
                }
            }
        }
        return paths;
    }

    private void look(String path, Optional<InstanceRecord> registered) {
        LockFile lockFile = LockFile.at(path);
        try {
            Inspection inspection = Inspection.of(lockFile);
            if (registered.isPresent() && !isHeldBy(inspection, registered.get())) {
                suspects.add(registered.get());
            }
            inspection.record().ifPresent(record -> judge(inspection, record));
        } catch (UnsafeLockPathException e) {
            findings.add(new Finding(
                    "unsafe_lock_path",
                    String.valueOf(e.getMessage()),
                    "remove it: rm -r " + ShellWord.quoted(Printable.line(path))
                            + "; or choose another path by --lock-file"));
        } catch (LockFileException e) { // another user's by now
        }
    }

    private static boolean isHeldBy(Inspection inspection, InstanceRecord registered) {
        return switch (inspection.verdict()) {
            case RUNNING, ANSWERING, UNVERIFIABLE ->
                inspection
                        .record()
                        .map(record -> record.instanceId().equals(registered.instanceId()))
                        .orElse(true);
            case ORPHANED, DETACHED, STALE, NOT_RUNNING -> false;
        };
    }

    private void judge(Inspection inspection, LockRecord record) {
        LockFile lockFile = inspection.lockFile();
        String pids = inspection.pids().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String name = "\"" + record.name() + "\"";
        String path = Printable.line(lockFile.path());
        String stop = "holdfast stop --lock-file " + ShellWord.quoted(path);
        String resolve = registry.resolveCommand() + inFolder(path.substring(0, path.lastIndexOf('/')));
        switch (inspection.verdict()) {
            case STALE -> {
                leftovers.add(new Leftover(record.name(), lockFile, record.instanceId(), false, pids));
                findings.add(new Finding(
                        "lock_without_server",
                        name + " was killed, and its lock file is left: " + path,
                        "nothing has to be done, the next start overwrites it; " + resolve + " --yes removes it"));
            }
            case ORPHANED, DETACHED -> {
                leftovers.add(new Leftover(record.name(), lockFile, record.instanceId(), true, pids));
                findings.add(new Finding(
                        "server_without_launcher",
                        "the launcher of " + name + " was killed, and its server lives on: pid " + pids,
                        resolve + " --terminate-orphans --yes, or " + stop));
            }
            case RUNNING, ANSWERING -> {
                if (!record.holdfast().equals(Version.TEXT)) {
                    findings.add(new Finding(
                            "launcher_of_another_version",
                            "the launcher of " + name + " is Holdfast " + Printable.line(record.holdfast())
                                    + ", and this is " + Version.TEXT,
                            "stop and start it when that suits: " + stop));
                }
            }
            case UNVERIFIABLE, NOT_RUNNING -> {}
        }
    }

    /** Where resolve looks by itself, or has to be told to. */
    private static String inFolder(String folder) {
        return folder.equals(USUAL_FOLDER) ? "" : " --lock-dir " + ShellWord.quoted(folder);
    }
}
