package dev.holdfast;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/**
 * This JVM has the lock already, or another of its threads is about to take it: a mistake in the program, which neither
 * waiting nor a takeover could mend. Two names of one path are the same lock.
 */
public final class AlreadyAcquiredException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String lockFile;

    AlreadyAcquiredException(String name, String lockFile, String by) {
        super("this JVM has acquired \"" + name + "\" already" + by + "; lock file \"" + lockFile + "\"");
        this.name = name;
        this.lockFile = lockFile;
    }

    /** The instance that was asked for. */
    public String name() {
        return name;
    }

    /**
     * Where the lock is.
     *
     * @return the path, as it was asked for
     */
    public Path lockFile() {
        return Path.of(lockFile);
    }
}
