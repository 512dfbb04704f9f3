package dev.holdfast.lock;

/**
 * What becomes of a lock on a file system that may live on another machine, where locks may be granted twice, or never,
 * or be lost: NFS, SMB, 9p, FUSE and their like.
 */
public enum NetworkLocks {
    /** It is refused. */
    REFUSE,
    /** It is used as if it were local. Whoever asks for that knows the file system. */
    ALLOW
}
