package dev.holdfast.lock;

import dev.holdfast.posix.files.NetworkFileSystem;

/**
 * What becomes of a lock on a file system that may live on another machine, where locks may be granted twice, or never,
 * or be lost: NFS, SMB, 9p, FUSE and their like.
 */
public enum NetworkLocks {
    /** It is refused. */
    REFUSE,
    /** It is used as if it were local. Whoever asks for that knows the file system. */
    ALLOW;

    /**
     * Refuses an open file on a network file system, unless these are allowed. No path can be exchanged meanwhile.
     *
     * @param path its path, for the message
     * @param fd its descriptor
     * @throws UnsafeLockPathException if it is on one
     */
    public void checkFile(String path, int fd) {
        if (this == REFUSE) {
            refuse(path, NetworkFileSystem.ofDescriptor(fd));
        }
    }

    /**
     * Refuses a folder on a network file system, unless these are allowed: before a file is made in it.
     *
     * @param path of the file, for the message
     * @param folder its folder
     * @throws UnsafeLockPathException if it is on one
     */
    public void checkFolder(String path, String folder) {
        if (this == REFUSE) {
            refuse(path, NetworkFileSystem.of(folder));
        }
    }

    private static void refuse(String path, String fileSystem) {
        if (!fileSystem.isEmpty()) {
            throw new UnsafeLockPathException(path, UnsafeLockPathException.Reason.NETWORK_FILE_SYSTEM, fileSystem);
        }
    }
}
