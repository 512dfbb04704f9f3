package dev.holdfast.command;

import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.posix.Errno;

/** The server's process cannot be made as it was asked for. Found out before the lock is taken. */
public final class ProcessSettingsException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private ProcessSettingsException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Why not. */
    public enum Kind {
        /** A file or a folder is missing or cannot be read. */
        UNREADABLE(ExitCode.UNREADABLE),
        /** A file says something that cannot be understood. */
        MALFORMED(ExitCode.CONFIG),
        /** There is no such user or group. */
        UNKNOWN_USER(ExitCode.UNKNOWN_USER),
        /** The launcher lacks the privilege. */
        NOT_PERMITTED(ExitCode.UNSAFE),
        /** The system refuses for another reason. */
        SYSTEM(ExitCode.SYSTEM);

        private final ExitCode exitCode;

        Kind(ExitCode exitCode) {
            this.exitCode = exitCode;
        }

        /** The code that a start ends with which is refused for this. */
        public ExitCode exitCode() {
            return exitCode;
        }
    }

    static ProcessSettingsException unknown(String message) {
        return new ProcessSettingsException(Kind.UNKNOWN_USER, message);
    }

    static ProcessSettingsException unreadable(String message) {
        return new ProcessSettingsException(Kind.UNREADABLE, message);
    }

    /** The launcher's own folder has no path any more, and the server would start in it. */
    public static ProcessSettingsException folderRemoved() {
        return unreadable("the folder that it was started in was removed");
    }

    static ProcessSettingsException malformed(String message) {
        return new ProcessSettingsException(Kind.MALFORMED, message);
    }

    static ProcessSettingsException refused(String what, int errno, String remedy) {
        boolean isPrivilege = errno == Errno.EPERM || errno == Errno.EACCES;
        return new ProcessSettingsException(
                isPrivilege ? Kind.NOT_PERMITTED : Kind.SYSTEM, what + ": " + Errno.describe(errno) + remedy);
    }

    /** Why not. */
    public Kind kind() {
        return kind;
    }
}
