package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of situations names tests that exist, one for each row. */
class FieldReportsTest {
    private static String page() throws IOException {
        return Files.readString(Path.of("src/site/markdown/field-reports.md"));
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException, ClassNotFoundException {
        assertThat(new NamedTests().missing(page())).isEmpty();
    }

    @Test
    void everyRowNamesATest() throws IOException {
        assertThat(page().lines()
                        .filter(line -> line.startsWith("| ") && !line.startsWith("| situation"))
                        .filter(line -> NamedTests.count(line) == 0))
                .isEmpty();
    }
}
