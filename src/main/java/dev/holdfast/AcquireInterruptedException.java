package dev.holdfast;

import dev.holdfast.error.HoldfastException;

/**
 * The thread was interrupted before it had the lock; it is still marked as interrupted. Not
 * {@link InterruptedException}: almost nobody interrupts the thread that starts a server, and everybody would have to
 * catch it.
 */
public final class AcquireInterruptedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    AcquireInterruptedException(String name, String lockFile) {
        super("interrupted before \"" + name + "\" was acquired; lock file \"" + lockFile + "\"");
    }
}
