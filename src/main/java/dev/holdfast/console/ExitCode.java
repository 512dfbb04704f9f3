package dev.holdfast.console;

/**
 * The exit codes that are Holdfast's own; {@code run} otherwise passes the server's on. The reference has this
 * table, and a test compares.
 */
public enum ExitCode {
    OK(0, "the server's own success; stopped; running (status)", "exit(3)"),
    DEAD(
            1,
            "status: not running, its lock file is left; lock: not to be had in time (--conflict-exit-code changes it)",
            "LSB init script actions; flock(1)"),
    NOT_RUNNING(3, "status: not running", "LSB init script actions"),
    UNKNOWN(4, "status: cannot be verified", "LSB init script actions"),
    USAGE(64, "wrong usage", "sysexits.h EX_USAGE"),
    NO_LOCKS(65, "lock: the file system cannot lock the file", "flock(1); sysexits.h EX_DATAERR"),
    UNREADABLE(
            66,
            "an environment file or the working directory cannot be used; lock: the file cannot be opened; logs: there is none; history: a file of it cannot be read; client: there is no such file or server; session: there is no such session, server or template",
            "flock(1); sysexits.h EX_NOINPUT"),
    UNKNOWN_USER(67, "the server's user or group does not exist", "sysexits.h EX_NOUSER"),
    UNAVAILABLE(
            69,
            "the pre-start command failed; another process listens on an address of --listen; or the server was not ready in time, or fell silent, and ended with 0; start: it ended with 0 too soon; wait: it ended before it was ready; redeploy: it went back to the old command, or nobody serves; serve: it cannot listen; session: no port is left for a template",
            "sysexits.h EX_UNAVAILABLE"),
    INTERNAL(70, "internal error: please report it", "sysexits.h EX_SOFTWARE"),
    SYSTEM(71, "operating system error, or no Java 17", "sysexits.h EX_OSERR"),
    CANNOT_CREATE(
            73,
            "the lock file, the file for output, or the socket file of --listen cannot be made or written; client: the file is read-only, or cannot be replaced",
            "sysexits.h EX_CANTCREAT"),
    OUTPUT(74, "the result cannot be written to standard output", "sysexits.h EX_IOERR"),
    CONFLICT(
            75,
            "another instance is running (--conflict-exit-code changes it); wait: the time is over; redeploy: it cannot be done here, or was stopped; client: another program has changed the file meanwhile",
            "sysexits.h EX_TEMPFAIL"),
    UNSAFE(
            77,
            "the lock path, that of the output, or a client's file is unsafe or belongs to another user; or only root may start the server, or listen, so",
            "sysexits.h EX_NOPERM"),
    CONFIG(
            78,
            "bad configuration in the environment or a file; client: the file cannot be parsed; session: a template is wrong, or a variable of one is missing",
            "sysexits.h EX_CONFIG"),
    NOT_RUNNABLE(126, "the command cannot be run", "POSIX shell 2.8.2"),
    NOT_FOUND(127, "the command was not found", "POSIX shell 2.8.2");

    private final int number;
    private final String meaning;
    private final String source;

    ExitCode(int number, String meaning, String source) {
        this.number = number;
        this.meaning = meaning;
        this.source = source;
    }

    /** The code, 0 to 255. */
    public int number() {
        return number;
    }

    /**
     * What it means.
     *
     * @return words for the table
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Where the number comes from.
     *
     * @return a standard's or a manual's name
     */
    public String source() {
        return source;
    }
}
