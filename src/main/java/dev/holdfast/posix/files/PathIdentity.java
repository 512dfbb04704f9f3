package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.NativeBuffer;

/**
 * Asks again and again whether a path still leads to a certain file, by statx(2), with native memory that is kept for
 * it: the question is part of each acquisition of a lock, which takes few microseconds in all. Not safe for use by many
 * threads.
 */
public final class PathIdentity implements AutoCloseable {
    private final NativeBuffer name;
    private final NativeBuffer status = NativeBuffer.allocate(Abi.SIZEOF_STATX);
    private final FileStatus file;

    /**
     * A question.
     *
     * @param path in the file system's own bytes; a link in the last component is the file itself
     * @param file which file it is to lead to
     */
    public PathIdentity(byte[] path, FileStatus file) {
        name = NativeBuffer.cString(path);
        this.file = file;
    }

    /**
     * The answer.
     *
     * @return true when the path leads there now
     */
    public boolean holds() {
        return FileStatus.query(name, status)
                && FileStatus.inode(status) == file.inode()
                && FileStatus.device(status) == file.device();
    }

    @Override
    public void close() {
        name.close();
        status.close();
    }
}
