package dev.holdfast.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What strings say that a {@link JsonScanner} has gone over. */
final class JsonStrings {
    private JsonStrings() {}

    /** The text between its quotes, with its escapes; null when it is not UTF-8. */
    static @Nullable String decoded(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Of what was scanned: each escape is a right one. */
    static String unescaped(String text) {
        int escape = text.indexOf('\\');
        if (escape < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        for (; escape >= 0; escape = text.indexOf('\\', at)) {
            plain.append(text, at, escape);
            char c = text.charAt(escape + 1);
            boolean isCode = c == 'u';
            plain.append(isCode ? (char) Integer.parseInt(text, escape + 2, escape + 6, 16) : meant(c));
            at = escape + (isCode ? 6 : 2);
        }
        return plain.append(text, at, text.length()).toString();
    }

    private static char meant(char c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> c;
        };
    }
}
