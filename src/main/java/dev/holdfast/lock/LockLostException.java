package dev.holdfast.lock;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/** Another process got a lock while the kernel turned it from exclusive into shared. */
public final class LockLostException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String path;

    LockLostException(Path path) {
        super("lock \"" + path + "\" was lost to another process while it was turned from exclusive into shared");
        this.path = path.toString();
    }

    /** The lock's path, absolute. */
    public Path path() {
        return Path.of(path);
    }
}
