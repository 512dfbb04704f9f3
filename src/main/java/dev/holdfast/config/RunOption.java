package dev.holdfast.config;

import java.util.List;

/**
 * The options of {@code holdfast run}: one table for the parser, the help, the completion and the README.
 *
 * <p>Clients such as the MCP SDKs pass on only HOME, LOGNAME, PATH, SHELL, TERM and USER, so everything can be said by
 * flag.
 */
public enum RunOption {
    /** Name of the instance. */
    NAME(
            "-n",
            "--name",
            "HOLDFAST_SERVER_NAME",
            "NAME",
            "from the command",
            "instance name, [A-Za-z0-9._-]{1,64}; for interpreters and package runners the script or package"),
    /** Who shares the lock. */
    SCOPE(
            "",
            "--scope",
            "HOLDFAST_SCOPE",
            "machine|user",
            "machine",
            "one instance for all users (/tmp/NAME.lock) or one for each (/tmp/NAME-UID.lock)"),
    /** Folder of the lock file. */
    LOCK_DIR("", "--lock-dir", "HOLDFAST_LOCK_DIR", "DIR", "/tmp", "folder of the lock file; never $TMPDIR"),
    /** The lock file itself. */
    LOCK_FILE(
            "",
            "--lock-file",
            "HOLDFAST_LOCK_FILE",
            "FILE",
            "DIR/NAME.lock",
            "the lock file; inside a guarded server the variable names that server's own, and is not read"),
    /** Take over. */
    FORCE(
            "",
            "--force",
            "FORCE_TERMINATE",
            "",
            "false",
            "terminate a verified holder and take over; the variable takes true, 1, yes, on in any case"),
    /** What to do when it is held. */
    ON_CONFLICT(
            "",
            "--on-conflict",
            "HOLDFAST_ON_CONFLICT",
            "fail|wait|takeover|skip",
            "fail",
            "another instance runs: refuse, wait for its end, take over as --force, or exit 0 quietly"),
    /** How long to wait. */
    WAIT_TIMEOUT(
            "",
            "--wait-timeout",
            "HOLDFAST_WAIT_TIMEOUT",
            "30s",
            "for ever",
            "how long --on-conflict wait waits; then it refuses"),
    /** Exit code of a refusal. */
    CONFLICT_EXIT_CODE(
            "", "--conflict-exit-code", "", "N", "75", "exit code when another instance is running, 0 to 255"),
    /** From stop signal to SIGKILL. */
    GRACE(
            "",
            "--grace",
            "HOLDFAST_GRACE",
            "5s",
            "5s",
            "from stop signal to SIGKILL: 500ms, 5s, 2m, 1h; a bare number is seconds; 0 kills at once"),
    /** What the server gets on a stop. */
    STOP_SIGNAL("", "--stop-signal", "", "SIG", "as received", "what the server gets on a stop, by name or number"),
    /** Who gets signals. */
    FORWARD(
            "",
            "--forward",
            "HOLDFAST_FORWARD",
            "child|group|tree",
            "child",
            "who gets signals: the server alone, its process group, or all that descends from it"),
    /** What the server gets instead. */
    MAP_SIGNAL(
            "",
            "--map-signal",
            "HOLDFAST_MAP_SIGNAL",
            "A=B",
            "none",
            "forward signal B for signal A; A=0 drops it; may be repeated, or listed with commas;"
                    + " a stop signal that becomes another kind does not stop any more"),
    /** HUP is no stop. */
    RELOAD_ON_HUP(
            "",
            "--reload-on-hup",
            "HOLDFAST_RELOAD_ON_HUP",
            "",
            "false",
            "HUP is forwarded and does not stop; the variable takes true, 1, yes, on in any case"),
    /** What ends with the server. */
    KILL_MODE(
            "",
            "--kill-mode",
            "HOLDFAST_KILL_MODE",
            "tree|group|child",
            "tree",
            "what is ended with the server: all that descends from it, its process group, or nothing else"),
    /** Other exit codes. */
    MAP_EXIT(
            "",
            "--map-exit",
            "HOLDFAST_MAP_EXIT",
            "A=B",
            "none",
            "exit with B when the server's exit code is A, as in 143=0; may be repeated, or listed with commas"),
    /** How clients talk to the server. */
    TRANSPORT(
            "",
            "--transport",
            "HOLDFAST_TRANSPORT",
            "T",
            "stdio, recorded",
            "recorded; stdio, when said, also makes the client's closing of stdin and its death stop requests"),
    /** The server's version. */
    APP_VERSION("", "--app-version", "HOLDFAST_APP_VERSION", "V", "0", "recorded as the server's version"),
    /** Whether the launcher stays. */
    HANDOFF(
            "",
            "--handoff",
            "HOLDFAST_HANDOFF",
            "supervise|exec",
            "supervise",
            "exec replaces the launcher by the server: same pid, lock kept, no memory; the kernel frees the lock at its end"),
    /** How much is logged. */
    LOG_LEVEL(
            "",
            "--log-level",
            "HOLDFAST_LOGGING__LEVEL",
            "debug|info|warn|error|off",
            "info",
            "how much the launcher tells"),
    /** In which form. */
    LOG_FORMAT("", "--log-format", "HOLDFAST_LOGGING__FORMAT", "text|json", "text", "form of the launcher's log lines"),
    /** Where to. */
    LOG_FILE(
            "",
            "--log-file",
            "HOLDFAST_LOGGING__FILE",
            "FILE",
            "stderr",
            "append the launcher's log lines to a file instead of stderr"),
    /** More. */
    VERBOSE("-v", "--verbose", "", "", "", "same as --log-level debug"),
    /** Less. */
    QUIET("-q", "--quiet", "", "", "", "same as --log-level error");

    private final String shortFlag;
    private final String longFlag;
    private final String variable;
    private final String placeholder;
    private final String defaultText;
    private final String meaning;

    RunOption(
            String shortFlag,
            String longFlag,
            String variable,
            String placeholder,
            String defaultText,
            String meaning) {
        this.shortFlag = shortFlag;
        this.longFlag = longFlag;
        this.variable = variable;
        this.placeholder = placeholder;
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    /**
     * How it is typed.
     *
     * @return the flags, the long one last
     */
    public List<String> flags() {
        return shortFlag.isEmpty() ? List.of(longFlag) : List.of(shortFlag, longFlag);
    }

    /**
     * Its long flag.
     *
     * @return such as {@code --name}
     */
    public String longFlag() {
        return longFlag;
    }

    /**
     * Its environment variable.
     *
     * @return the name; empty when it has none
     */
    public String variable() {
        return variable;
    }

    /**
     * What stands for its value in the help.
     *
     * @return the word; empty for a switch
     */
    public String placeholder() {
        return placeholder;
    }

    /**
     * Whether it takes a value.
     *
     * @return false for a switch
     */
    public boolean takesValue() {
        return !placeholder.isEmpty();
    }

    /**
     * Whether it may be given more than once; then all of it counts.
     *
     * @return false when the last one wins
     */
    public boolean isRepeatable() {
        return placeholder.equals("A=B");
    }

    /**
     * What holds when nothing is said.
     *
     * @return words for the help; empty when there is nothing to say
     */
    public String defaultText() {
        return defaultText;
    }

    /**
     * What it does.
     *
     * @return half a sentence
     */
    public String meaning() {
        return meaning;
    }
}
