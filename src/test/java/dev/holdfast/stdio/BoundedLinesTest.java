package dev.holdfast.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines come out whole however they came in, and one that is too long comes out not at all. */
class BoundedLinesTest {
    private static final int LONGEST = 10_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 4095, 4096, 4097, 1_000_000})
    void linesDoNotDependOnThePieces(int piece) {
        String longest = "x".repeat(LONGEST);
        String input = "a\n\nbc\r\n" + longest + "\n" + longest + "y\nd\n" + longest + longest + longest + "\ne";
        assertThat(lines(input, piece)).containsExactly("a", "", "bc\r", longest, "d", "| e");
        assertThat(lines(input.substring(0, input.length() - 2), piece))
                .as("the last line is too long, and has no end")
                .containsExactly("a", "", "bc\r", longest, "d", "none");
    }

    @ParameterizedTest
    @CsvSource({"'', '| '", "'\n', ',| '", "'a', '| a'", "'a\nb\n', 'a,b,| '"})
    void shortInputs(String input, String lines) {
        assertThat(String.join(",", lines(input, 1))).isEqualTo(lines);
    }

    private static List<String> lines(String input, int size) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        BoundedLines lines = new BoundedLines(LONGEST);
        List<String> found = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += size) {
            int count = Math.min(size, bytes.length - at);
            // What stands behind the count is none of it.
            lines.add(Arrays.copyOfRange(bytes, at, at + size + 1), count);
            Optional<byte[]> line = lines.next();
            while (line.isPresent()) {
                found.add(new String(line.get(), StandardCharsets.UTF_8));
                line = lines.next();
            }
        }
        found.add(lines.rest()
                .map(rest -> "| " + new String(rest, StandardCharsets.UTF_8))
                .orElse("none"));
        long tooLong = Arrays.stream(input.split("\n", -1))
                .filter(line -> line.length() > LONGEST)
                .count();
        assertThat(lines.dropped()).isEqualTo((int) tooLong);
        return found;
    }
}
