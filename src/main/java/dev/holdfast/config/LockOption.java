package dev.holdfast.config;

import java.util.List;

/**
 * The options of {@code holdfast lock}: one table for the parser, the help, the completion and the page about locks. Those that
 * flock(1) has are named as there, short ones too.
 */
public enum LockOption implements CommandOption {
    SHARED("-s --shared", "", "", "together with others that have it shared: for readers"),
    EXCLUSIVE("-x -e --exclusive", "", "", "alone: for writers; so it is unless --shared is said"),
    NONBLOCK("-n --nb --nonblocking --nonblock", "", "", "do not wait"),
    TIMEOUT(
            "-w --wait --timeout",
            "5s",
            "infinity",
            "how long to wait: 500ms, 5s, 2m, 1h, infinity; a bare number is seconds; 0 is --nonblock;"
                    + " 5s with --on-timeout"),
    ON_TIMEOUT(
            "--on-timeout",
            "fail|skip",
            "fail",
            "when the lock is not to be had in time: end with the conflict exit code, or skip the command with a warning"
                    + " and exit 0"),
    CONFLICT_EXIT_CODE(
            "-E --conflict-exit-code", "N", "1", "exit code when the lock is not to be had in time, 0 to 255"),
    INHERIT(
            "-F --no-fork --inherit",
            "",
            "",
            "become the command, which holds the lock itself, together with all that inherit it, until the last of them"
                    + " has ended"),
    CLOSE(
            "-o --close",
            "",
            "",
            "the command does not get the lock's descriptor, so what it leaves behind does not hold the lock; so it is"
                    + " unless --inherit is said"),
    COMMAND("-c --command", "COMMAND", "", "run a command line by $SHELL -c, or by /bin/sh"),
    ALLOW_NETWORK_LOCK(
            "--allow-network-lock",
            "",
            "false",
            "use a file on a network file system, which may grant a lock twice or none"),
    PROBE("--probe", "DIR", "", "test with two processes what locks are worth in a folder, and tell"),
    JSON("--json", "", "", "with --probe: print the result as JSON"),
    VERBOSE("-v --verbose", "", "", "tell who is waited for, and for how long that took");

    private final OptionRow row;

    /** The flags with a space in between, the long one that is ours last. */
    LockOption(String flags, String placeholder, String defaultText, String meaning) {
        row = new OptionRow(List.of(flags.split(" ")), placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
