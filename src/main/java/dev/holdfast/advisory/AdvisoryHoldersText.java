package dev.holdfast.advisory;

import dev.holdfast.lock.AdvisoryHolder;
import dev.holdfast.lock.AdvisoryHolders;
import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.LockMode;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.text.Durations;
import dev.holdfast.text.Timestamps;
import java.nio.file.Path;
import java.util.Optional;

/** Who holds an advisory lock, in the words of a message. */
public final class AdvisoryHoldersText {
    private static final int MOST_SHOWN = 5;

    private AdvisoryHoldersText() {}

    /**
     * Who holds it.
     *
     * @param holders what a look has found
     * @param path the lock's file, which may be that of a guarded instance
     * @return half a sentence on one line, such as {@code held by pid 4711 (sleep, started 2026-05-02T09:14:03Z, 2 h ago)}
     */
    public static String of(AdvisoryHolders holders, Path path) {
        if (holders.isEmpty()) {
            return "given back just now";
        }
        return "held by "
                + instance(holders, path)
                        .map(name -> "instance \"" + name + "\" of holdfast run: ")
                        .orElse("")
                + describe(holders);
    }

    /** Who holds the lock of a file at the moment. */
    public static AdvisoryHolders seen(String path) {
        return AdvisoryLock.exclusive(Path.of(path)).holders();
    }

    /** The pids with what is known of them, on one line. */
    public static String describe(AdvisoryHolders holders) {
        StringBuilder text = new StringBuilder();
        int shown = 0;
        for (AdvisoryHolder holder : holders.verified()) {
            if (shown == MOST_SHOWN) {
                text.append(", and ").append(holders.verified().size() - shown).append(" more");
                break;
            }
            text.append(shown++ == 0 ? "" : ", ").append(describe(holder));
        }
        if (holders.unknown() > 0) {
            text.append(shown == 0 ? "" : ", and by ")
                    .append(holders.unknown() == 1 ? "a process" : holders.unknown() + " processes")
                    .append(" of another user or pid namespace, which cannot be seen from here");
        }
        return text.toString();
    }

    private static String describe(AdvisoryHolder holder) {
        long ago = (Self.ticksSinceBoot() - holder.startTicks()) * Self.MILLIS_PER_TICK;
        String started = Timestamps.iso(System.currentTimeMillis() - ago).replaceFirst("\\.\\d+Z", "Z");
        String name = ProcFs.name((int) holder.pid());
        return "pid " + holder.pid() + " (" + (name.isEmpty() ? "" : name + ", ")
                + (holder.mode() == LockMode.SHARED ? "shared, " : "") + "started " + started + ", "
                + Durations.age(ago / 1000) + ")";
    }

    /** The name in the record, when one of the holders is the launcher or the server that it describes. */
    private static Optional<String> instance(AdvisoryHolders holders, Path path) {
        try (OpenLockFile file = LockFile.at(path.toString()).look().orElse(null)) {
            return file == null
                    ? Optional.empty()
                    : file.record()
                            .filter(record -> holders.verified().stream().anyMatch(holder -> isOf(record, holder)))
                            .map(LockRecord::name)
                            .filter(name -> !name.isEmpty());
        } catch (UnsafeLockPathException | LockFileException e) {
            return Optional.empty(); // a folder, or not ours to read
        }
    }

    private static boolean isOf(LockRecord record, AdvisoryHolder holder) {
        ProcessIdentity process = new ProcessIdentity((int) holder.pid(), holder.startTicks(), holder.uniqueId());
        return record.launcher().isSameProcess(process)
                || record.server()
                        .filter(server -> server.isSameProcess(process))
                        .isPresent();
    }
}
