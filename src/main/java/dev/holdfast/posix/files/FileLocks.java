package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import org.jspecify.annotations.Nullable;

/**
 * Advisory locks on open file descriptions: flock(2) and open-file-description record locks, fcntl_locking(2).
 *
 * <p>Both belong to the open file description, so a process that inherits the descriptor shares them, and they last
 * until the last sharer is gone or one of them unlocks. Record locks of the old kind, which {@code java.nio} takes, are
 * never used: they vanish when any descriptor of the same file is closed. Nothing here blocks. Safe for use by many
 * threads.
 */
public final class FileLocks {
    private static final long FLOCK = Libc.symbol("flock");
    private static final long FCNTL = Libc.symbol("fcntl");
    private static final int FLOCK_LOOKS = 3;

    private FileLocks() {}

    /**
     * Tries for an exclusive flock(2) lock on the whole file.
     *
     * @param fd the descriptor
     * @return true when it is held now, false when somebody else holds one
     * @throws PosixException if the file system has no locks
     */
    public static boolean tryFlock(int fd) {
        return granted(Libc.call(FLOCK, fd, Abi.LOCK_EX | Abi.LOCK_NB), "flock", fd);
    }

    /**
     * Tries for a shared flock(2) lock on the whole file. Turns an exclusive lock of the same description into a shared
     * one.
     *
     * @param fd the descriptor
     * @return true when it is held now, false when somebody else holds an exclusive one; then nothing is held
     * @throws PosixException if the file system has no locks
     */
    public static boolean trySharedFlock(int fd) {
        return granted(Libc.call(FLOCK, fd, Abi.LOCK_SH | Abi.LOCK_NB), "flock", fd);
    }

    /**
     * Frees the flock(2) lock, for all who share the description.
     *
     * @param fd the descriptor
     */
    public static void unlockFlock(int fd) {
        var unused = Libc.call(FLOCK, fd, Abi.LOCK_UN);
    }

    /**
     * Tries for a write lock on one byte.
     *
     * @param fd the descriptor, open for writing
     * @param offset of the byte; it need not exist
     * @return true when it is held now, false when somebody else holds a lock there
     * @throws PosixException if the file system has no locks
     */
    public static boolean tryByteLock(int fd, long offset) {
        return tryByteLock(fd, offset, Abi.F_WRLCK);
    }

    /**
     * Tries for a read lock on one byte: a mark that others see, and that goes with the last sharer of the description.
     *
     * @param fd the descriptor, open for reading; a folder's will do
     * @param offset of the byte; it need not exist
     * @return true when it is held now, false when somebody else holds a write lock there
     * @throws PosixException if the file system has no locks
     */
    public static boolean tryReadByteLock(int fd, long offset) {
        return tryByteLock(fd, offset, Abi.F_RDLCK);
    }

    private static boolean tryByteLock(int fd, long offset, int type) {
        try (NativeBuffer lock = structFlock(type, offset, 1)) {
            return granted(Libc.call(FCNTL, fd, Abi.F_OFD_SETLK, lock.address()), "fcntl", fd);
        }
    }

    /**
     * Frees the lock on one byte, for all who share the description.
     *
     * @param fd the descriptor
     */
    public static void unlockByte(int fd, long offset) {
        try (NativeBuffer lock = structFlock(Abi.F_UNLCK, offset, 1)) {
            var unused = Libc.call(FCNTL, fd, Abi.F_OFD_SETLK, lock.address());
        }
    }

    /**
     * Whether somebody else holds a lock on one byte. Takes nothing, so it never makes anybody else's attempt fail.
     *
     * @param fd the descriptor; open for reading is enough
     * @return true when it is held through another open file description
     * @throws PosixException if the file system has no locks
     */
    public static boolean isByteLockedByOther(int fd, long offset) {
        try (NativeBuffer lock = structFlock(Abi.F_WRLCK, offset, 1)) {
            Libc.checked(Libc.call(FCNTL, fd, Abi.F_OFD_GETLK, lock.address()), "fcntl", "fd " + fd);
            return lock.getShort(0) != Abi.F_UNLCK;
        }
    }

    /**
     * Asks again and again for locks that others hold on parts of a file, with native memory that is kept for it. Takes
     * nothing. Not safe for use by many threads.
     */
    public static final class RangeQuery implements AutoCloseable {
        private final int fd;
        private final NativeBuffer lock = NativeBuffer.allocate(Abi.SIZEOF_FLOCK);

        /**
         * Questions about one file.
         *
         * @param fd its descriptor; open for reading is enough
         */
        public RangeQuery(int fd) {
            this.fd = fd;
        }

        /**
         * A lock that somebody else holds on some of these bytes, through another open file description.
         *
         * @param start the first byte
         * @param length how many; 0 for all that follow
         * @return one of the locks, not always the first; null when there is none
         * @throws PosixException if the file system has no locks
         */
        public @Nullable ByteRange lockOfOther(long start, long length) {
            lock.putLong(0, Abi.F_WRLCK); // whence 0: from the start of the file
            lock.putLong(Abi.FLOCK_START_AT, start);
            lock.putLong(Abi.FLOCK_LENGTH_AT, length);
            lock.putLong(Abi.FLOCK_PID_AT, 0);
            if ((int) Libc.call(FCNTL, fd, Abi.F_OFD_GETLK, lock.address()) == -1) {
                throw new PosixException(Libc.errno(), "fcntl", "fd " + fd);
            }
            return lock.getShort(0) == Abi.F_UNLCK
                    ? null
                    : new ByteRange(lock.getLong(Abi.FLOCK_START_AT), lock.getLong(Abi.FLOCK_LENGTH_AT));
        }

        @Override
        public void close() {
            lock.close();
        }
    }

    /**
     * Bytes of a file.
     *
     * @param start the first one
     * @param length how many; 0 for all that follow
     */
    public record ByteRange(long start, long length) {}

    /**
     * Whether somebody else holds a flock(2) lock of either kind. There is no query for these, so one is taken for an
     * instant; a second look follows, since another one's query is as short.
     *
     * @param fd the descriptor, without such a lock of its own; open for reading is enough
     * @return true when one is held through another open file description; false also where the file system has none
     */
    public static boolean isFlockedByOther(int fd) {
        for (int look = 0; look < FLOCK_LOOKS; look++) {
            if ((int) Libc.call(FLOCK, fd, Abi.LOCK_EX | Abi.LOCK_NB) == 0) {
                unlockFlock(fd);
                return false;
            }
            if (Libc.errno() != Errno.EAGAIN) {
                return false;
            }
        }
        return true;
    }

    private static boolean granted(long result, String call, int fd) {
        if ((int) result == 0) {
            return true;
        }
        int errno = Libc.errno();
        // EACCES is what fcntl(2) may say for EAGAIN.
        if (errno == Errno.EAGAIN || errno == Errno.EACCES) {
            return false;
        }
        throw new PosixException(errno, call, "fd " + fd);
    }

    /** From the start of the file; {@code l_pid} must be 0 for these commands, or they fail with EINVAL. */
    private static NativeBuffer structFlock(int type, long offset, long length) {
        NativeBuffer lock = NativeBuffer.allocate(Abi.SIZEOF_FLOCK);
        lock.putShort(0, type);
        lock.putLong(Abi.FLOCK_START_AT, offset);
        lock.putLong(Abi.FLOCK_LENGTH_AT, length);
        return lock;
    }
}
