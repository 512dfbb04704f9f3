package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of what the lock suites cover names tests that exist, in every row. */
class LockContractTableTest {
    private static final Path TABLE = Path.of("src/site/markdown/lock-contract.md");

    @Test
    void everyTestThatIsNamedExists() throws IOException, ClassNotFoundException {
        String table = Files.readString(TABLE);
        assertThat(new NamedTests().missing(table)).isEmpty();
        assertThat(NamedTests.count(table)).isGreaterThan(50);
    }

    @Test
    void everyRowNamesATest() throws IOException {
        List<String> silent = Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| ") && !line.equals("| behaviour | test |"))
                .filter(line -> NamedTests.count(line) == 0)
                .toList();
        assertThat(silent).isEmpty();
    }
}
