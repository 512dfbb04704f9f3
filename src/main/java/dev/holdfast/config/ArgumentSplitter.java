package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the options of a command out of its arguments, for all commands alike.
 *
 * <p>As getopt_long(3) does it: {@code --name x}, {@code --name=x}, {@code -n x}, {@code -nx}, unambiguous beginnings
 * of long flags. Which words are no options, and where options end, is each command's own affair. By hand, since an
 * option framework costs more than the whole rest of the way to the server's start; the help has one.
 *
 * @param <O> the options
 */
final class ArgumentSplitter<O extends CommandOption> {
    /** Two hyphens and one letter begin too many flags. */
    private static final int LONGEST_THAT_BEGINS_NOTHING = 3;

    private final List<O> options;
    private final List<String> arguments;
    private final Map<O, String> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> notHere;

    /** A splitter of these arguments. */
    ArgumentSplitter(List<O> options, List<String> arguments) {
        this(options, arguments, Map.of());
    }

    /** The same, where some flags of a program that people know are not there, with what to do instead. */
    ArgumentSplitter(List<O> options, List<String> arguments, Map<String, String> notHere) {
        this.options = options;
        this.arguments = arguments;
        this.notHere = notHere;
    }

    /** Whether an option stands there; a lone hyphen is a word, and two end the options. */
    boolean isOptionAt(int at) {
        String word = arguments.get(at);
        return word.length() > 1 && word.charAt(0) == '-' && !word.equals("--");
    }

    /** Takes the option that stands there, or the several short ones; the index of the next word. */
    int take(int at) {
        return at + (arguments.get(at).startsWith("--") ? longOption(at) : shortOptions(at));
    }

    /** Takes options up to {@code --} or the first word that is none; the index of what follows. */
    int takeUpToCommand() {
        int at = 0;
        while (at < arguments.size() && isOptionAt(at)) {
            at = take(at);
        }
        return at < arguments.size() && arguments.get(at).equals("--") ? at + 1 : at;
    }

    /** What was taken so far, by option; the empty text for a switch. */
    Map<O, String> values() {
        return values;
    }

    /**
     * Ends the splitting.
     *
     * @throws SettingsException if an option is not known, or has no value; it tells all problems together
     */
    void throwProblems() {
        if (!problems.isEmpty()) {
            SettingsException.throwIfAny(problems, false);
        }
    }

    /** Returns how many words were used. */
    private int longOption(int at) {
        String word = arguments.get(at);
        int equals = word.indexOf('=');
        String flag = equals < 0 ? word : word.substring(0, equals);
        O option = find(flag);
        if (option == null) {
            problems.add(unknown(flag));
            return 1;
        }
        if (!option.takesValue()) {
            if (equals >= 0) {
                problems.add("option " + option.longFlag() + " takes no value");
            }
            values.put(option, "");
            return 1;
        }
        if (equals >= 0) {
            put(option, word.substring(equals + 1));
            return 1;
        }
        return nextWord(option, at);
    }

    private int shortOptions(int at) {
        String word = arguments.get(at);
        for (int letter = 1; letter < word.length(); letter++) {
            String flag = "-" + word.charAt(letter);
            O option = find(flag);
            if (option == null) {
                problems.add(unknown(flag));
                return 1;
            }
            if (option.takesValue()) {
                if (letter + 1 < word.length()) {
                    put(option, word.substring(letter + 1));
                    return 1;
                }
                return nextWord(option, at);
            }
            values.put(option, "");
        }
        return 1;
    }

    private int nextWord(O option, int at) {
        if (at + 1 >= arguments.size() || arguments.get(at + 1).equals("--")) {
            problems.add("option " + option.longFlag() + " needs a value: " + option.placeholder());
            return 1;
        }
        put(option, arguments.get(at + 1));
        return 2;
    }

    private void put(O option, String value) {
        String before = values.get(option);
        values.put(option, before != null && option.isRepeatable() ? before + option.separator() + value : value);
    }

    /** The option of a flag, or of an unambiguous beginning of a long one; null when there is none. */
    private @Nullable O find(String flag) {
        O begun = null;
        boolean isAmbiguous = false;
        for (O option : options) {
            if (option.flags().contains(flag)) {
                return option;
            }
            if (!beginning(option, flag).isEmpty()) {
                isAmbiguous = begun != null;
                begun = option;
            }
        }
        return isAmbiguous ? null : begun;
    }

    /** The option's flag that begins so, ours before those of others; empty when none does. */
    private static String beginning(CommandOption option, String beginning) {
        String found = "";
        for (String flag : option.flags()) {
            if (beginning.length() > LONGEST_THAT_BEGINS_NOTHING && flag.startsWith(beginning)) {
                found = flag;
            }
        }
        return found;
    }

    private String unknown(String flag) {
        String instead = notHere.get(flag);
        if (instead != null) {
            return "there is no option " + flag + " here: " + instead;
        }
        List<String> meant = new ArrayList<>();
        List<String> all = new ArrayList<>();
        for (O option : options) {
            String begun = beginning(option, flag);
            if (!begun.isEmpty()) {
                meant.add(begun);
            }
            all.addAll(option.flags());
        }
        if (!meant.isEmpty()) {
            return "option " + flag + " is ambiguous; did you mean " + anyOf(meant) + "?";
        }
        // Of two letters any other option is one mistake away.
        String nearest = flag.length() > LONGEST_THAT_BEGINS_NOTHING ? Suggestions.nearest(flag, all) : "";
        return "unknown option " + Printable.text(flag) + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?");
    }

    /** {@code a, b or c}. */
    private static String anyOf(List<String> flags) {
        int last = flags.size() - 1;
        return String.join(", ", flags.subList(0, last)) + " or " + flags.get(last);
    }
}
