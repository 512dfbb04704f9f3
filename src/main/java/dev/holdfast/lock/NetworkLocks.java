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
     * Refuses an open file where it is to be refused. Asks the descriptor: no path can be exchanged meanwhile.
     *
     * @param fd the file's descriptor
     * @param path for the message
     * @throws UnsafeLockPathException if the file is on a network file system, and that is not allowed
     */
    public void check(int fd, String path) {
        if (this == ALLOW) {
            return;
        }
        String network = NetworkFileSystem.ofDescriptor(fd);
        if (!network.isEmpty()) {
            throw refusal(path, network);
        }
    }

    /**
     * As {@link #check}, before there is a file: by its folder.
     *
     * @param folder the folder, links followed
     * @param path for the message
     * @throws UnsafeLockPathException if the folder is on a network file system, and that is not allowed
     */
    public void checkFolder(String folder, String path) {
        String network = this == ALLOW ? "" : NetworkFileSystem.of(folder);
        if (!network.isEmpty()) {
            throw refusal(path, network);
        }
    }

    private static UnsafeLockPathException refusal(String path, String network) {
        return new UnsafeLockPathException(
                path,
                "is on a network file system, " + network + ", where a lock may be granted twice or be lost",
                "choose a folder on a local file system; holdfast lock --probe tells which is one; or, when you know"
                        + " better, --allow-network-lock");
    }
}
