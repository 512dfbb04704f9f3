package dev.holdfast.guard;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.posix.Errno;

/** The server's command cannot be run. */
public final class CommandException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final boolean found;

    private CommandException(String message, boolean found) {
        super(message);
        this.found = found;
    }

    static CommandException notFound(String command) {
        String quoted = quoted(command);
        return new CommandException(
                command.indexOf('/') >= 0
                        ? "command " + quoted + " not found: no such file or directory"
                        : "command " + quoted + " not found in PATH",
                false);
    }

    static CommandException notRunnable(String command, int errno) {
        String why = errno == Errno.ENOEXEC
                ? "it is neither a program of this machine nor a script with a #! line"
                : Errno.describe(errno);
        return new CommandException("command " + quoted(command) + " cannot be run: " + why, true);
    }

    static CommandException interpreterMissing(String command) {
        return new CommandException(
                "command " + quoted(command) + " cannot be run: the interpreter that it names is not there", true);
    }

    /** A message is one line, whatever was typed. */
    private static String quoted(String command) {
        StringBuilder shown = new StringBuilder("\"");
        command.codePoints().limit(200).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.append('"').toString();
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
