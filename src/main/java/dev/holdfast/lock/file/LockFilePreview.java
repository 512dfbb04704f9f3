package dev.holdfast.lock.file;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.settings.NetworkPolicy;
import java.util.Optional;

/**
 * What can be told of a lock file before anybody takes its lock: opens, makes and changes nothing.
 *
 * @param file where it is, or would be
 */
public record LockFilePreview(LockFile file) {
    /**
     * Refuses what a start would refuse, as far as a look can tell: opens, makes and changes nothing.
     *
     * @throws UnsafeLockPathException if what stands at the path cannot be trusted
     * @throws LockFileException if there is no folder to make the file in, or nothing may be made in it
     */
    public void requireUsable() {
        requireLocalFolder();
        Optional<FileStatus> named = FileStatus.ofName(file.path());
        if (named.isPresent()) {
            file.check(named.get());
            return;
        }
        requireFolder();
        int errno = FileNames.writable(file.directory());
        if (errno != 0) {
            throw new LockFileException(file.path(), LockFileException.Action.MAKE, errno);
        }
    }

    /**
     * Refuses a folder on a network file system, unless that is allowed. Makes and changes nothing.
     *
     * @throws UnsafeLockPathException if it is on one, and that is not allowed
     */
    public void requireLocalFolder() {
        if (file.network() == NetworkPolicy.REFUSE) {
            file.refuseNetwork(NetworkFileSystem.of(file.directory()));
        }
    }

    /**
     * Refuses a path without a folder.
     *
     * @throws LockFileException if there is no folder to make the file in
     */
    public void requireFolder() {
        Optional<FileStatus> folder = FileStatus.ofTarget(file.directory());
        if (folder.isEmpty() || !folder.get().isDirectory()) {
            throw new LockFileException(
                    file.path(), LockFileException.Action.MAKE, folder.isEmpty() ? Errno.ENOENT : Errno.ENOTDIR);
        }
    }
}
