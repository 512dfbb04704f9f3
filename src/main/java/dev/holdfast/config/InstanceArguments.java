package dev.holdfast.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line of {@code holdfast status}, {@code stop}, {@code restart} and {@code reload}.
 *
 * @param command which of them
 * @param name the instance; empty when none was typed
 * @param values what was said, by option
 * @param isJson whether {@code --json} was
 */
public record InstanceArguments(String command, String name, Map<RunOption, String> values, boolean isJson) {
    /** The options that say where the lock is, which all of them have. */
    public static final List<RunOption> PLACE =
            List.of(RunOption.SCOPE, RunOption.LOCK_DIR, RunOption.LOCK_FILE, RunOption.CONFIG);

    private static final List<String> COMMANDS = List.of("status", "stop", "restart", "reload");

    /**
     * Reads the command line of one of these commands: a name or none, and options. By hand, since health checks come
     * every few seconds, and an option framework would cost several times the rest. What asks for help is left to one,
     * and what no name can be.
     *
     * @param words the command and all that follows it
     * @return what was said; empty when it is another command, or something else than options and a name
     * @throws SettingsException if an option is not known, or has no value
     */
    public static Optional<InstanceArguments> of(List<String> words) {
        if (words.isEmpty() || !COMMANDS.contains(words.get(0)) || asksForHelp(words)) {
            return Optional.empty();
        }
        String command = words.get(0);
        ArgumentSplitter<CommandOption> splitter = new ArgumentSplitter<>(CommandOption.of(command), words);
        String name = "";
        int at = 1;
        while (at < words.size()) {
            if (splitter.isOptionAt(at)) {
                at = splitter.take(at);
            } else if (isName(words.get(at)) && name.isEmpty()) {
                name = words.get(at++);
            } else {
                splitter.throwProblems(); // a value that is missing before it is not forgotten
                return Optional.empty();
            }
        }
        splitter.throwProblems();
        Map<CommandOption, String> typed = splitter.values();
        boolean isJson = typed.containsKey(StatusOption.JSON);
        return Optional.of(new InstanceArguments(command, name, RunArguments.among(typed), isJson));
    }

    private static boolean asksForHelp(List<String> words) {
        return words.contains("--help") || words.contains("-h");
    }

    /** No separator, and no file with further words, which begins with an at sign. */
    private static boolean isName(String word) {
        return !word.isEmpty() && word.charAt(0) != '-' && word.charAt(0) != '@';
    }
}
