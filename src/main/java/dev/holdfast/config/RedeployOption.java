package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;

/** What {@code holdfast redeploy} has beside the options of {@link RunOption run}. */
public enum RedeployOption implements CommandOption {
    /** How long it must run. */
    SETTLE("--settle", "5s", "5s", "how long the new server must run after it is ready, or the old command comes back"),
    /** Both at the same time. */
    OVERLAP(
            "--overlap",
            "",
            "",
            "start the new server while the old one serves, which is stopped when the new one is ready and has run for"
                    + " --settle; for servers that bear a second one beside them"),
    /** What must succeed before. */
    CHECK(
            "--check",
            "COMMAND",
            "none",
            "shell command that must succeed before anything is stopped; run beside the old server, in the new one's"
                    + " environment and folder"),
    /** Only the checks. */
    DRY_RUN("--dry-run", "", "", "check all that can be checked, and stop nothing"),
    /** The old server's environment. */
    KEEP_ENV("--keep-env", "", "", "the new server gets the environment of the old one, and not that of this command"),
    /** The caller's, although it is root's. */
    OWN_ENV(
            "--own-env",
            "",
            "",
            "root, for another user's instance: the new server gets the environment of this command");

    private final OptionRow row;

    RedeployOption(String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of("", longFlag, placeholder, defaultText, meaning);
    }

    /** The options of {@code run} that say where the instance is. */
    public static final List<RunOption> PLACE =
            List.of(RunOption.NAME, RunOption.SCOPE, RunOption.LOCK_DIR, RunOption.LOCK_FILE, RunOption.CONFIG);

    /** The options of {@code run} that a redeploy may change. */
    public static final List<RunOption> CHANGEABLE = List.of(
            RunOption.APP_VERSION,
            RunOption.GRACE,
            RunOption.STOP_SIGNAL,
            RunOption.READY_TIMEOUT,
            RunOption.READY_PORT,
            RunOption.READY_HTTP,
            RunOption.READY_LOG,
            RunOption.READY_COMMAND,
            RunOption.READY_FD,
            RunOption.WATCHDOG,
            RunOption.PRE_START,
            RunOption.POST_STOP,
            RunOption.HOOK_TIMEOUT,
            RunOption.CWD,
            RunOption.UMASK,
            RunOption.ENV_FILE,
            RunOption.USER,
            RunOption.GROUP,
            RunOption.OOM_SCORE_ADJ,
            RunOption.NICE);

    /** The options that the help tells. */
    public static List<CommandOption> typed() {
        List<CommandOption> options = new ArrayList<>(List.of(values()));
        options.addAll(CHANGEABLE);
        options.addAll(PLACE);
        return options;
    }

    /** All that can be read: these, and those of {@link RunOption run}, of which some are refused with the way out. */
    public static List<CommandOption> all() {
        List<CommandOption> options = new ArrayList<>(List.of(values()));
        options.addAll(List.of(RunOption.values()));
        return options;
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
