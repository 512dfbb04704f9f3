package dev.holdfast.lock;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;
import java.time.Duration;

/** A lock was not free in time. */
public final class LockTimeoutException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final Duration timeout;
    private final transient AdvisoryHolders holders;

    LockTimeoutException(Path path, LockMode mode, Duration timeout, AdvisoryHolders holders) {
        super("lock \"" + path + "\" could not be acquired " + (mode == LockMode.SHARED ? "shared" : "exclusively")
                + " within " + timeout.toMillis() + " ms: " + holders.text());
        this.path = path.toString();
        this.timeout = timeout;
        this.holders = holders;
    }

    /** The lock's path, absolute. */
    public Path path() {
        return Path.of(path);
    }

    /** How long it was waited for. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Who held the lock when the time was over. Nobody, when it was given back just then.
     *
     * @return those that could be verified, and how many could not
     */
    public AdvisoryHolders holders() {
        return holders;
    }
}
