package dev.holdfast.config;

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
    /**
     * Splits the arguments.
     *
     * @param arguments all that follows {@code run}
     * @return what was said
     * @throws SettingsException if an option is not known, or has no value
     */
    public static RunArguments parse(List<String> arguments) {
        ArgumentSplitter<RunOption> splitter = new ArgumentSplitter<>(List.of(RunOption.values()), arguments);
        int at = 0;
        while (at < arguments.size() && splitter.isOptionAt(at)) {
            at = splitter.take(at);
        }
        if (at < arguments.size() && arguments.get(at).equals("--")) {
            at++;
        }
        splitter.throwProblems();
        return new RunArguments(splitter.values(), at);
    }
}
