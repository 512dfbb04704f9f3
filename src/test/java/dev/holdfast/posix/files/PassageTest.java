package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory through which lines go, of whatever size it is. */
class PassageTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 100})
    void linesGoThroughInPieces(int size) {
        byte[][] lines = {
            "abc".getBytes(StandardCharsets.UTF_8),
            "d".getBytes(StandardCharsets.UTF_8),
            "efgh".getBytes(StandardCharsets.UTF_8)
        };
        StringBuilder all = new StringBuilder();
        try (Passage passage = new Passage(size)) {
            int line = 0;
            int from = 0;
            while (line < lines.length) {
                passage.clear();
                int first = line;
                boolean hasRoom = passage.putLine(lines[first], from);
                while (hasRoom && ++first < lines.length) {
                    hasRoom = passage.putLine(lines[first], 0);
                }
                int count = passage.length();
                assertThat(count).isPositive();
                all.append(new String(passage.take(count), StandardCharsets.UTF_8));
                from += count;
                while (line < lines.length && from > lines[line].length) {
                    from -= lines[line++].length + 1;
                }
            }
        }
        assertThat(all).hasToString("abc\nd\nefgh\n");
    }
}
