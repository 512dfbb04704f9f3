package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;

/**
 * The f_type of statfs(2).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">statfs(2)</a>
 */
public final class FileSystemType {
    /** overlayfs: several layers, of which the lower ones may be part of other mounts, too. */
    public static final int OVERLAY = 0x794c7630;

    private FileSystemType() {}

    /**
     * The type of the file system that a file is on.
     *
     * @param path the file or folder, links followed
     * @return its magic number; 0 where it cannot be told
     */
    public static int of(String path) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return type("statfs64", name.address());
        }
    }

    /**
     * The type of the file system that an open file is on.
     *
     * @return its magic number; 0 where it cannot be told
     */
    public static int ofDescriptor(int fd) {
        return type("fstatfs64", fd);
    }

    private static int type(String call, long subject) {
        try (NativeBuffer status = NativeBuffer.allocate(Abi.SIZEOF_STATFS)) {
            int result = (int) Libc.call(Libc.symbol(call), subject, status.address());
            while (result != 0
                    && Libc.errno() == Errno.EINTR) { // of a network file system: not to be taken for a local one
                result = (int) Libc.call(Libc.symbol(call), subject, status.address());
            }
            return result == 0 ? (int) status.getLong(0) : 0;
        }
    }
}
