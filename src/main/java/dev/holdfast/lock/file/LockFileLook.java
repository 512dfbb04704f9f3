package dev.holdfast.lock.file;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks at a lock file under any of its names, or under none, without making or locking anything. */
final class LockFileLook {
    private LockFileLook() {}

    /** As {@link LockFile#look} has it. */
    static Optional<OpenLockFile> at(LockFile location) {
        Optional<OpenLockFile> file = once(location);
        // The holder may just have put its name back.
        return file.isEmpty() && FileStatus.ofName(location.path()).isPresent() ? once(location) : file;
    }

    /** As {@link LockFile#isHeldUnseen} has it. */
    static boolean isHeldUnseen(LockFile location) {
        OptionalLong holder = Interlock.inode(location);
        // A holder that is about to end frees the interlock before it removes the name, and one that starts has the
        // file before the interlock. So one socket, before and after the look at the name, is a holder's without a
        // file.
        return holder.isPresent()
                && FileStatus.ofName(location.path()).isEmpty()
                && holder.equals(Interlock.inode(location));
    }

    private static Optional<OpenLockFile> once(LockFile location) {
        location.refuseSpecialFile();
        int fd = location.openOurs(FileDescriptors.O_RDONLY | LockFile.SAFE_FLAGS);
        if (fd == -Errno.ENOTDIR) {
            return Optional.empty();
        }
        if (fd == -Errno.ENOENT) {
            return atTwin(location);
        }
        if (fd < 0) {
            throw location.refusal(-fd);
        }
        FileStatus status = FileStatus.ofDescriptor(fd);
        if (!status.isRegular()) {
            FileDescriptors.close(fd);
            throw location.notRegular(status);
        }
        return Optional.of(new OpenLockFile(location, fd, status));
    }

    /** The name was lost under its holder, or all names were. */
    private static Optional<OpenLockFile> atTwin(LockFile location) {
        Optional<FileStatus> named = FileStatus.ofName(LockTwin.path(location));
        // Of whoever owns a lock in this folder anyway, or nobody's: in a shared folder anybody can plant one.
        boolean mayBeOurs = named.isPresent()
                && named.get().isRegular()
                && (named.get().owner() == Self.effectiveUser() || Self.effectiveUser() == 0);
        int fd = mayBeOurs
                ? FileDescriptors.open(LockTwin.path(location), FileDescriptors.O_RDONLY | LockFile.SAFE_FLAGS, 0)
                : -Errno.ENOENT;
        if (fd < 0) {
            Optional<OpenLockFile> lost = LostFile.find(location);
            if (lost.isEmpty() && fd != -Errno.ENOENT) {
                throw new LockFileException(LockTwin.path(location), LockFileException.Action.OPEN, -fd);
            }
            return lost;
        }
        FileStatus status = FileStatus.ofDescriptor(fd);
        OpenLockFile twin = new OpenLockFile(location, fd, status);
        if (status.isRegular() && (status.links() <= LockTwin.NAMES || twin.isHeldInBothWays())) {
            return Optional.of(twin);
        }
        twin.close();
        return Optional.empty();
    }
}
