package dev.holdfast.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RawTextTest {
    @Test
    void whatIsUtf8IsTheUsualText() {
        for (String text : new String[] {"", "/srv/web", "/srv/\u00e4\u20ac", "\ud83d\ude00", "\ufffd"}) {
            assertThat(RawText.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
            assertThat(RawText.bytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Cut sequences, overlong ones, surrogates in UTF-8, Latin-1: whatever stands in a path. */
    @Test
    void anyBytesComeBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] likely = "a/\u00e4\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt(256);
            }
            assertThat(RawText.bytes(RawText.of(bytes))).as("seed %s", seed).isEqualTo(bytes);
        }
    }
}
