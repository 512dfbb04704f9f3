package dev.holdfast.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandDigestTest {
    @Test
    void sameCommandHasTheSameDigest() {
        assertThat(digest("/srv", "1", "node", "a.js")).isEqualTo(digest("/srv", "1", "node", "a.js"));
    }

    /** Three parts of no bytes are twelve zeros; the value is what FNV-1a says of these. */
    @Test
    void digestIsFnv1aOfThePartsWithTheirLengths() {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < 12; i++) {
            hash *= 0x100000001B3L;
        }
        assertThat(digest("", "", "")).isEqualTo("c-" + Long.toHexString(hash));
    }

    @Test
    void whatIsCutElsewhereIsAnotherCommand() {
        Set<String> digests = new HashSet<>(List.of(
                digest("/srv", "1", "sh", "-c", "ab"),
                digest("/srv", "1", "sh", "-ca", "b"),
                digest("/srv", "1", "sh", "-c", "ab", ""),
                digest("/srv", "1", "", "sh", "-c", "ab"),
                digest("/srv1", "", "sh", "-c", "ab"),
                digest("1", "/srv", "sh", "-c", "ab")));
        assertThat(digests).hasSize(6);
    }

    @Test
    void thousandVersionsHaveThousandDigests() {
        Set<String> digests = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            digests.add(digest("/srv", Integer.toString(i), "node", "a.js"));
            digests.add(digest("/srv", "1", "node", "a.js", "--port=" + i));
        }
        assertThat(digests).hasSize(2000);
    }

    @Test
    void bytesAreNotRead() {
        byte[] invalid = {(byte) 0xC3, (byte) 0x28};
        byte[] other = {(byte) 0xC3, (byte) 0x29};
        assertThat(CommandDigest.of(List.of(invalid), "/", "")).isNotEqualTo(CommandDigest.of(List.of(other), "/", ""));
    }

    private static String digest(String folder, String version, String... words) {
        return CommandDigest.of(
                Stream.of(words)
                        .map(word -> word.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                folder,
                version);
    }
}
