package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.CommandOption;
import dev.holdfast.config.LockOption;
import dev.holdfast.config.LogsOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.StartOption;
import dev.holdfast.config.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page for those who come from elsewhere names of ours is there. */
class ComingFromTest {
    @Test
    void optionsAndVariablesThatAreNamedExist() throws IOException {
        List<String> flags = new ArrayList<>();
        for (RunOption option : RunOption.values()) {
            flags.addAll(option.flags());
        }
        for (LockOption option : LockOption.values()) {
            flags.addAll(option.flags());
        }
        for (CommandOption option : StartOption.values()) {
            flags.addAll(option.flags());
        }
        for (CommandOption option : LogsOption.values()) {
            flags.addAll(option.flags());
        }
        List<String> ours = Files.readAllLines(Path.of("src/site/markdown/coming-from.md")).stream()
                .filter(line -> line.startsWith("|") && line.split("\\|").length > 2)
                .map(line -> line.split("\\|")[2])
                .toList();
        assertThat(ours).hasSizeGreaterThan(60);
        for (String cell : ours) {
            Matcher named = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+|HOLDFAST_[A-Z_]+")
                    .matcher(cell);
            while (named.find()) {
                String word = named.group();
                assertThat(word.startsWith("--") ? flags.contains(word) : Variables.isKnown(word))
                        .as("%s in %s", word, cell)
                        .isTrue();
            }
        }
    }
}
