package dev.holdfast;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/** Another instance holds the lock, and stays. */
public final class AlreadyRunningException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String lockFile;
    private final transient Holder holder;

    AlreadyRunningException(String name, String lockFile, Holder holder, String reason) {
        super("another instance of \"" + name + "\" is already running: " + holder.text() + "; lock file \"" + lockFile
                + "\"" + (reason.isEmpty() ? "" : "; " + reason));
        this.name = name;
        this.lockFile = lockFile;
        this.holder = holder;
    }

    /** The instance. */
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
     * Who has it.
     *
     * @return the holder, as far as it is known
     */
    public Holder holder() {
        return holder;
    }
}
