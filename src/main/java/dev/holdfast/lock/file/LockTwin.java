package dev.holdfast.lock.file;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;

/**
 * The second name of a lock file, {@code .NAME.lock.held} beside it: a hard link that is made with the lock and removed
 * with it. When a cleaner has removed the first name, the holder and any start put it back from here: the same file
 * with the same locks, also those that the server has inherited, in every namespace and after the launcher's death.
 *
 * <p>One that somebody else has planted is passed over: then, and where links cannot be had, there is no second name.
 */
final class LockTwin {
    /** What a lock file and its twin count. */
    static final int NAMES = 2;

    private LockTwin() {}

    /** The twin's path. */
    static String path(LockFile location) {
        String name = "." + location.fileName() + ".held";
        return location.directory().endsWith("/") ? location.directory() + name : location.directory() + "/" + name;
    }

    /** The lock file's name that a twin's name tells; empty when it is none's. */
    static Optional<String> fileNameOf(String twinName) {
        boolean isTwin =
                twinName.length() > ".x.held".length() && twinName.startsWith(".") && twinName.endsWith(".held");
        return isTwin ? Optional.of(twinName.substring(1, twinName.length() - ".held".length())) : Optional.empty();
    }

    /**
     * The file behind the twin's name, when it can be one of ours: regular, of this user, with no name but this and the
     * lock's.
     */
    static Optional<FileStatus> status(LockFile location) {
        Optional<FileStatus> twin = FileStatus.ofName(path(location));
        return twin.isPresent() && canBeOurs(location, twin.get()) ? twin : Optional.empty();
    }

    private static boolean canBeOurs(LockFile location, FileStatus twin) {
        return twin.isRegular()
                && twin.owner() == Self.effectiveUser()
                && (twin.links() == 1 || (twin.links() == NAMES && isAtPath(location, twin)));
    }

    private static boolean isAtPath(LockFile location, FileStatus file) {
        Optional<FileStatus> named = FileStatus.ofName(location.path());
        return named.isPresent() && named.get().isSameFile(file);
    }

    /** Whether the twin's name leads to a file. */
    static boolean isOf(LockFile location, FileStatus file) {
        Optional<FileStatus> twin = FileStatus.ofName(path(location));
        return twin.isPresent() && twin.get().isSameFile(file);
    }

    /**
     * Makes the twin of an open file. The kernel lets one link of a name succeed: of two starts that hold two files,
     * since a cleaner removed the name in between, one is the holder by that.
     *
     * @return 0 when it is there, also when it was before; {@link Errno#EEXIST} when another file of ours has it, so that
     *     this one is no lock; {@link Errno#EBUSY} when that one is held under a stranger's name as well;
     *     {@link Errno#ENOENT} when this one has lost its last name; another number where there is no second name,
     *     because links cannot be had, or somebody else is in its place
     */
    static int make(LockFile location, int fd, FileStatus file) {
        int errno = FileNames.link("/proc/self/fd/" + fd, path(location));
        if (errno == Errno.EEXIST) {
            Optional<FileStatus> twin = FileStatus.ofName(path(location));
            if (twin.isPresent() && twin.get().isSameFile(file)) {
                return 0;
            }
            if (twin.isEmpty() || status(location).isPresent()) {
                return Errno.EEXIST;
            }
            return makeInPlaceOfAnother(location, fd);
        }
        return errno;
    }

    /**
     * The twin's file has a stranger's name as well: its own one was moved away, or a backup has linked it. Held, it is
     * the lock all the same. Otherwise it is left over, and with one name less all that is in it stays.
     */
    private static int makeInPlaceOfAnother(LockFile location, int fd) {
        try (OpenLockFile other = open(location).orElse(null)) {
            if (other == null) {
                return Errno.EPERM;
            }
            if (other.isHeld()) {
                return other.isHeldInBothWays() ? Errno.EBUSY : Errno.EPERM;
            }
            FileNames.unlink(path(location));
            return FileNames.link("/proc/self/fd/" + fd, path(location));
        }
    }

    /** The file behind the twin's name, open for looking, when it is a regular one of this user's. */
    static Optional<OpenLockFile> open(LockFile location) {
        Optional<FileStatus> named = FileStatus.ofName(path(location));
        if (named.isEmpty() || !named.get().isRegular() || named.get().owner() != Self.effectiveUser()) {
            return Optional.empty();
        }
        int fd = FileDescriptors.open(path(location), FileDescriptors.O_RDWR | LockFile.SAFE_FLAGS, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        FileStatus opened = FileStatus.ofDescriptor(fd);
        if (opened.isSameFile(named.get())) {
            return Optional.of(new OpenLockFile(location, fd, opened));
        }
        FileDescriptors.close(fd);
        return Optional.empty();
    }

    /** Removes the twin of a file, and nobody else's. */
    static void remove(LockFile location, FileStatus file) {
        if (isOf(location, file)) {
            FileNames.unlink(path(location));
        }
    }

    /** Puts the lock file's own name back, when there is a twin and no file of that name. */
    static void restoreName(LockFile location) {
        if (FileStatus.ofName(path(location)).isPresent()
                && FileStatus.ofName(location.path()).isEmpty()
                && status(location).isPresent()) {
            // EEXIST: another start, or the holder, was quicker. ENOENT: its holder has released it.
            var unused = FileNames.link(path(location), location.path());
        }
    }

    /**
     * Renames the twin's file over another one that was made where the lost name had been. To be called by
     * whoever has that other one locked, so that nobody loses it.
     *
     * @param file the one that the lock's path leads to
     * @return whether the path is to be looked at again; false when there is no twin, or it is the same file
     */
    static boolean takesPlaceOf(LockFile location, FileStatus file) {
        Optional<FileStatus> twin = FileStatus.ofName(path(location));
        if (twin.isEmpty() || twin.get().isSameFile(file) || !canBeOurs(location, twin.get())) {
            return false;
        }
        if (FileNames.unlink(location.path()) != 0) {
            return false; // EBUSY: a bind mount, which no second name can replace
        }
        // EEXIST: another start was quicker. ENOENT: its holder has just released it.
        var unused = FileNames.link(path(location), location.path());
        return true;
    }
}
