package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Open, read, write and close by descriptor number.
 *
 * <p>Not {@code java.nio}: the lock lives on the open file description, and closing any {@code java.nio} channel on the
 * same file would drop record locks of the whole process. Safe for use by many threads, as far as the calls are.
 */
public final class FileDescriptors {
    private static final int PAGE = 4096;
    /** open(2): for reading. */
    public static final int O_RDONLY = Abi.O_RDONLY;
    /** open(2): for writing. */
    public static final int O_WRONLY = Abi.O_WRONLY;
    /** open(2): for reading and writing. */
    public static final int O_RDWR = Abi.O_RDWR;
    /** open(2): make the file when it is not there. */
    public static final int O_CREAT = Abi.O_CREAT;
    /** open(2): with O_CREAT, fail when the name exists, even as a dangling link. */
    public static final int O_EXCL = Abi.O_EXCL;
    /** open(2): never become the controlling terminal. */
    public static final int O_NOCTTY = Abi.O_NOCTTY;
    /** open(2): write at the end. */
    public static final int O_APPEND = Abi.O_APPEND;
    /** open(2): do not wait for the other end of a FIFO. */
    public static final int O_NONBLOCK = Abi.O_NONBLOCK;
    /** open(2): only a name for the file; needs no permission on it. */
    public static final int O_PATH = Abi.O_PATH;
    /** open(2): not kept over an exec. */
    public static final int O_CLOEXEC = Abi.O_CLOEXEC;
    /** open(2): fail with ELOOP when the last component is a link. */
    public static final int O_NOFOLLOW = Abi.O_NOFOLLOW;

    private static final int OWNER_ONLY = 0600;

    private static final long HIGHEST = 0xffff_ffffL;

    private static final long OPEN = Libc.symbol("open");
    private static final long CLOSE = Libc.symbol("close");
    private static final long READ = Libc.symbol("read");
    /** The first number that is no standard stream. */
    public static final int FIRST_AFTER_STDERR = 3;

    private static final long FCNTL = Libc.symbol("fcntl");

    private FileDescriptors() {}

