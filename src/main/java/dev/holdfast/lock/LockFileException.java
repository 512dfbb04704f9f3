package dev.holdfast.lock;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.posix.Errno;
import java.nio.file.Path;
import java.util.Locale;

/** The lock file cannot be made, written or locked, for a reason that lies in the file system. */
public final class LockFileException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final Action action;
    private final int errno;

    /** What could not be done with the file. */
    public enum Action {
        /** The file is there and cannot be opened. */
        OPEN,
        /** The file is not there and cannot be made. */
        MAKE,
        /** The file system has no locks, or none left. */
        LOCK,
        /** The record cannot be written: the disk may be full or broken. */
        WRITE
    }

    /**
     * Thrown by the locks of this library. The path is a text, since the exception must not fail itself where the
     * locale cannot express the path.
     *
     * @param action what could not be done with it
     * @param errno what the kernel said
     */
    public LockFileException(String path, Action action, int errno) {
        super("cannot " + action.name().toLowerCase(Locale.ROOT) + " lock file \"" + path + "\": "
                + Errno.describe(errno));
        this.path = path;
        this.action = action;
        this.errno = errno;
    }

    /** The path, as it was given. */
    public Path path() {
        return Path.of(path);
    }

    /** What could not be done. */
    public Action action() {
        return action;
    }

    /**
     * What the kernel said.
     *
     * @return a number of errno(3)
     */
    public int errno() {
        return errno;
    }
}
