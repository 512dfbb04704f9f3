package dev.holdfast.posix.files;

import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What statx(2) tells of a file. Its structure is the same on every architecture, unlike that of stat(2).
 *
 * @param device the device that holds the file
 * @param inode its number on that device
 * @param mode type and permissions
 * @param links how many names it has
 * @param owner user id
 * @param size in bytes
 * @param modifiedSeconds last modification, in seconds since 1970
 * @see <a href="https://man7.org/linux/man-pages/man2/statx.2.html">statx(2)</a>
 */
public record FileStatus(long device, long inode, int mode, int links, int owner, long size, long modifiedSeconds) {
    private static final long STATX = Libc.symbol("statx");
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS = 0x7ff;
    static final int STRUCT_SIZE = 256;
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int SOCKET = 0140000;

    /**
     * The file behind a descriptor.
     *
     * @param fd the descriptor
     * @return its status
     * @throws PosixException if the descriptor is not open
     */
    public static FileStatus ofDescriptor(int fd) {
        try (NativeBuffer empty = NativeBuffer.cString("");
                NativeBuffer status = NativeBuffer.allocate(STRUCT_SIZE)) {
            Libc.checked(
                    Libc.call(STATX, fd, empty.address(), AT_EMPTY_PATH, STATX_BASIC_STATS, status.address()),
                    "statx",
                    "fd " + fd);
            return read(status);
        }
    }

    /**
     * The file that a path names, where a link in the last component is the file itself.
     *
     * @param path the path
     * @return its status; empty when there is no such file, or when it cannot be reached
     */
    public static Optional<FileStatus> ofName(String path) {
        return ofPath(path, AT_SYMLINK_NOFOLLOW);
    }

    /**
     * The file that a path names, where a link in the last component is the file itself.
     *
     * @param path the path, in the file system's own bytes
     * @return its status; empty when there is no such file, or when it cannot be reached
     */
    public static Optional<FileStatus> ofName(byte[] path) {
        return ofPath(path, AT_SYMLINK_NOFOLLOW);
    }

    /**
     * The file that a path leads to, links followed.
     *
     * @param path the path
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
                NativeBuffer status = NativeBuffer.allocate(STRUCT_SIZE)) {
            long result = Libc.call(STATX, AT_FDCWD, name.address(), flags, STATX_BASIC_STATS, status.address());
            return (int) result == 0 ? Optional.of(read(status)) : Optional.empty();
        }
    }

    /** Asks for the file that a path names, into memory of the caller's. */
    static boolean query(NativeBuffer name, NativeBuffer status) {
        return (int) Libc.call(
                        STATX, AT_FDCWD, name.address(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, status.address())
                == 0;
    }

    static long device(NativeBuffer status) {
        return Integer.toUnsignedLong(status.getInt(136)) << 32 | Integer.toUnsignedLong(status.getInt(140));
    }

    static long inode(NativeBuffer status) {
        return status.getLong(32);
    }

    private static FileStatus read(NativeBuffer status) {
        return new FileStatus(
                device(status),
                inode(status),
                Short.toUnsignedInt(status.getShort(28)),
                status.getInt(16),
                status.getInt(20),
                status.getLong(40),
                status.getLong(112));
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
        return (mode & TYPE_MASK) == REGULAR;
    }

    /**
     * Whether this is a directory.
     *
     * @return true when it is
     */
    public boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    /**
     * Whether this is a socket.
     *
     * @return true when it is
     */
    public boolean isSocket() {
        return (mode & TYPE_MASK) == SOCKET;
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
        return switch (mode & TYPE_MASK) {
            case REGULAR -> "regular file";
            case DIRECTORY -> "directory";
            case 0120000 -> "symbolic link";
            case 0010000 -> "FIFO";
            case SOCKET -> "socket";
            case 0020000 -> "character device";
            case 0060000 -> "block device";
            default -> "file of an unknown type";
        };
    }
}
