package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The test kit's perl programs run where there is only Debian's perl-base, which every Debian has. */
class PerlHelpersTest {
    private static final Pattern USE = Pattern.compile("(?m)^\\s*(?:use|require) ([\\w:]+)");
    private static final Set<String> IN_PERL_BASE = Set.of(
            "strict", "warnings", "Fcntl", "IO::Select", "IO::Socket::INET", "IO::Socket::UNIX", "POSIX", "Socket");

    @Test
    void helpersUseOnlyModulesOfPerlBase() throws IOException {
        List<String> others = new ArrayList<>();
        try (DirectoryStream<Path> programs = Files.newDirectoryStream(Path.of("src/test/resources"), "*.pl")) {
            for (Path program : programs) {
                Matcher module = USE.matcher(Files.readString(program));
                while (module.find()) {
                    if (!IN_PERL_BASE.contains(module.group(1))) {
                        others.add(program.getFileName() + " uses " + module.group(1));
                    }
                }
            }
        }
        assertThat(others).isEmpty();
    }
}
