package dev.holdfast.lock;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/** A thread acquires a lock that it holds itself, and would wait for itself. */
public final class LockReentryException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final transient Hold firstHold;

    LockReentryException(Path path, LockMode wanted, Hold firstHold) {
        super("lock \"" + path + "\" is held " + firstHold.mode().word() + " by this thread, \""
                + firstHold.thread().getName() + "\""
                + (wanted == LockMode.EXCLUSIVE && firstHold.mode() == LockMode.SHARED
                        ? ", and cannot be turned into an exclusive one: close that hold first, then acquire"
                        : ", which would wait for itself: close that hold first"));
        this.firstHold = firstHold;
    }

    /** What this thread holds already. */
    public Hold firstHold() {
        return firstHold;
    }
}
