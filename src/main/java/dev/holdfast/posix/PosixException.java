package dev.holdfast.posix;

import dev.holdfast.error.HoldfastException;

/**
 * A system call that failed for a reason that its caller has no answer to.
 *
 * <p>Failures that a caller does have an answer to (a lock that is held, a process that is gone) are results, not
 * exceptions.
 */
public final class PosixException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String call;
    private final String subject;

    /**
     * A failed call.
     *
     * @param errno what the kernel said
     * @param call the call's name
     * @param subject what it was called on; may be empty
     */
    public PosixException(int errno, String call, String subject) {
        super(call + (subject.isEmpty() ? "" : " \"" + subject + "\"") + ": " + Errno.describe(errno));
        this.errno = errno;
        this.call = call;
        this.subject = subject;
    }

    /**
     * The error number, as in errno(3).
     *
     * @return one of the constants of {@link Errno}, or another number of this system
     */
    public int errno() {
        return errno;
    }

    /**
     * The call that failed.
     *
     * @return its name, as in the manual
     */
    public String call() {
        return call;
    }

    /**
     * What the call was made on.
     *
     * @return a path or a number, empty when there is none
     */
    public String subject() {
        return subject;
    }
}
