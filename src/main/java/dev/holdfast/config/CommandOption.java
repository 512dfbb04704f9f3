package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;

/**
 * An option of a command: what the parser, the help, the completion and the reference are made from. Each command has an
 * enum of its own options, which is a table of {@linkplain OptionRow rows}.
 */
public interface CommandOption {
    /** Its row in the command's table. */
    OptionRow row();

    /** How it is typed: the flags, the long one that is ours last. */
    default List<String> flags() {
        return row().flags();
    }

    /** Such as {@code --name}. */
    default String longFlag() {
        List<String> flags = flags();
        return flags.get(flags.size() - 1);
    }

    /** What stands for its value in the help; empty for a switch. */
    default String placeholder() {
        return row().placeholder();
    }

    /** Whether it takes a value; a switch does not. */
    default boolean takesValue() {
        return !placeholder().isEmpty();
    }

    /** Whether it may be given more than once, and all of it counts; else the last one wins. */
    default boolean isRepeatable() {
        return false;
    }

    /** What stands between the values of one that was given more than once. */
    default String separator() {
        return ",";
    }

    /** What holds when nothing is said, in words for the help; empty when there is nothing to say. */
    default String defaultText() {
        return row().defaultText();
    }

    /** What it does, half a sentence. */
    default String meaning() {
        return row().meaning();
    }

    /**
     * All options of a command, its own ones first, in the order of the help.
     *
     * @param command such as {@code start}
     * @return its options; of a command that is not known, those that say where the lock is
     */
    static List<CommandOption> of(String command) {
        return switch (command) {
            case "run" -> List.of(RunOption.values());
            case "start" -> joined(StartOption.values(), List.of(RunOption.values()));
            case "redeploy" -> RedeployOption.typed();
            case "rollback" ->
                joined(new CommandOption[] {RedeployOption.SETTLE, RedeployOption.OVERLAP}, InstanceArguments.PLACE);
            case "lock" -> List.of(LockOption.values());
            case "config" -> joined(ConfigOption.values(), InstanceArguments.PLACE);
            case "doctor" ->
                joined(
                        DoctorOption.values(),
                        List.of(RunOption.LOCK_DIR, RunOption.TRACKING_DIR, RunOption.CONFLICT_DETECTION));
            case "resolve" -> joined(ResolveOption.values(), List.of(RunOption.LOCK_DIR, RunOption.TRACKING_DIR));
            case "ps" -> joined(PsOption.values(), List.of(RunOption.LOCK_DIR, RunOption.TRACKING_DIR));
            case "history" -> List.of(HistoryOption.values());
            case "client" -> List.of(ClientOption.values());
            case "session" -> SessionOption.ofAllActions();
            case "serve" -> List.of(ServeOption.values());
            case "mcp" -> List.of(McpOption.values());
            case "logs" -> List.of(LogsOption.values());
            case "wait" -> joined(WaitOption.values(), InstanceArguments.PLACE);
            case "status" -> joined(StatusOption.values(), InstanceArguments.PLACE);
            case "stop" -> joined(new CommandOption[] {RunOption.GRACE}, InstanceArguments.PLACE);
            default -> List.copyOf(InstanceArguments.PLACE);
        };
    }

    private static List<CommandOption> joined(CommandOption[] own, List<RunOption> ofRun) {
        List<CommandOption> options = new ArrayList<>(List.of(own));
        options.addAll(ofRun);
        return options;
    }
}
