package dev.holdfast.posix.processes;

import dev.holdfast.posix.Errno;

/**
 * That this process cannot look into another one, which lives.
 *
 * @param errno as {@link OpenDescriptors#lookErrno} tells it; 0 when it can by now
 */
public record LookFailure(int errno) {
    /** Half a sentence, such as {@code permission denied}; empty when there is no error. */
    public String text() {
        if (errno == 0) {
            return "";
        }
        return errno == Errno.ENOENT ? "/proc does not show it (mount option hidepid)" : Errno.describe(errno);
    }
}
