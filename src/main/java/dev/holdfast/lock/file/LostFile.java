package dev.holdfast.lock.file;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.OpenDescriptors;
import java.util.Optional;

/**
 * A lock file that has lost all of its names, found by the processes that hold the interlock: one of their descriptors is
 * a file without a name that carries exactly the launcher's locks.
 */
final class LostFile {
    private LostFile() {}

    /** The file, open for reading; empty when no such process can be looked into. */
    static Optional<OpenLockFile> find(LockFile location) {
        for (int pid : InterlockHolders.of(location)) {
            for (int fd : OpenDescriptors.of(pid)) {
                Optional<FileStatus> behind = OpenDescriptors.status(pid, fd);
                boolean isNameless = behind.isPresent()
                        && behind.get().isRegular()
                        && behind.get().links() == 0;
                if (isNameless && LockProof.isHeld(OpenDescriptors.info(pid, fd))) {
                    Optional<OpenLockFile> file = open(location, pid, fd, behind.get());
                    if (file.isPresent()) {
                        return file;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The process may have ended since, and another file have its place. */
    private static Optional<OpenLockFile> open(LockFile location, int pid, int fd, FileStatus expected) {
        int opened = FileDescriptors.open(
                "/proc/" + pid + "/fd/" + fd, FileDescriptors.O_RDWR | LockFile.SAFE_FLAGS_FOLLOWING, 0);
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
