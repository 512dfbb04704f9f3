package dev.holdfast.config;

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
        ArgumentSplitter<LockOption> splitter =
                new ArgumentSplitter<>(List.of(LockOption.values()), arguments, NOT_HERE);
        int file = arguments.size();
        boolean optionsOver = false;
        int at = 0;
        while (at < arguments.size()) {
            if (!optionsOver && arguments.get(at).equals("--")) {
                optionsOver = true;
                at++;
            } else if (!optionsOver && splitter.isOptionAt(at)) {
                at = splitter.take(at);
            } else if (file == arguments.size() && !splitter.values().containsKey(LockOption.PROBE)) {
                file = at++;
                // "flock -- FILE COMMAND", and "-- FILE -- COMMAND" for those who are careful
                if (optionsOver && at < arguments.size() && arguments.get(at).equals("--")) {
                    at++;
                }
            } else {
                break;
            }
        }
        splitter.throwProblems();
        return new LockArguments(splitter.values(), file, at);
    }

    /**
     * Whether an option was typed.
     *
     * @return true when it was
     */
    public boolean isSet(LockOption option) {
        return values.containsKey(option);
    }
}
