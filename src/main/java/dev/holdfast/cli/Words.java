package dev.holdfast.cli;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.RawText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Command-line words, as text and as the bytes that were typed.
 *
 * <p>The JVM decodes its arguments by the locale: in the C locale, in which many clients start their servers, every byte
 * above 127 becomes a question mark. So words that may have lost something are read again from {@code /proc}.
 */
final class Words {
    private final List<String> texts;
    private final List<byte[]> bytes;

    private Words(List<String> texts, List<byte[]> bytes) {
        this.texts = texts;
        this.bytes = bytes;
    }

    /** The last words of this process's command line. */
    static Words last(String[] arguments, int from) {
        List<String> texts = new ArrayList<>(arguments.length);
        boolean intact = true;
        for (int i = from; i < arguments.length; i++) {
            texts.add(arguments[i]);
            intact &= isSurelyIntact(arguments[i]);
        }
        return intact ? ofAscii(texts) : ofBytes(Self.lastArguments(texts.size()));
    }

    /** Words that were not typed like this. */
    static Words of(List<byte[]> bytes) {
        return ofBytes(bytes);
    }

    private static Words ofAscii(List<String> texts) {
        List<byte[]> bytes = new ArrayList<>(texts.size());
        for (String text : texts) {
            bytes.add(text.getBytes(StandardCharsets.US_ASCII));
        }
        return new Words(texts, bytes);
    }

    private static Words ofBytes(List<byte[]> bytes) {
        List<String> texts = new ArrayList<>(bytes.size());
        for (byte[] word : bytes) {
            String text = new String(word, StandardCharsets.UTF_8);
            texts.add(text.indexOf('\ufffd') < 0 ? text : RawText.of(word)); // a path, maybe
        }
        return new Words(texts, bytes);
    }

    private static boolean isSurelyIntact(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 126 || text.charAt(i) == '?') {
                return false;
            }
        }
        return true;
    }

    /** All but the first ones. */
    Words from(int index) {
        return new Words(texts.subList(index, texts.size()), bytesFrom(index));
    }

    int size() {
        return texts.size();
    }

    List<String> texts() {
        return texts;
    }

    List<byte[]> bytesFrom(int index) {
        return bytes.subList(index, bytes.size());
    }

    /** The bytes of one of the words, or of the end of one. */
    byte[] bytesOf(String end) {
        for (int i = texts.size() - 1; i >= 0; i--) {
            if (texts.get(i).endsWith(end)) {
                byte[] whole = bytes.get(i);
                int before = texts.get(i)
                        .substring(0, texts.get(i).length() - end.length())
                        .getBytes(StandardCharsets.UTF_8)
                        .length;
                return Arrays.copyOfRange(whole, before, whole.length);
            }
        }
        return end.getBytes(StandardCharsets.UTF_8);
    }
}
