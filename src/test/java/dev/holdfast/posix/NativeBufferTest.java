package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.text.RawText;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path is for the kernel: each of its bytes, and no other. */
class NativeBufferTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "/tmp/plain", "what?", "\u00e9t\u00e9", "\u20ac", "\ud83d\ude00", "?\u0153?", "\u007f\u0080"
            })
    void textIsUtf8(String text) {
        assertThat(copied(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xc3, 0xfe, 0xff})
    void whatIsNoUtf8StaysAsItIs(int odd) {
        byte[] bytes = {'a', (byte) odd, '?'};
        assertThat(copied(RawText.of(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\0", "\u20ac\0"})
    void nulIsRefused(String text) {
        assertThatThrownBy(() -> copied(text)).isInstanceOf(PosixException.class);
    }

    private static byte[] copied(String text) {
        try (NativeBuffer buffer = NativeBuffer.cString(text)) {
            return NativeBuffer.stringAt(buffer.address());
        }
    }
}
