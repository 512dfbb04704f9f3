package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plain words are taken as they are; what the JVM may have garbled is the business of the process tests. */
class WordsTest {
    @Test
    void plainWordsAreTaken() {
        Words words = Words.last(new String[] {"run", "-n", "x", "", "a b~"}, 1);
        assertThat(words.size()).isEqualTo(4);
        assertThat(words.texts()).containsExactly("-n", "x", "", "a b~");
        assertThat(words.bytesFrom(2)).containsExactly(new byte[0], "a b~".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void wordsThatMayBeGarbledAreReadFromTheSystem() {
        // This JVM's own last word is something else, which proves that it was asked.
        List<String> texts = Words.last(new String[] {"a?b"}, 0).texts();
        assertThat(texts).hasSize(1).doesNotContain("a?b");
    }
}
