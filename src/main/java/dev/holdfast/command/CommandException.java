package dev.holdfast.command;

import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.posix.Errno;
import dev.holdfast.text.Printable;

/** The server's command cannot be run. */
public final class CommandException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    private CommandException(String message, Reason reason) {
        super(message);
        this.reason = reason;
    }

    /** Why it cannot be run. */
    public enum Reason {
        /** There is no such file. */
        NOT_FOUND(ExitCode.NOT_FOUND),
        /** The file is there, and the kernel refuses it. */
        REFUSED(ExitCode.NOT_RUNNABLE),
        /** Not for anything about the file: the system, or a limit, has nothing left for one more process. */
        NO_ROOM(ExitCode.SYSTEM);

        private final ExitCode exitCode;

        Reason(ExitCode exitCode) {
            this.exitCode = exitCode;
        }

        /** The code that a process ends with whose command cannot be run for this. */
        public ExitCode exitCode() {
            return exitCode;
        }
    }

    static CommandException notFound(String command) {
        int equals = EnvironmentFile.endOfVariable(command);
        if (equals > 0) {
            String variable = command.substring(0, equals) + "=..."; // what it is set to is nobody's business
            return new CommandException(
                    "command \"" + variable + "\" not found in PATH; to set a variable, write it as: env " + variable
                            + " COMMAND",
                    Reason.NOT_FOUND);
        }
        String words = command.indexOf(' ') > 0 ? "; it was passed as one word: pass each of its words by itself" : "";
        return new CommandException(
                "command " + quoted(command)
                        + (command.indexOf('/') >= 0 ? " not found: no such file or directory" : " not found in PATH")
                        + words,
                Reason.NOT_FOUND);
    }

    static CommandException notRunnable(String command, int errno) {
        if (errno == Errno.EAGAIN || errno == Errno.ENOMEM) {
            String limit = errno == Errno.EAGAIN
                    ? "no more processes are allowed (ulimit -u, or the container's limit)"
                    : "there is not enough memory";
            return new CommandException("command " + quoted(command) + " cannot be started: " + limit, Reason.NO_ROOM);
        }
        String why = errno == Errno.ENOEXEC
                ? "it is neither a program of this machine nor a script with a #! line"
                : Errno.describe(errno);
        return new CommandException("command " + quoted(command) + " cannot be run: " + why, Reason.REFUSED);
    }

    static CommandException interpreterMissing(String command) {
        return new CommandException(
                "command " + quoted(command) + " cannot be run: the interpreter that it names is not there",
                Reason.REFUSED);
    }

    /** A message is one line, whatever was typed. */
    private static String quoted(String command) {
        return '"' + Printable.line(command, 200) + '"';
    }

    /** Why: the difference between exit codes 127, 126 and 71. */
    public Reason reason() {
        return reason;
    }
}
