package dev.holdfast.console;

/**
 * The exit codes that are Holdfast's own; {@code run} otherwise passes the server's on. The reference has this
 * table, and a test compares.
 */
public enum ExitCode {
    /** All is well. */
    OK(0, "the server's own success; stopped; running (status)", "exit(3)"),
    /** Nobody holds the lock, but its file is there. */
    DEAD(
            1,
            "status: not running, its lock file is left; lock: not to be had in time (--conflict-exit-code changes it)",
            "LSB init script actions; flock(1)"),
    /** There is no lock file. */
    NOT_RUNNING(3, "status: not running", "LSB init script actions"),
    /** Somebody holds the lock, and it cannot be told who. */
    UNKNOWN(4, "status: cannot be verified", "LSB init script actions"),
    /** It was called wrongly. */
    USAGE(64, "wrong usage", "sysexits.h EX_USAGE"),
    /** The file system has no locks. */
    NO_LOCKS(65, "lock: the file system cannot lock the file", "flock(1); sysexits.h EX_DATAERR"),
    /** Something that was named cannot be read. */
    UNREADABLE(
            66,
            "an environment file or the working directory cannot be used; lock: the file cannot be opened; logs: there is none",
            "flock(1); sysexits.h EX_NOINPUT"),
    /** Somebody that was named is not known. */
    UNKNOWN_USER(67, "the server's user or group does not exist", "sysexits.h EX_NOUSER"),
    /** The server did not come up, or fell silent. */
    UNAVAILABLE(
            69,
            "the pre-start command failed; another process listens on an address of --listen; or the server was not ready in time, or fell silent, and ended with 0; start: it ended with 0 too soon; wait: it ended before it was ready; redeploy: it went back to the old command, or nobody serves",
            "sysexits.h EX_UNAVAILABLE"),
    /** A defect of Holdfast. */
    INTERNAL(70, "internal error: please report it", "sysexits.h EX_SOFTWARE"),
    /** The operating system lacks something or fails. */
    SYSTEM(71, "operating system error, or no Java 17", "sysexits.h EX_OSERR"),
    /** The lock file cannot be made. */
    CANNOT_CREATE(
            73,
            "the lock file, the file for output, or the socket file of --listen cannot be made or written",
            "sysexits.h EX_CANTCREAT"),
    /** The result cannot be told. */
    OUTPUT(74, "the result cannot be written to standard output", "sysexits.h EX_IOERR"),
    /** Another instance holds the lock. */
    CONFLICT(
            75,
            "another instance is running (--conflict-exit-code changes it); wait: the time is over; redeploy: it cannot be done here, or was stopped",
            "sysexits.h EX_TEMPFAIL"),
    /** The lock path cannot be trusted. */
    UNSAFE(
            77,
            "the lock path, or that of the output, is unsafe or belongs to another user; or only root may start the server, or listen, so",
            "sysexits.h EX_NOPERM"),
    /** A variable or a file says something impossible. */
    CONFIG(78, "bad configuration in the environment or a file", "sysexits.h EX_CONFIG"),
    /** The command was found and cannot be executed. */
    NOT_RUNNABLE(126, "the command cannot be run", "POSIX shell 2.8.2"),
    /** There is no such command. */
    NOT_FOUND(127, "the command was not found", "POSIX shell 2.8.2");

    private final int number;
    private final String meaning;
    private final String source;

    ExitCode(int number, String meaning, String source) {
        this.number = number;
        this.meaning = meaning;
        this.source = source;
    }

    /**
     * The code.
     *
     * @return 0 to 255
     */
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
