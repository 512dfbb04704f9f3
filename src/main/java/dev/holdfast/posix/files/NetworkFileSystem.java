package dev.holdfast.posix.files;

import java.util.Optional;

/**
 * Tells a file system that lives on another machine, where locks may be granted twice, by statfs(2).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">statfs(2)</a>
 */
public final class NetworkFileSystem {
    /** The user's own program answers: what is behind it, the mount table may tell. */
    private static final int FUSE = 0x65735546;

    private NetworkFileSystem() {}

    /**
     * The kind of network file system that a file is on.
     *
     * @param path the file or folder, links followed
     * @return its name; empty for a local one, and where it cannot be told
     */
    public static String of(String path) {
        int type = FileSystemType.of(path);
        return type == FUSE ? ofFuse(FileStatus.ofTarget(path)) : name(type);
    }

    /**
     * The same for a path that need not be there yet: that of the folder in which it would be made.
     *
     * @param path absolute
     */
    public static String ofNearest(String path) {
        String there = path;
        while (there.lastIndexOf('/') > 0 && FileStatus.ofTarget(there).isEmpty()) {
            there = there.substring(0, there.lastIndexOf('/'));
        }
        return of(there);
    }

    /**
     * The kind of network file system that an open file is on. One system call, but for FUSE.
     *
     * @param fd the file's or folder's descriptor
     * @return its name; empty for a local one, and where it cannot be told
     */
    public static String ofDescriptor(int fd) {
        int type = FileSystemType.ofDescriptor(fd);
        return type == FUSE ? ofFuse(Optional.of(FileStatus.ofDescriptor(fd))) : name(type);
    }

    /** By f_type, from linux/magic.h and the file systems' own headers. */
    static String name(int type) {
        return switch (type) {
            case 0x6969 -> "NFS";
            case 0x517b, 0xfe534d42, 0xff534d42 -> "SMB";
            case 0x564c -> "NCP";
            case 0x00c36400 -> "Ceph";
            case 0x5346414f, 0x6b414653 -> "AFS";
            case 0x73757245 -> "Coda";
            case 0x01021997 -> "9P";
            case 0x0bd00bd0 -> "Lustre";
            case 0x19830326 -> "BeeGFS";
            case 0x47504653 -> "GPFS";
            case 0x01161970 -> "GFS2";
            case 0x7461636f -> "OCFS2";
            case 0xaad7aaea -> "PanFS";
            case 0x20030528 -> "OrangeFS";
            case 0x786f4256 -> "VirtualBox's shared folder";
            case 0xbacbacbc -> "VMware's shared folder";
            case FUSE -> "FUSE, which may be on a network";
            default -> "";
        };
    }

    /**
     * FUSE on a disk of this machine, and the overlay of a container without root, are as local as can be; and the
     * kernel itself keeps their locks.
     */
    private static String ofFuse(Optional<FileStatus> file) {
        String type = file.map(status -> MountTable.typeOf(status.device())).orElse("");
        if (type.equals("fuseblk") || type.equals("fuse.fuse-overlayfs")) {
            return "";
        }
        return type.isEmpty() ? name(FUSE) : "FUSE (" + type + "), which may be on a network";
    }
}
