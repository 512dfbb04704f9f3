package dev.holdfast.lock;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.posix.Errno;

/** The lock file cannot be made, written or locked, for a reason that lies in the file system. */
public final class LockFileException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final int errno;

    /**
     * For the implementations of locks.
     *
     * @param path the file
     * @param action what cannot be done with it: open, make, lock, write
     * @param errno what the kernel said
     */
    public LockFileException(String path, String action, int errno) {
        super("cannot " + action + " lock file \"" + path + "\": " + Errno.describe(errno));
        this.path = path;
        this.errno = errno;
    }

    /**
     * The path.
     *
     * @return the path, as it was given
     */
    public String path() {
        return path;
    }

    /**
     * What the kernel said.
     *
     * @return one of the constants of {@link Errno}, or another number
     */
    public int errno() {
        return errno;
    }
}
