package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** Calls that work on names: unlink(2), rename(2), access(2), whole files, and setting a file's times. Safe for use by many threads. */
public final class FileNames {

    private FileNames() {}

    /** The bytes by which the kernel knows a path: in the encoding that the JDK reads file names with. */
    public static byte[] bytes(Path path) {
        return path.toString().getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /**
     * 0, or the error number.
     *
     * @param path the name to remove
     */
    public static int unlink(String path) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return (int) Libc.call(Libc.symbol("unlink"), name.address()) == 0 ? 0 : Libc.errno();
        }
    }

    /**
     * Gives a file one more name, linkat(2). An open file is named by {@code /proc/self/fd/N}.
     *
     * @param existing a name of the file; links in its last place are followed
     * @param added the new name, where nothing may be
     * @return 0, or the error number: EPERM or EOPNOTSUPP where there are no hard links
     */
    public static int link(String existing, String added) {
        try (NativeBuffer from = NativeBuffer.cString(existing);
                NativeBuffer to = NativeBuffer.cString(added)) {
            boolean done = (int) Libc.call(
                            Libc.symbol("linkat"),
                            Abi.AT_FDCWD,
                            from.address(),
                            Abi.AT_FDCWD,
                            to.address(),
                            Abi.AT_SYMLINK_FOLLOW)
                    == 0;
            return done ? 0 : Libc.errno();
        }
    }

    /**
     * rename(2): what has the new name loses it.
     *
     * @param from the name that there is
     * @param to the new one
     * @return 0, or the error number
     */
    public static int rename(String from, String to) {
        try (NativeBuffer old = NativeBuffer.cString(from);
                NativeBuffer added = NativeBuffer.cString(to)) {
            return (int) Libc.call(Libc.symbol("rename"), old.address(), added.address()) == 0 ? 0 : Libc.errno();
        }
    }

    /**
     * Puts a whole file, for its owner alone, in the place of what has its name, if anything has. It is written by another
     * name first, so whoever reads sees the old one or the new one.
     *
     * @param fresh the other name, in the same folder and of no other writer; what a kill has left by it is removed
     * @return 0, or the error number: then what was there stays, and nothing is left by the other name
     */
    public static int replace(String fresh, String path, byte[] bytes) {
        int errno = make(fresh, bytes);
        if (errno == Errno.EEXIST) {
            unlink(fresh);
            errno = make(fresh, bytes);
        }
        if (errno == 0) {
            errno = rename(fresh, path);
            if (errno != 0) {
                unlink(fresh);
            }
        }
        return errno;
    }

    /**
     * Makes a whole file, for its owner alone, where nothing is.
     *
     * @return 0, or the error number: then nothing is left of it
     */
    public static int make(String path, byte[] bytes) {
        int fd = FileDescriptors.create(path);
        if (fd < 0) {
            return -fd;
        }
        int written = FileDescriptors.write(fd, bytes);
        FileDescriptors.close(fd);
        if (written == bytes.length) {
            return 0;
        }
        unlink(path);
        return written < 0 ? -written : Errno.ENOSPC;
    }

    /**
     * Makes a folder for its owner alone, mkdir(2).
     *
     * @param path its name
     * @return 0, or the error number
     */
    public static int makeFolder(String path) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return (int) Libc.call(Libc.symbol("mkdir"), name.address(), 0700) == 0 ? 0 : Libc.errno();
        }
    }

    /**
     * Whether this process may execute a file, by access(2).
     *
     * @param path the file, in the file system's own bytes
     * @return 0, or the error number
     */
    public static int executable(byte[] path) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return (int) Libc.call(Libc.symbol("access"), name.address(), Abi.X_OK) == 0 ? 0 : Libc.errno();
        }
    }

    /**
     * Whether this process may write a file, or make others in a folder, by access(2).
     *
     * @return 0, or the error number
     */
    public static int writable(String path) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return (int) Libc.call(Libc.symbol("access"), name.address(), Abi.W_OK) == 0 ? 0 : Libc.errno();
        }
    }

    /**
     * Sets a file's times to now, so that cleaners which go by age leave it alone. Errors are ignored.
     *
     * @param fd the descriptor
     */
    public static void touch(int fd) {
        var unused = Libc.call(Libc.symbol("futimens"), fd, 0);
    }
}
