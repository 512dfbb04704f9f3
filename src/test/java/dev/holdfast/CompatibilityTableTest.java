package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of behaviours names tests that exist, and leaves none out. */
class CompatibilityTableTest {
    private static final Pattern ROW = Pattern.compile("\\| ([TDCSY]\\d+) \\|.*");
    private static final Map<String, Integer> BEHAVIOURS = Map.of("T", 14, "D", 20, "C", 10, "S", 20, "Y", 11);

    private static String table = "";

    @BeforeAll
    static void read() throws IOException {
        table = Files.readString(Path.of("src/site/markdown/compatibility.md"));
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException, ClassNotFoundException {
        assertThat(new NamedTests().missing(table)).isEmpty();
        assertThat(NamedTests.count(table)).isGreaterThan(100);
    }

    @Test
    void noBehaviourIsLeftOut() {
        List<String> expected = Stream.of("T", "D", "C", "S", "Y")
                .flatMap(group -> IntStream.rangeClosed(1, BEHAVIOURS.getOrDefault(group, 0))
                        .mapToObj(number -> group + number))
                .toList();
        List<String> rows = table.lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
        assertThat(rows).isEqualTo(expected);
    }

    @Test
    void everyRowNamesATestOrSaysWhyNot() {
        List<String> silent = table.lines()
                .filter(line -> ROW.matcher(line).matches())
                .filter(line -> NamedTests.count(line) == 0)
                .filter(line -> !line.contains("does not apply"))
                .toList();
        assertThat(silent).isEmpty();
    }
}
