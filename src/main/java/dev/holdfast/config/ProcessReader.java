package dev.holdfast.config;

import dev.holdfast.settings.ProcessSettings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what is different in the server's process from the launcher's. */
final class ProcessReader {
    private static final int OCTAL = 8;
    private static final int LARGEST_UMASK = 0777;

    private ProcessReader() {}

    static ProcessSettings read(OptionValues values) {
        return new ProcessSettings(
                values.nonEmpty(RunOption.CWD, "name a folder"),
                umask(values),
                values.nonEmpty(RunOption.USER, "name a user"),
                values.number(RunOption.NICE, -20, 19),
                values.nonEmpty(RunOption.GROUP, "name a group"),
                values.number(RunOption.OOM_SCORE_ADJ, -1000, 1000),
                environmentFiles(values));
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
