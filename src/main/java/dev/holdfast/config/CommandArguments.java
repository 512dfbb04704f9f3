package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command line of options, and of words that are none.
 *
 * @param values what was said, by option; the empty text for a switch
 * @param words the words among the options; where options end at the first of them, none
 * @param rest where what follows the options begins; the number of words when nothing does
 */
public record CommandArguments(Map<CommandOption, String> values, List<String> words, int rest) {
    /**
     * Reads options up to {@code --} or the first word that is none, as {@code holdfast run} does.
     *
     * @param options which there are
     * @param arguments all that follows the command
     * @throws SettingsException if an option is not known, or has no value
     */
    public static CommandArguments beforeCommand(List<CommandOption> options, List<String> arguments) {
        ArgumentSplitter<CommandOption> splitter = new ArgumentSplitter<>(options, arguments);
        int at = splitter.takeUpToCommand();
        splitter.throwProblems();
        return new CommandArguments(splitter.values(), List.of(), at);
    }

    /**
     * Reads options and one name at the most, in any order.
     *
     * @param options which there are
     * @param arguments all that follows the command
     * @throws SettingsException if an option is not known, or has no value, or if there are more words
     */
    public static CommandArguments withName(List<CommandOption> options, List<String> arguments) {
        ArgumentSplitter<CommandOption> splitter = new ArgumentSplitter<>(options, arguments);
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < arguments.size()) {
            if (splitter.isOptionAt(at)) {
                at = splitter.take(at);
            } else {
                words.add(arguments.get(at++));
            }
        }
        splitter.throwProblems();
        if (words.size() > 1) {
            throw new SettingsException(
                    List.of("one name, or none, and not " + words.size() + ": " + String.join(" ", words)), false);
        }
        return new CommandArguments(splitter.values(), words, at);
    }

    /**
     * Reads options and one name at the most, in any order, up to {@code --}, behind which the command is.
     *
     * @param options which there are
     * @param arguments all that follows the command
     * @param example for the message when there is no command, or more than a name before it
     * @throws SettingsException if an option is not known, or has no value, or if no command follows
     */
    public static CommandArguments withNameBeforeCommand(
            List<CommandOption> options, List<String> arguments, String example) {
        ArgumentSplitter<CommandOption> splitter = new ArgumentSplitter<>(options, arguments);
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < arguments.size() && !arguments.get(at).equals("--")) {
            if (splitter.isOptionAt(at)) {
                at = splitter.take(at);
            } else {
                words.add(arguments.get(at++));
            }
        }
        splitter.throwProblems();
        if (at + 1 >= arguments.size() || words.size() > 1) {
            throw new SettingsException(List.of("the command stands after --; as in: " + example), false);
        }
        return new CommandArguments(splitter.values(), words, at + 1);
    }

    /**
     * Reads options and any number of words, in any order, up to {@code --}, behind which there may be a command.
     *
     * @param options which there are
     * @param arguments all that follows the command
     * @throws SettingsException if an option is not known, or has no value
     */
    public static CommandArguments withWords(List<CommandOption> options, List<String> arguments) {
        ArgumentSplitter<CommandOption> splitter = new ArgumentSplitter<>(options, arguments);
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < arguments.size() && !arguments.get(at).equals("--")) {
            if (splitter.isOptionAt(at)) {
                at = splitter.take(at);
            } else {
                words.add(arguments.get(at++));
            }
        }
        splitter.throwProblems();
        return new CommandArguments(splitter.values(), words, Math.min(at + 1, arguments.size()));
    }

    /** The name that was typed; empty when none was. */
    public String name() {
        return words.isEmpty() ? "" : words.get(0);
    }

    /** Whether an option was said. */
    public boolean has(CommandOption option) {
        return values.containsKey(option);
    }

    /** What was said for an option; the empty text for a switch, and when nothing was. */
    public String value(CommandOption option) {
        return values.getOrDefault(option, "");
    }

    /** The options that are those of {@code holdfast run}, too. */
    public Map<RunOption, String> ofRun() {
        return RunArguments.among(values);
    }
}
