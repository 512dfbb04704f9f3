package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code holdfast run}, split into options and the server's command.
 *
 * <p>As getopt_long(3) does it: {@code --name x}, {@code --name=x}, {@code -n x}, {@code -nx}, unambiguous beginnings
 * of long flags; options end at {@code --} or at the first word that is none, so that the server's own options are left
 * alone. By hand, since an option framework costs more than the whole rest of the way to the server's start; the help
 * has one.
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
        Map<RunOption, String> values = new EnumMap<>(RunOption.class);
        List<String> problems = new ArrayList<>();
        int at = 0;
        while (at < arguments.size()) {
            String word = arguments.get(at);
            if (word.equals("--")) {
                at++;
                break;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                break;
            }
            at += word.startsWith("--")
                    ? longOption(arguments, at, values, problems)
                    : shortOption(arguments, at, values, problems);
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        return new RunArguments(values, at);
    }

    /** Returns how many words were used. */
    private static int longOption(
            List<String> arguments, int at, Map<RunOption, String> values, List<String> problems) {
        String word = arguments.get(at);
        int equals = word.indexOf('=');
        String flag = equals < 0 ? word : word.substring(0, equals);
        RunOption option = find(flag);
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
            put(values, option, word.substring(equals + 1));
            return 1;
        }
        return nextWord(option, arguments, at, values, problems);
    }

    private static int shortOption(
            List<String> arguments, int at, Map<RunOption, String> values, List<String> problems) {
        String word = arguments.get(at);
        for (int letter = 1; letter < word.length(); letter++) {
            String flag = "-" + word.charAt(letter);
            RunOption option = find(flag);
            if (option == null) {
                problems.add(unknown(flag));
                return 1;
            }
            if (option.takesValue()) {
                if (letter + 1 < word.length()) {
                    put(values, option, word.substring(letter + 1));
                    return 1;
                }
                return nextWord(option, arguments, at, values, problems);
            }
            values.put(option, "");
        }
        return 1;
    }

    private static int nextWord(
            RunOption option, List<String> arguments, int at, Map<RunOption, String> values, List<String> problems) {
        if (at + 1 >= arguments.size() || arguments.get(at + 1).equals("--")) {
            problems.add("option " + option.longFlag() + " needs a value: " + option.placeholder());
            return 1;
        }
        put(values, option, arguments.get(at + 1));
        return 2;
    }

    private static void put(Map<RunOption, String> values, RunOption option, String value) {
        String before = values.get(option);
        values.put(option, before != null && option.isRepeatable() ? before + "," + value : value);
    }

    private static @Nullable RunOption find(String flag) {
        for (RunOption option : RunOption.values()) {
            if (option.flags().contains(flag)) {
                return option;
            }
        }
        List<RunOption> beginnings = beginningWith(flag);
        return beginnings.size() == 1 ? beginnings.get(0) : null;
    }

    private static List<RunOption> beginningWith(String flag) {
        List<RunOption> found = new ArrayList<>();
        for (RunOption option : RunOption.values()) {
            if (flag.length() > 3 && option.longFlag().startsWith(flag)) {
                found.add(option);
            }
        }
        return found;
    }

    private static String unknown(String flag) {
        List<RunOption> beginnings = beginningWith(flag);
        if (!beginnings.isEmpty()) {
            List<String> flags = beginnings.stream().map(RunOption::longFlag).toList();
            return "option " + flag + " is ambiguous: " + String.join(", ", flags);
        }
        String nearest = Suggestions.nearest(
                flag, Arrays.stream(RunOption.values()).map(RunOption::longFlag).toList());
        return "unknown option " + Printable.text(flag) + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?");
    }
}
