package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The version in records and of {@code --version} is that of the pom. */
class VersionTest {
    @Test
    void versionIsThatOfThePom() throws IOException {
        Matcher version = Pattern.compile("<artifactId>holdfast</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Version.TEXT).isEqualTo(version.group(1));
    }
}
