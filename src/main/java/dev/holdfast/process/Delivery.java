package dev.holdfast.process;

import dev.holdfast.posix.Errno;

/** What became of a signal. */
public enum Delivery {
    /** The kernel has it for the process. */
    SENT,
    /** There is no such process any more. */
    GONE,
    /** The kernel, a security module or a seccomp filter does not let it through; see {@link SignalRefusal}. */
    REFUSED;

    /**
     * By what a system call says.
     *
     * @param errno 0, or the error number
     * @return what became of the signal
     */
    public static Delivery of(int errno) {
        return switch (errno) {
            case 0 -> SENT;
            case Errno.ESRCH -> GONE;
            default -> REFUSED;
        };
    }
}
