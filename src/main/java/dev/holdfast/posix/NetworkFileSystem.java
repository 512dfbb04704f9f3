package dev.holdfast.posix;

/**
 * Tells a file system that lives on another machine, where locks may be granted twice, by statfs(2).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">statfs(2)</a>
 */
public final class NetworkFileSystem {
    private static final int STATFS_SIZE = 256;

    private NetworkFileSystem() {}

    /**
     * The kind of network file system that a file is on.
     *
     * @param path the file or folder, links followed
     * @return its name; empty for a local one, and where it cannot be told
     */
    public static String of(String path) {
        try (NativeBuffer name = NativeBuffer.cString(path);
                NativeBuffer status = NativeBuffer.allocate(STATFS_SIZE)) {
            boolean known = (int) Libc.call(Libc.symbol("statfs64"), name.address(), status.address()) == 0;
            return known ? name((int) status.getLong(0)) : "";
        }
    }

    /** By f_type, from linux/magic.h and the file systems' own headers. */
    private static String name(int type) {
        return switch (type) {
            case 0x6969 -> "NFS";
            case 0x517b, 0xfe534d42, 0xff534d42 -> "SMB";
            case 0x00c36400 -> "Ceph";
            case 0x5346414f, 0x6b414653 -> "AFS";
            case 0x01021997 -> "9P";
            case 0x0bd00bd0 -> "Lustre";
            case 0x47504653 -> "GPFS";
            case 0x01161970 -> "GFS2";
            case 0x7461636f -> "OCFS2";
            case 0x65735546 -> "FUSE, which may be on a network";
            default -> "";
        };
    }
}
