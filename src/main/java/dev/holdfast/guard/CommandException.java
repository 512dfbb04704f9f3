package dev.holdfast.guard;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.HoldfastException;

/** The server's command cannot be run. */
public final class CommandException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final boolean found;

    private CommandException(String message, boolean found) {
        super(message);
        this.found = found;
    }

    static CommandException notFound(String command) {
        return new CommandException(
                command.indexOf('/') >= 0
                        ? "command \"" + command + "\" not found: no such file or directory"
                        : "command \"" + command + "\" not found in PATH",
                false);
    }

    static CommandException notRunnable(String command, int errno) {
        String why = errno == Errno.ENOEXEC
                ? "it is neither a program of this machine nor a script with a #! line"
                : Errno.describe(errno);
        return new CommandException("command \"" + command + "\" cannot be run: " + why, true);
    }

    /**
     * Whether there is such a file: the difference between exit codes 126 and 127.
     *
     * @return true when it is there
     */
    public boolean isFound() {
        return found;
    }
}
