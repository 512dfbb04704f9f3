package dev.holdfast;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/**
 * The thread was interrupted before it had the lock; it is still marked as interrupted. Not
 * {@link InterruptedException}: almost nobody interrupts the thread that starts a server, and everybody would have to
 * catch it.
 */
public final class AcquireInterruptedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String lockFile;

    AcquireInterruptedException(String name, String lockFile) {
        super("interrupted before \"" + name + "\" was acquired; lock file \"" + lockFile + "\"");
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
