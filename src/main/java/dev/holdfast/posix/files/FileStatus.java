package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What statx(2) says about a file. Its structure is the same on every architecture, unlike that of stat(2).
 *
 * @param device the device that holds the file
 * @param inode its number on that device
 * @param mode type and permissions
 * @param links how many names it has
 * @param owner user id
 * @param group group id
 * @param size in bytes
 * @param modifiedSeconds last modification, in seconds since 1970
 * @see <a href="https://man7.org/linux/man-pages/man2/statx.2.html">statx(2)</a>
 */
public record FileStatus(
        long device, long inode, int mode, int links, int owner, int group, long size, long modifiedSeconds) {
    private static final long STATX = Libc.symbol("statx");

    /**
     * The file behind a descriptor.
     *
     * @throws PosixException if the descriptor is not open
     */
    public static FileStatus ofDescriptor(int fd) {
        try (NativeBuffer empty = NativeBuffer.cString("");
                NativeBuffer status = NativeBuffer.allocate(Abi.SIZEOF_STATX)) {
            Libc.checked(ask(fd, empty, Abi.AT_EMPTY_PATH, status), "statx", "fd " + fd);
            return read(status);
        }
    }

    /**
     * The file that a path names, where a link in the last component is the file itself.
     *
     * @return its status; empty when there is no such file, or when it cannot be reached
     */
    public static Optional<FileStatus> ofName(String path) {
        return ofPath(path, Abi.AT_SYMLINK_NOFOLLOW);
    }

    /**
     * The file that a path names, where a link in the last component is the file itself.
     *
     * @param path the path, in the file system's own bytes
     * @return its status; empty when there is no such file, or when it cannot be reached
     */
    public static Optional<FileStatus> ofName(byte[] path) {
        return ofPath(path, Abi.AT_SYMLINK_NOFOLLOW);
    }

    /**
     * The file that a path leads to, links followed.
     *
     * @return its status; empty when there is no such file, or when it cannot be reached
     */
    public static Optional<FileStatus> ofTarget(String path) {
        return ofPath(path, 0);
    }

    /**
     * The file that a path leads to, links followed.
     *
     * @param path the path, in the file system's own bytes
     * @return its status; empty when there is no such file, or when it cannot be reached
     */
    public static Optional<FileStatus> ofTarget(byte[] path) {
        return ofPath(path, 0);
    }

    private static Optional<FileStatus> ofPath(String path, int flags) {
        return ofPath(path.getBytes(StandardCharsets.UTF_8), flags);
    }

    private static Optional<FileStatus> ofPath(byte[] path, int flags) {
        try (NativeBuffer name = NativeBuffer.cString(path);
                NativeBuffer status = NativeBuffer.allocate(Abi.SIZEOF_STATX)) {
            return ask(Abi.AT_FDCWD, name, flags, status) == 0 ? Optional.of(read(status)) : Optional.empty();
        }
    }

    /** Asks for the file that a path names, into memory of the caller's. */
    static boolean query(NativeBuffer name, NativeBuffer status) {
        return ask(Abi.AT_FDCWD, name, Abi.AT_SYMLINK_NOFOLLOW, status) == 0;
    }

    /** Seccomp profiles older than statx(2) refuse it with EPERM, which it never gives by itself. */
    private static int ask(int fd, NativeBuffer name, int flags, NativeBuffer status) {
        int result = (int) Libc.call(STATX, fd, name.address(), flags, Abi.STATX_BASIC_STATS, status.address());
        boolean isRefused = result != 0 && (Libc.errno() == Errno.EPERM || Libc.errno() == Errno.ENOSYS);
        return isRefused ? OlderStat.ask(fd, name, flags, status) : result;
    }

    static long device(NativeBuffer status) {
        return Integer.toUnsignedLong(status.getInt(Abi.STATX_DEVICE_MAJOR_AT)) << 32
                | Integer.toUnsignedLong(status.getInt(Abi.STATX_DEVICE_MINOR_AT));
    }

    static long inode(NativeBuffer status) {
        return status.getLong(Abi.STATX_INODE_AT);
    }

    private static FileStatus read(NativeBuffer status) {
        return new FileStatus(
                device(status),
                inode(status),
                Short.toUnsignedInt(status.getShort(Abi.STATX_MODE_AT)),
                status.getInt(Abi.STATX_LINKS_AT),
                status.getInt(Abi.STATX_UID_AT),
                status.getInt(Abi.STATX_GID_AT),
                status.getLong(Abi.STATX_SIZE_AT),
                status.getLong(Abi.STATX_MODIFIED_AT));
    }

    /**
     * Whether this and another are the same file: same device and same inode.
     *
     * @param other another status
     * @return true when they are
     */
    public boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /**
     * Whether this is a regular file.
     *
     * @return true when it is
     */
    public boolean isRegular() {
        return (mode & Abi.S_IFMT) == Abi.S_IFREG;
    }

    /**
     * Whether this is a directory.
     *
     * @return true when it is
     */
    public boolean isDirectory() {
        return (mode & Abi.S_IFMT) == Abi.S_IFDIR;
    }

    /**
     * Whether this is a socket.
     *
     * @return true when it is
     */
    public boolean isSocket() {
        return (mode & Abi.S_IFMT) == Abi.S_IFSOCK;
    }

    /**
     * The permission bits, with set-id and sticky.
     *
     * @return the lower twelve bits of the mode
     */
    public int permissions() {
        return mode & 07777;
    }

    /**
     * What kind of file this is, in a word for a message.
     *
     * @return the word, without an article
     */
    public String kind() {
        return switch (mode & Abi.S_IFMT) {
            case Abi.S_IFREG -> "regular file";
            case Abi.S_IFDIR -> "directory";
            case Abi.S_IFLNK -> "symbolic link";
            case Abi.S_IFIFO -> "FIFO";
            case Abi.S_IFSOCK -> "socket";
            case Abi.S_IFCHR -> "character device";
            case Abi.S_IFBLK -> "block device";
            default -> "file of an unknown type";
        };
    }
}