    /**
     * The descriptor, or the negated error number.
     *
     * @param flags the O_ constants, or-ed; O_CLOEXEC is always added
     * @param mode the permissions of a new file
     */
    public static int open(String path, int flags, int mode) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return open(name, flags, mode);
        }
    }

    /**
     * The descriptor, or the negated error number.
     *
     * @param path the file, in the file system's own bytes
     * @param flags the O_ constants, or-ed; O_CLOEXEC is always added
     * @param mode the permissions of a new file
     */
    public static int open(byte[] path, int flags, int mode) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return open(name, flags, mode);
        }
    }

    /**
     * Makes a file for its owner alone, where nothing is, not even a link, and opens it to be written.
     *
     * @return the descriptor, or the negated error number
     */
    public static int create(String path) {
        return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY);
    }

    /**
     * Opens a file to be read, where anybody may have put something else: no link in the last place is followed, no FIFO
     * waited for, and no terminal taken. What it is, {@link FileStatus#ofDescriptor} tells.
     *
     * @return the descriptor, or the negated error number
     */
    public static int openUntrusted(String path) {
        return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
    }

    private static int open(NativeBuffer name, int flags, int mode) {
        int fd = (int) Libc.call(OPEN, name.address(), flags | O_CLOEXEC, mode);
        return fd >= 0 ? fd : -Libc.errno();
    }

    /** close(2). Errors are ignored: the descriptor is gone in any case, and close(2) must not be repeated. */
    public static void close(int fd) {
        var unused = Libc.call(CLOSE, fd);
    }

    /**
     * All that is in a file, such as those of {@code /proc}, whose length nothing tells before.
     *
     * @return its bytes; null when it cannot be opened or read, also when the process that it is about has ended (ESRCH)
     */
    public static byte @Nullable [] contentsOf(String path) {
        int fd = open(path, O_RDONLY | O_NOCTTY, 0);
        if (fd < 0) {
            return null;
        }
        try {
            return contentsOf(fd);
        } finally {
            close(fd);
        }
    }

    /**
     * All that is in an open file, from where it stands.
     *
     * @return its bytes; null when it cannot be read
     */
    public static byte @Nullable [] contentsOf(int fd) {
        try {
            byte[] first = read(fd, PAGE);
            byte[] second = read(fd, PAGE);
            if (second.length == 0) {
                return first;
            }
            // A table comes in whole lines, so a read of it may be short before its end.
            ByteArrayOutputStream all = new ByteArrayOutputStream(4 * PAGE);
            all.write(first, 0, first.length);
            for (byte[] next = second; next.length > 0; next = read(fd, PAGE)) {
                all.write(next, 0, next.length);
            }
            return all.toByteArray();
        } catch (PosixException e) {
            return null;
        }
    }

    /**
     * Writes once, at the descriptor's position or at the end of a file that is appended to. Blocks as the file does.
     *
     * @param bytes what to write
     * @return how many bytes were written, or the negated error number
     */
    public static int write(int fd, byte[] bytes) {
        try (NativeBuffer buffer = NativeBuffer.allocate(bytes.length + 1)) {
            buffer.putBytes(0, bytes);
            int count = (int) Libc.call(Libc.symbol("write"), fd, buffer.address(), bytes.length);
            return count >= 0 ? count : -Libc.errno();
        }
    }

    /**
     * Lets a number stand for another open file, dup2(2). It is kept over an exec.
     *
     * @param number what stands for it from now on; the file that it stood for is closed
     * @throws PosixException if that fails
     */
    public static void replace(int fd, int number) {
        Libc.checked(Libc.call(Libc.symbol("dup2"), fd, number), "dup2", "fd " + number);
    }

    /**
     * Reads once from the descriptor's position.
     *
     * @param most how many bytes at the most
     * @return what was there; empty at the end of the file, or when nothing is there and the descriptor does not block
     * @throws PosixException if the read fails
     */
    public static byte[] read(int fd, int most) {
        try (NativeBuffer buffer = NativeBuffer.allocate(most)) {
            int count = (int) Libc.call(READ, fd, buffer.address(), most);
            while (count < 0) {
                int errno = Libc.errno();
                if (errno == Errno.EAGAIN) {
                    return new byte[0];
                }
                if (errno != Errno.EINTR) { // which means neither "nothing there" nor the end
                    throw new PosixException(errno, "read", "fd " + fd);
                }
                count = (int) Libc.call(READ, fd, buffer.address(), most);
            }
            return buffer.getBytes(0, count);
        }
    }

    /**
     * Writes one byte, to wake whoever polls the other end of a pipe.
     *
     * @param fd the write end
     */
    public static void wake(int fd) {
        try (NativeBuffer buffer = NativeBuffer.allocate(1)) {
            var unused = Libc.call(Libc.symbol("write"), fd, buffer.address(), 1);
        }
    }

    /**
     * A second descriptor for the same open file description, not kept over an exec.
     *
     * @param lowest the smallest number that the new one may have
     * @return the new descriptor
     * @throws PosixException if there is none left
     */
    public static int duplicateAtOrAbove(int fd, int lowest) {
        int copy = (int) Libc.call(FCNTL, fd, Abi.F_DUPFD_CLOEXEC, lowest);
        if (copy < 0) {
            int errno = Libc.errno();
            // EINVAL: the lowest number is above the limit already.
            throw new PosixException(errno == Errno.EINVAL ? Errno.EMFILE : errno, "fcntl", "fd " + fd);
        }
        return copy;
    }

    /**
     * The soft limit of open files: descriptors are smaller.
     *
     * @return the limit, {@link Integer#MAX_VALUE} when there is none
     */
    public static int limit() {
        long limit = Libc.call(Libc.symbol("sysconf"), Abi.SC_OPEN_MAX);
        return limit < 0 || limit > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) limit;
    }

    /** Whether a descriptor is open in this process, by fcntl(2). */
    public static boolean isOpen(int fd) {
        return (int) Libc.call(FCNTL, fd, Abi.F_GETFD) != -1;
    }

    /**
     * Opens a file that is in memory only, memfd_create(2), not kept over an exec.
     *
     * @param name what {@code /proc} shows
     * @return the descriptor, or the negated error number
     */
    public static int inMemory(String name) {
        long create = Libc.optionalSymbol("memfd_create");
        if (create == 0) {
            return -Errno.ENOSYS; // before glibc 2.27
        }
        // The kernel takes 249 bytes, and the name is for people.
        String shown = name.substring(0, Math.min(name.length(), 60));
        try (NativeBuffer text = NativeBuffer.cString(shown.getBytes(StandardCharsets.UTF_8))) {
            int fd = (int) Libc.call(create, text.address(), Abi.MFD_CLOEXEC);
            return fd >= 0 ? fd : -Libc.errno();
        }
    }

    /**
     * Whether nobody can read any more what is written to a descriptor: a pipe or a socket whose other end was closed,
     * or a terminal that was hung up.
     *
     * @return false also for files
     */
    public static boolean hasNoReader(int fd) {
        return hasHungUp(fd);
    }

    /**
     * Whether the other end of a pipe, a socket or a terminal is gone. What it has written before may still be there.
     *
     * @return false also for files
     */
    public static boolean hasHungUp(int fd) {
        try (PollSet set = new PollSet(1)) {
            int slot = set.add(fd, 0);
            var unused = set.await(0);
            return set.returned(slot) != 0;
        }
    }

    /**
     * Whether nothing can be read from a pipe or a socket, now or later: its other end is gone, and all was read.
     *
     * @return false also for what is neither
     */
    public static boolean isDrained(int fd) {
        try (PollSet set = new PollSet(1);
                NativeBuffer count = NativeBuffer.allocate(Integer.BYTES)) {
            int slot = set.add(fd, PollSet.PEER_CLOSED);
            var unused = set.await(0);
            return (set.returned(slot) & (PollSet.PEER_CLOSED | PollSet.HANG_UP)) != 0
                    && (int) Libc.call(Libc.symbol("ioctl"), fd, Abi.FIONREAD, count.address()) == 0
                    && count.getInt(0) == 0;
        }
    }

    /**
     * Marks every descriptor from a number on as not kept over an exec: by close_range(2), or, before Linux 5.11 and
     * where a sandbox refuses that, one by one: those in {@code /proc}, or up to the limit without it.
     */
    public static void closeOnExecFrom(int lowest) {
        if ((int) Libc.systemCall(Abi.SYS_CLOSE_RANGE, lowest, HIGHEST, Abi.CLOSE_RANGE_CLOEXEC, 0) == 0) {
            return;
        }
        String[] open = new File("/proc/self/fd").list();
        if (open == null) {
            closeOnExec(lowest, limit());
            return;
        }
        for (String name : open) {
            int fd = Integer.parseInt(name);
            closeOnExec(Math.max(lowest, fd), fd + 1);
        }
    }

    /** EBADF is all that can be wrong, of one that is not open. */
    private static void closeOnExec(int from, int end) {
        for (int fd = from; fd < end; fd++) {
            var unused = Libc.call(FCNTL, fd, Abi.F_SETFD, Abi.FD_CLOEXEC);
        }
    }

    /**
     * Clears close-on-exec: what this process becomes by an exec has the descriptor, too.
     *
     * @throws PosixException if it is not open
     */
    public static void keepOverExec(int fd) {
        Libc.checked(Libc.call(FCNTL, fd, Abi.F_SETFD, 0), "fcntl", "fd " + fd);
    }

    /**
     * Lets the owner alone read and write a file, fchmod(2). The descriptor may be one of {@link #O_PATH}.
     *
     * @return 0, or the error number: EPERM when the file is somebody else's, EROFS
     */
    public static int restrictToOwner(int fd) {
        if ((int) Libc.call(Libc.symbol("fchmod"), fd, OWNER_ONLY) == 0) {
            return 0;
        }
        int errno = Libc.errno();
        if (errno != Errno.EBADF) {
            return errno;
        }
        // Refused for O_PATH by its descriptor, and not by its name in /proc.
        try (NativeBuffer name = NativeBuffer.cString("/proc/self/fd/" + fd)) {
            return (int) Libc.call(Libc.symbol("chmod"), name.address(), OWNER_ONLY) == 0 ? 0 : Libc.errno();
        }
    }
}
