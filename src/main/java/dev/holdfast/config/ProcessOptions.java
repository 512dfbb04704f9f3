package dev.holdfast.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is different in the server's process from the launcher's; empty where nothing is.
 *
 * @param workingDirectory where it starts
 * @param umask file mode creation mask, 0 to 0777
 * @param environmentFiles files of {@code NAME=value} lines, the last one strongest
 * @param user name or number of the user
 * @param group name or number of the group
 * @param oomScoreAdjustment -1000 to 1000
 * @param niceness -20 to 19
 */
public record ProcessOptions(
        Optional<String> workingDirectory,
        OptionalInt umask,
        List<String> environmentFiles,
        Optional<String> user,
        Optional<String> group,
        OptionalInt oomScoreAdjustment,
        OptionalInt niceness) {
    private static final int OCTAL = 8;
    private static final int LARGEST_UMASK = 0777;

    /** Copies the list. */
    public ProcessOptions {
        environmentFiles = List.copyOf(environmentFiles);
    }

    static ProcessOptions read(OptionValues values) {
        return new ProcessOptions(
                values.nonEmpty(RunOption.CWD, "name a folder"),
                umask(values),
                environmentFiles(values),
                values.nonEmpty(RunOption.USER, "name a user"),
                values.nonEmpty(RunOption.GROUP, "name a group"),
                values.number(RunOption.OOM_SCORE_ADJ, -1000, 1000),
                values.number(RunOption.NICE, -20, 19));
    }

    private static List<String> environmentFiles(OptionValues values) {
        Optional<String> files = values.nonEmpty(RunOption.ENV_FILE, "name a file");
        return files.isPresent() ? List.of(files.get().split(",", -1)) : List.of();
    }

    private static OptionalInt umask(OptionValues values) {
        if (!values.isSet(RunOption.UMASK)) {
            return OptionalInt.empty();
        }
        String text = values.text(RunOption.UMASK);
        boolean octal = text.length() <= 4 && !text.startsWith("-") && !text.startsWith("+");
        try {
            int mask = Integer.parseInt(text, OCTAL);
            if (octal && mask <= LARGEST_UMASK) {
                return OptionalInt.of(mask);
            }
        } catch (NumberFormatException e) {
            octal = false; // told below
        }
        values.problem(RunOption.UMASK, "must be an octal number from 0 to 0777, such as 027");
        return OptionalInt.empty();
    }
}
