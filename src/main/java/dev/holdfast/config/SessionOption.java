package dev.holdfast.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What {@code holdfast session} has beside the options of the commands that its actions stand for. */
public enum SessionOption implements CommandOption {
    SESSION(
            "--session",
            "ID",
            "MCP_SESSION_ID; else the terminal's session, or the parent's",
            "the session; list shows all that there are"),
    SESSIONS_DIR(
            "--sessions-dir",
            "DIR",
            "HOLDFAST_SESSIONS_DIR, or /tmp/mcp-sessions",
            "the folder that sessions are kept in"),
    TEMPLATE("--template", "", "", "init: the words that follow are templates, which are filled in for the session"),
    ALL("--all", "", "", "stop: all servers of the session"),
    DRY_RUN("--dry-run", "", "", "cleanup: do nothing, and tell what would be done"),
    LEADER(
            "--leader",
            "PID",
            "",
            "cleanup: as if the process PID, which leads a session, had ended; for a shell that is about to"),
    JSON("--json", "", "", "init, status, list, cleanup: as JSON");

    /** The folder that sessions are kept in. */
    public static final String FOLDER_VARIABLE = "HOLDFAST_SESSIONS_DIR";
    /** The session that a process belongs to, whatever its terminal is. */
    public static final String ID_VARIABLE = "MCP_SESSION_ID";

    private final OptionRow row;

    SessionOption(String flag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of("", flag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }

    /** What one action or another takes, as it can be completed: of options with a flag in common the first one. */
    static List<CommandOption> ofAllActions() {
        List<CommandOption> options = new ArrayList<>();
        Set<String> flags = new HashSet<>();
        for (String action : List.of("stop", "logs", "start")) {
            for (CommandOption option : of(action)) {
                if (Collections.disjoint(flags, option.flags())) {
                    options.add(option);
                    flags.addAll(option.flags());
                }
            }
        }
        return options;
    }

    /** What an action takes: these, and those of the command that it stands for. */
    public static List<CommandOption> of(String action) {
        List<CommandOption> options = new ArrayList<>(List.of(values()));
        switch (action) {
            case "start" -> options.addAll(CommandOption.of("start"));
            case "stop" -> options.add(RunOption.GRACE);
            case "logs" -> {
                for (LogsOption option : LogsOption.values()) {
                    if (option != LogsOption.OUTPUT) {
                        options.add(option);
                    }
                }
            }
            default -> {}
        }
        return options;
    }
}
