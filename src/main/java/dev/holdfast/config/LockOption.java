package dev.holdfast.config;

import java.util.List;

/**
 * The options of {@code holdfast lock}: one table for the parser, the help, the completion and the page about locks. Those that
 * flock(1) has are named as there, short ones too.
 */
public enum LockOption implements CommandOption {
    /** Together with others. */
    SHARED("-s --shared", "", "", "together with others that have it shared: for readers"),
    /** Alone. */
    EXCLUSIVE("-x -e --exclusive", "", "", "alone: for writers; so it is unless --shared is said"),
    /** Do not wait. */
    NONBLOCK("-n --nb --nonblocking --nonblock", "", "", "do not wait"),
    /** Wait for so long. */
    TIMEOUT(
            "-w --wait --timeout",
            "5s",
            "infinity",
            "how long to wait: 500ms, 5s, 2m, 1h, infinity; a bare number is seconds; 0 is --nonblock;"
                    + " 5s with --on-timeout"),
    /** What then. */
    ON_TIMEOUT(
            "--on-timeout",
            "fail|skip",
            "fail",
            "when the lock is not to be had in time: end with the conflict exit code, or skip the command with a warning"
                    + " and exit 0"),
    /** With which code. */
    CONFLICT_EXIT_CODE(
            "-E --conflict-exit-code", "N", "1", "exit code when the lock is not to be had in time, 0 to 255"),
    /** Leave the lock to the command. */
    INHERIT(
            "-F --no-fork --inherit",
            "",
            "",
            "become the command, which holds the lock itself, together with all that inherit it, until the last of them"
                    + " has ended"),
    /** What is done anyway. */
    CLOSE(
            "-o --close",
            "",
            "",
            "the command does not get the lock's descriptor, so what it leaves behind does not hold the lock; so it is"
                    + " unless --inherit is said"),
    /** A command for the shell. */
    COMMAND("-c --command", "COMMAND", "", "run a command line by $SHELL -c, or by /bin/sh"),
    /** Trust a network. */
    ALLOW_NETWORK_LOCK(
            "--allow-network-lock",
            "",
            "false",
            "use a file on a network file system, which may grant a lock twice or none"),
    /** Test a file system. */
    PROBE("--probe", "DIR", "", "test with two processes what locks are worth in a folder, and tell"),
    /** In a form for programs. */
    JSON("--json", "", "", "with --probe: print the result as JSON"),
    /** Tell more. */
    VERBOSE("-v --verbose", "", "", "tell who is waited for, and for how long that took");

    private final String flags;
    private final String placeholder;
    private final String defaultText;
    private final String meaning;

    LockOption(String flags, String placeholder, String defaultText, String meaning) {
        this.flags = flags;
        this.placeholder = placeholder;
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    @Override
    public List<String> flags() {
        return List.of(flags.split(" "));
    }

    @Override
    public String longFlag() {
        return flags.substring(flags.lastIndexOf(' ') + 1);
    }

    @Override
    public String placeholder() {
        return placeholder;
    }

    @Override
    public String defaultText() {
        return defaultText;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
