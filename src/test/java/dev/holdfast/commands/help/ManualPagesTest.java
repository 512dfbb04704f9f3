package dev.holdfast.commands.help;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.RunOption;
import dev.holdfast.console.ExitCode;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The manual pages have what the help has, and man(1) has nothing to say against them. */
@Timeout(120)
class ManualPagesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        ManualPages.main(new String[] {folder.toString()});
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(folder)) {
            return pages.sorted().toList();
        }
    }

    @Test
    void eachCommandHasAPageWithAllOfItsOptions() throws IOException {
        List<String> names = Commands.program().subcommands().keySet().stream()
                .filter(name -> !name.equals("help"))
                .map(name -> "holdfast-" + name + ".1")
                .toList();
        assertThat(pages())
                .extracting(page -> page.getFileName().toString())
                .containsAll(names)
                .hasSize(names.size() + 1);
        String run = Files.readString(folder.resolve("holdfast-run.1"));
        for (RunOption option : RunOption.values()) {
            assertThat(run).contains(option.longFlag().replace("-", "\\-"));
        }
        String program = Files.readString(folder.resolve("holdfast.1"));
        for (ExitCode code : ExitCode.values()) {
            assertThat(program).contains(".TP\n\\fB" + code.number() + "\\fR\n");
        }
        for (String topic : Topic.ids()) {
            assertThat(program).contains("holdfast help " + topic.replace("-", "\\-") + "\\fR\n");
        }
    }

    /** What a text begins with or has in it is never taken for a request. */
    @Test
    void textIsEscaped() {
        assertThat(new ManualText("a", "1")
                        .line(".so 'x' \\fB -y \"z\"")
                        .line("'br")
                        .toString())
                .endsWith("\n\\&.so \\(aqx\\(aq \\efB \\-y \\(dqz\\(dq\n\\&\\(aqbr\n");
    }

    @Test
    void manRendersEachWithoutAWarning() throws IOException {
        Programs.require("man");
        for (Path page : pages()) {
            ProcessBuilder builder = new ProcessBuilder("man", "--warnings", "-E", "UTF-8", "-l", page.toString());
            builder.environment().put("MANWIDTH", "80");
            builder.environment().put("LC_ALL", "C.UTF-8");
            try (Child man = Child.start(builder)) {
                assertThat(man.awaitExit()).as("%s", man).isZero();
                assertThat(man.stderr()).isEmpty();
                assertThat(man.stdout())
                        .contains("NAME", "SYNOPSIS", "DESCRIPTION")
                        .doesNotContain("\\-");
            }
            assertThat(Files.readString(page, StandardCharsets.US_ASCII)).startsWith(".TH \"HOLDFAST");
        }
    }
}
