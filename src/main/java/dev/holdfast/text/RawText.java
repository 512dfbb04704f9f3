package dev.holdfast.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text of bytes that need not be UTF-8, such as the path of a folder, so that the bytes can be had back: each byte that is
 * no UTF-8 stands as a lone surrogate. Where such text is printed, a question mark stands for it.
 *
 * @see <a href="https://peps.python.org/pep-0383/">PEP 383, which Python does the same by</a>
 */
public final class RawText {
    private static final char REPLACEMENT = '\ufffd';
    private static final int FIRST = 0xdc00;
    private static final int LEAST = 0xdc80;
    private static final int MOST = 0xdcff;

    private RawText() {}

    /** The text of some bytes. */
    public static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decoded(bytes);
    }

    private static String decoded(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult end = decoder.decode(in, out, true); end.isError(); end = decoder.decode(in, out, true)) {
            for (int i = 0; i < end.length(); i++) {
                out.put((char) (FIRST + (in.get() & 0xff)));
            }
        }
        return out.flip().toString();
    }

    /** The bytes that a text is of. */
    public static byte[] bytes(String text) {
        return isUtf8(text) ? text.getBytes(StandardCharsets.UTF_8) : encoded(text);
    }

    /** Whether no byte stands as a surrogate in a text. */
    public static boolean isUtf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isByte(text, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isByte(String text, int at) {
        char each = text.charAt(at);
        return each >= LEAST && each <= MOST && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static byte[] encoded(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isByte(text, i)) {
                out.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
                out.write(text.charAt(i) - FIRST);
                from = i + 1;
            }
        }
        out.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
