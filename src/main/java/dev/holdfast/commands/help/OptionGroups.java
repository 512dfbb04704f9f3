package dev.holdfast.commands.help;

import dev.holdfast.config.RunOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The options of {@code holdfast run} under headings, for a reader who looks for one of fifty. */
final class OptionGroups {
    /** In the order of the table, which keeps together what belongs together: each from its first option to its last. */
    static final List<Group> OF_RUN = List.of(
            group("Which instance, and where its lock is", RunOption.NAME, RunOption.DATA_DIR),
            group("When another instance is running", RunOption.FORCE, RunOption.ACTIVATE_TIMEOUT),
            group("Stopping and signals", RunOption.GRACE, RunOption.MAP_EXIT),
            group("What is recorded, and the hand-off", RunOption.TRANSPORT, RunOption.HANDOFF),
            group("One MCP server for several clients", RunOption.SHARE, RunOption.HTTP_NO_TOKEN),
            group("Readiness and health", RunOption.READY_TIMEOUT, RunOption.WATCHDOG),
            group("Restarts", RunOption.RESTART, RunOption.RESTART_RESET),
            group("Commands around the server", RunOption.PRE_START, RunOption.HOOK_TIMEOUT),
            group("The server's process", RunOption.CWD, RunOption.NICE),
            group("The server's listening sockets", RunOption.LISTEN, RunOption.LISTEN_STDIN),
            group("The server's output", RunOption.OUTPUT, RunOption.OUTPUT_KEEP),
            group("What the registry of instances has", RunOption.DESCRIPTION, RunOption.CONFLICT_DETECTION),
            group("Health and metrics over HTTP", RunOption.METRICS, RunOption.METRICS_PORT),
            group("The launcher itself", RunOption.CONFIG, RunOption.QUIET));

    private OptionGroups() {}

    /**
     * Options that belong together.
     *
     * @param heading what they are about
     * @param options the options, in the order of the table
     */
    record Group(String heading, Set<RunOption> options) {}

    private static Group group(String heading, RunOption first, RunOption last) {
        return new Group(heading, EnumSet.range(first, last));
    }
}
