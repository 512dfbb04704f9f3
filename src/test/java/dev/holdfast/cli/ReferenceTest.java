package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.CommandOption;
import dev.holdfast.config.LockOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of the reference, and that of the page about locks, say what the program does. */
class ReferenceTest {
    private static final String REFERENCE = "reference.md";

    @Test
    void optionsAreTheProgramsOwn() throws IOException {
        List<String> rows = Arrays.stream(RunOption.values())
                .map(option -> row(option, (option.variable().isEmpty() ? "" : "`" + option.variable() + "`") + " | "))
                .toList();
        assertThat(table(REFERENCE, "options")).isEqualTo(rows);
    }

    @Test
    void optionsOfLockAreTheProgramsOwn() throws IOException {
        List<String> rows = Arrays.stream(LockOption.values())
                .map(option -> row(option, ""))
                .toList();
        assertThat(table("locking.md", "lock options")).isEqualTo(rows);
    }

    @Test
    void exitCodesAreTheProgramsOwn() throws IOException {
        List<String> rows = Arrays.stream(ExitCode.values())
                .map(code -> "| " + code.number() + " | " + code.meaning() + " | " + code.source() + " |")
                .toList();
        assertThat(table(REFERENCE, "exit codes")).isEqualTo(rows);
    }

    /** A row of a table of options, with a column between the flags and the default where there are variables. */
    private static String row(CommandOption option, String variable) {
        String flags = String.join(", ", option.flags()) + (option.takesValue() ? " " + option.placeholder() : "");
        return "| `" + cell(flags) + "` | " + variable + option.defaultText() + " | " + cell(option.meaning()) + " |";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static List<String> table(String page, String name) throws IOException {
        String text = Files.readString(Path.of("src/site/markdown", page));
        int start = text.indexOf("<!-- " + name + ":");
        int end = text.indexOf("<!-- end of " + name + " -->");
        return text.substring(start, end)
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| flag") && !line.startsWith("| code"))
                .toList();
    }
}
