package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of {@code holdfast lock}, split as flock(1) does it: options, the file, and from the first word that
 * is no option on, or after {@code --}, the command. Options may stand behind the file, too, and {@code -c} does there.
 *
 * @param values what was said, by option; the empty text for a switch
 * @param fileIndex where in the arguments the file is; their number when there is none
 * @param commandIndex where the command begins; their number when there is none
 */
public record LockArguments(Map<LockOption, String> values, int fileIndex, int commandIndex) {
    /** What flock(1) has and this does not. */
    private static final Map<String, String> NOT_HERE = Map.of(
            "-u", "the lock is freed when the command ends; for a lock on a descriptor of your shell use flock(1)",
            "--unlock",
                    "the lock is freed when the command ends; for a lock on a descriptor of your shell use flock(1)",
            "--fd", "locks on a descriptor of your shell are flock(1)'s; name the FILE and a COMMAND instead",
            "--fcntl", "the lock is flock(2), as that of flock(1) without --fcntl",
            "--start", "the whole file is locked",
            "--length", "the whole file is locked");

    /**
     * Splits the arguments.
     *
     * @param arguments all that follows {@code lock}
     * @return what was said
     * @throws SettingsException if an option is not known, or has no value
     */
    public static LockArguments parse(List<String> arguments) {
        Splitting splitting = new Splitting(arguments);
        splitting.split();
        if (!splitting.problems.isEmpty()) {
            throw new SettingsException(splitting.problems, false);
        }
        return new LockArguments(splitting.values, splitting.file, splitting.at);
    }

    /**
     * Whether an option was typed.
     *
     * @param option the option
     * @return true when it was
     */
    public boolean isSaid(LockOption option) {
        return values.containsKey(option);
    }

    private static final class Splitting {
        private final List<String> arguments;
        private final Map<LockOption, String> values = new EnumMap<>(LockOption.class);
        private final List<String> problems = new ArrayList<>();
        private int file;
        private int at;

        Splitting(List<String> arguments) {
            this.arguments = arguments;
            file = arguments.size();
        }

        void split() {
            boolean optionsOver = false;
            while (at < arguments.size()) {
                String word = arguments.get(at);
                if (word.equals("--") && !optionsOver) {
                    optionsOver = true;
                    at++;
                } else if (!optionsOver && word.length() > 1 && word.charAt(0) == '-') {
                    at += word.startsWith("--") ? longOption(word) : shortOptions(word);
                } else if (file == arguments.size() && !values.containsKey(LockOption.PROBE)) {
                    file = at++;
                    // "flock -- FILE COMMAND", and "-- FILE -- COMMAND" for those who are careful
                    if (optionsOver
                            && at < arguments.size()
                            && arguments.get(at).equals("--")) {
                        at++;
                    }
                } else {
                    return;
                }
            }
        }

        /** Returns how many words were used, as the next one. */
        private int longOption(String word) {
            int equals = word.indexOf('=');
            String flag = equals < 0 ? word : word.substring(0, equals);
            LockOption option = LockOption.find(flag);
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
                values.put(option, word.substring(equals + 1));
                return 1;
            }
            return nextWord(option);
        }

        private int shortOptions(String word) {
            for (int letter = 1; letter < word.length(); letter++) {
                LockOption option = LockOption.find("-" + word.charAt(letter));
                if (option == null) {
                    problems.add(unknown("-" + word.charAt(letter)));
                    return 1;
                }
                if (option.takesValue()) {
                    if (letter + 1 < word.length()) {
                        values.put(option, word.substring(letter + 1));
                        return 1;
                    }
                    return nextWord(option);
                }
                values.put(option, "");
            }
            return 1;
        }

        private int nextWord(LockOption option) {
            if (at + 1 >= arguments.size() || arguments.get(at + 1).equals("--")) {
                problems.add("option " + option.longFlag() + " needs a value: " + option.placeholder());
                return 1;
            }
            values.put(option, arguments.get(at + 1));
            return 2;
        }
    }

    private static String unknown(String flag) {
        String instead = NOT_HERE.get(flag);
        if (instead != null) {
            return "there is no option " + flag + " here: " + instead;
        }
        String nearest = Suggestions.nearest(flag, LockOption.allFlags());
        return "unknown option " + Printable.text(flag)
                + (nearest.isEmpty() || flag.length() < 4 ? "" : "; did you mean " + nearest + "?");
    }
}
