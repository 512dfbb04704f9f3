package dev.holdfast.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of {@code holdfast run}, split into options and the server's command.
 *
 * <p>Options end at {@code --} or at the first word that is none, so that the server's own options are left alone.
 *
 * @param values what was said, by option; the empty text for a switch
 * @param commandIndex where in the arguments the command begins; their number when there is none
 */
public record RunArguments(Map<RunOption, String> values, int commandIndex) {
    /** What docker(1) has and this does not. */
    private static final Map<String, String> NOT_HERE =
            Map.of("-e", "to set a variable, write it before the command: env NAME=VALUE COMMAND");

    /**
     * Splits the arguments.
     *
     * @param arguments all that follows {@code run}
     * @return what was said
     * @throws SettingsException if an option is not known, or has no value
     */
    public static RunArguments parse(List<String> arguments) {
        ArgumentSplitter<RunOption> splitter = new ArgumentSplitter<>(List.of(RunOption.values()), arguments, NOT_HERE);
        int at = splitter.takeUpToCommand();
        splitter.throwProblems();
        return new RunArguments(splitter.values(), at);
    }

    /**
     * Those of some options that {@code holdfast run} has, too.
     *
     * @param values what was said, by option
     * @return what was said for them
     */
    public static Map<RunOption, String> among(Map<CommandOption, String> values) {
        Map<RunOption, String> found = new EnumMap<>(RunOption.class);
        for (Map.Entry<CommandOption, String> entry : values.entrySet()) {
            if (entry.getKey() instanceof RunOption option) {
                found.put(option, entry.getValue());
            }
        }
        return found;
    }
}
