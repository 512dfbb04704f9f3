package dev.holdfast.lock;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the processes that hold the flock(2) lock of a file, and proves it.
 *
 * <p>A process is pinned first, and asked last whether it still lives: so its pid meant no other process while its
 * descriptors were read. The kernel shows the lock under each descriptor that shares its open file description, so the
 * child that inherited a lock is found, too, and the pid of who took it, which may be dead, is never believed.
 */
final class AdvisoryHolderSearch {
    /** {@code lock:	1: FLOCK  ADVISORY  WRITE 359 00:13:11691 0 EOF}, without the number. */
    private static final Pattern FLOCK =
            Pattern.compile("\\d+: (FLOCK +ADVISORY +(READ|WRITE) .*)$", Pattern.MULTILINE);

    private final FileStatus file;
    private final List<AdvisoryHolder> verified = new ArrayList<>();
    private final Set<String> seenLocks = new HashSet<>();

    private AdvisoryHolderSearch(FileStatus file) {
        this.file = file;
    }

    /**
     * Looks through all processes; takes some milliseconds for a hundred.
     *
     * @param held whether somebody is known to hold it, seen or not
     */
    static AdvisoryHolders of(FileStatus file, boolean held) {
        AdvisoryHolderSearch search = new AdvisoryHolderSearch(file);
        int[] pids = ProcessList.pids();
        Arrays.sort(pids);
        for (int pid : pids) {
            // A cheap look first, without a pin: on a machine with ten thousand processes it counts.
            if (search.mode(pid).isPresent()) {
                search.prove(pid);
            }
        }
        int unknown = search.unseenLocks();
        boolean hidden = held && unknown == 0 && search.verified.isEmpty();
        return new AdvisoryHolders(search.verified, hidden ? 1 : unknown);
    }

    private void prove(int pid) {
        try (PinnedProcess process = PinnedProcess.pin(pid).orElse(null)) {
            if (process == null) {
                return;
            }
            Optional<LockMode> mode = mode(pid);
            if (mode.isPresent() && !process.hasEnded()) {
                verified.add(holder(process.identity(), mode.get()));
            }
        }
    }

    /** How a process holds the lock; exclusive when by two descriptions in both ways, which cannot last. */
    private Optional<LockMode> mode(int pid) {
        Optional<LockMode> found = Optional.empty();
        for (int fd : OpenDescriptors.of(pid)) {
            Optional<FileStatus> behind = OpenDescriptors.status(pid, fd);
            if (behind.isEmpty() || !behind.get().isSameFile(file)) {
                continue;
            }
            Matcher lock = FLOCK.matcher(OpenDescriptors.info(pid, fd));
            if (lock.find()) {
                seenLocks.add(lock.group(1));
                boolean exclusive = lock.group(2).equals("WRITE") || found.equals(Optional.of(LockMode.EXCLUSIVE));
                found = Optional.of(exclusive ? LockMode.EXCLUSIVE : LockMode.SHARED);
            }
        }
        return found;
    }

    /** Locks on this file whose holder we may not inspect. */
    private int unseenLocks() {
        String place = String.format(" %02x:%02x:%d ", file.device() >>> 32, file.device() & 0xffffffffL, file.inode());
        int unseen = 0;
        Matcher lock = FLOCK.matcher(ProcFs.locks());
        while (lock.find()) {
            if (lock.group(1).contains(place) && !seenLocks.contains(lock.group(1))) {
                unseen++;
            }
        }
        return unseen;
    }

    private static AdvisoryHolder holder(ProcessIdentity process, LockMode mode) {
        return new AdvisoryHolder(process.pid(), process.startTicks(), process.uniqueId(), mode);
    }
}
