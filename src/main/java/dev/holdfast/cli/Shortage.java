package dev.holdfast.cli;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import java.util.Optional;

/**
 * Failures that are no defect: the system, or a limit of this process, has no more of what it needs. Errors of the JVM
 * are among them only at the start: a JVM that is up needs no more threads, and has opened its files.
 */
final class Shortage {
    private static final String OF_FILES = "Too many open files";
    private static final String MORE_FILES = "; allow 64 or more (ulimit -n)";

    private Shortage() {}

    /**
     * What there is too little of.
     *
     * @param error what was thrown
     * @return the text, with what to do; empty when it is something else
     */
    static Optional<String> behind(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains(OF_FILES)) {
                return Optional.of("too many open files" + MORE_FILES);
            }
            if (cause instanceof OutOfMemoryError && message.contains("native thread")) {
                return Optional.of("no more threads can be started; allow more processes (ulimit -u, or the container's"
                        + " limit) or more address space (ulimit -v)");
            }
        }
        // A class file or a library that could not be opened: the JVM drops the reason.
        return error instanceof LinkageError
                ? Optional.of("cannot load a part of Holdfast (" + firstLine(error)
                        + "): too few open files are allowed (ulimit -n), or it is not installed whole")
                : Optional.empty();
    }

    /** What to do about a call that failed for want of descriptors, to be put behind its message; empty for all else. */
    static String remedy(HoldfastException failure) {
        int errno = 0;
        if (failure instanceof PosixException call) {
            errno = call.errno();
        } else if (failure instanceof LockFileException file) {
            errno = file.errno();
        }
        return errno == Errno.EMFILE ? MORE_FILES : "";
    }

    private static String firstLine(Throwable error) {
        String text = error.toString();
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
