package dev.holdfast.json;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a JSON object of texts, whole numbers, truth values, lists of texts, such objects and lists of them, in the order in
 * which they are given and without blanks. What it writes, {@link FlatObject} reads; every text is escaped here, so no caller has to remember it.
 *
 * <p>Not for more than one object, and not for several threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259, section 7, Strings</a>
 */
public final class FlatObjectWriter {
    private static final int USUAL_LENGTH = 512;
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder json = new StringBuilder(USUAL_LENGTH).append('{');

    /** Adds a whole number. */
    public FlatObjectWriter number(String key, long value) {
        key(key);
        json.append(value);
        return this;
    }

    /** Adds a truth value. */
    public FlatObjectWriter flag(String key, boolean value) {
        key(key);
        json.append(value);
        return this;
    }

    /** Adds a text, whatever is in it. */
    public FlatObjectWriter text(String key, String value) {
        key(key);
        quoted(value);
        return this;
    }

    /** Adds a text unless it is empty: a reader takes a key that is not there for an empty text. */
    public FlatObjectWriter textIfAny(String key, String value) {
        return value.isEmpty() ? this : text(key, value);
    }

    /** Adds a list of texts. */
    public FlatObjectWriter texts(String key, List<String> texts) {
        key(key);
        json.append('[');
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            quoted(texts.get(i));
        }
        json.append(']');
        return this;
    }

    /**
     * Adds an object.
     *
     * @param object which is ended by this
     */
    public FlatObjectWriter object(String key, FlatObjectWriter object) {
        key(key);
        json.append(object.end());
        return this;
    }

    /** Adds a list of whole numbers. */
    public FlatObjectWriter numbers(String key, long... numbers) {
        key(key);
        json.append('[');
        for (int i = 0; i < numbers.length; i++) {
            json.append(i > 0 ? "," : "").append(numbers[i]);
        }
        json.append(']');
        return this;
    }

    /**
     * Adds a list of objects.
     *
     * @param objects which are ended by this
     */
    public FlatObjectWriter objects(String key, List<FlatObjectWriter> objects) {
        key(key);
        json.append('[');
        for (int i = 0; i < objects.size(); i++) {
            json.append(i > 0 ? "," : "").append(objects.get(i).end());
        }
        json.append(']');
        return this;
    }

    /** The whole object; nothing can be added after it. */
    public String end() {
        return json.append('}').toString();
    }

    private void key(String key) {
        if (json.length() > 1) {
            json.append(',');
        }
        quoted(key);
        json.append(':');
    }

    private void quoted(String text) {
        json.append('"');
        if (isPlain(text)) {
            json.append(text).append('"');
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            } else if (c == '\ufffd') {
                json.append("\\ufffd"); // bare, a reader takes it for what was no UTF-8
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /**
     * Whether surely nothing of it is escaped. Most texts are written before the JVM has compiled anything: a loop over bytes,
     * without calls, takes a sixth of the time of the one above. What has no byte in this encoding becomes a question mark.
     */
    private static boolean isPlain(String text) {
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            if (b < ' ' || b == '"' || b == '\\' || b == '?') {
                return false;
            }
        }
        return true;
    }
}
