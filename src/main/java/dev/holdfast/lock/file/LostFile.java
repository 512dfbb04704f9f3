package dev.holdfast.lock.file;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;

/**
 * A lock file that has lost its name while it is held. When it has lost all: a descriptor of its holder is a file without a name that
 * carries exactly the launcher's locks. The holder is found by the interlock. That does not reach into another network
 * namespace: where a control socket is left, all processes are looked at for the file that had this path.
 */
final class LostFile {
    private static final String DELETED = " (deleted)";

    private LostFile() {}

    /** The file, open for reading; empty when no such process can be looked into. */
    static Optional<OpenLockFile> find(LockFile location) {
        Optional<OpenLockFile> twin = heldTwin(location);
        if (twin.isPresent()) {
            return twin;
        }
        for (int pid : InterlockHolders.of(location)) {
            Optional<OpenLockFile> file = heldBy(pid, location, false);
            if (file.isPresent()) {
                return file;
            }
        }
        return location.hasSocketOfThisUser() ? findByPath(location) : Optional.empty();
    }

    /** Its first name was moved away, so that no start puts it back. */
    private static Optional<OpenLockFile> heldTwin(LockFile location) {
        Optional<OpenLockFile> twin = LockTwin.open(location);
        if (twin.isPresent() && !twin.get().isHeldInBothWays()) {
            twin.get().close();
            return Optional.empty();
        }
        return twin;
    }

    /**
     * Whether any process that can be looked into holds it, but this one: some milliseconds for a hundred processes.
     */
    static boolean isHeldByAnybody(LockFile location) {
        try (OpenLockFile file = findByPath(location).orElse(null)) {
            return file != null;
        }
    }

    private static Optional<OpenLockFile> findByPath(LockFile location) {
        for (int pid : ProcessList.pids()) {
            Optional<OpenLockFile> file = pid == Self.pid() ? Optional.empty() : heldBy(pid, location, true);
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    private static Optional<OpenLockFile> heldBy(int pid, LockFile location, boolean byPath) {
        for (int fd : OpenDescriptors.of(pid)) {
            Optional<FileStatus> behind = OpenDescriptors.status(pid, fd);
            boolean isNameless = behind.isPresent()
                    && behind.get().isRegular()
                    && behind.get().links() == 0;
            if (isNameless
                    && LockProof.isHeld(OpenDescriptors.info(pid, fd))
                    && (!byPath || isOurs(behind.get(), OpenDescriptors.path(pid, fd), location))) {
                Optional<OpenLockFile> file = open(location, pid, fd, behind.get());
                if (file.isPresent()) {
                    return file;
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a nameless file of this user's had this path: the same name in the same folder. */
    private static boolean isOurs(FileStatus file, String path, LockFile location) {
        int slash = path.lastIndexOf('/');
        if (file.owner() != Self.effectiveUser() || slash < 0) {
            return false;
        }
        Optional<FileStatus> folder = FileStatus.ofTarget(path.substring(0, slash + 1));
        Optional<FileStatus> own = FileStatus.ofTarget(location.directory());
        return path.substring(slash + 1).equals(location.fileName() + DELETED)
                && folder.isPresent()
                && own.isPresent()
                && folder.get().isSameFile(own.get());
    }

    /** The process may have ended since, and another file have its place. */
    private static Optional<OpenLockFile> open(LockFile location, int pid, int fd, FileStatus expected) {
        int opened = OpenDescriptors.reopen(pid, fd, FileDescriptors.O_RDWR | LockFile.SAFE_FLAGS_FOLLOWING);
        if (opened < 0) {
            return Optional.empty();
        }
        FileStatus status = FileStatus.ofDescriptor(opened);
        if (status.isSameFile(expected)) {
            return Optional.of(new OpenLockFile(location, opened, status));
        }
        FileDescriptors.close(opened);
        return Optional.empty();
    }
}
