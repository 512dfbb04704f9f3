package dev.holdfast;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/**
 * A running instance has taken this launch's arguments, and this launch is to end: see {@link OnConflict#ACTIVATE}. What
 * the instance had to say was printed to stdout already.
 */
public final class ActivatedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String lockFile;
    private final int exitCode;

    ActivatedException(String name, String lockFile, int exitCode) {
        super("the running instance of \"" + name + "\" has taken the arguments, and answered " + exitCode
                + "; lock file \"" + lockFile + "\"");
        this.name = name;
        this.lockFile = lockFile;
        this.exitCode = exitCode;
    }

    /** The name of the instance that has taken the arguments. */
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

    /**
     * What this launch is to end with, by System.exit.
     *
     * @return the instance's answer, 0 to 255
     */
    public int exitCode() {
        return exitCode;
    }
}
