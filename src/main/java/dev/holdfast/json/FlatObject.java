package dev.holdfast.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The texts, whole numbers and truth values of a JSON object, its lists of texts and the objects in it; all its other
 * values are checked and passed over.
 *
 * <p>Strict, since half of a record may have been overwritten by another one: nothing but blanks may follow the object,
 * no key may come twice, numbers must fit into 64 bits. Never throws for what it reads, needs time and memory in
 * proportion to it, and goes no deeper than {@value #DEEPEST} levels. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259, The JavaScript Object Notation</a>
 */
public final class FlatObject {
    static final int DEEPEST = 32;

    private final Map<String, Object> values;

    FlatObject(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Reads an object.
     *
     * @param utf8 the whole of the text
     * @return the object; empty when it is none, or not well-formed
     */
    public static Optional<FlatObject> parse(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            return Optional.empty(); // what is no UTF-8 was decoded as this
        }
        try {
            return Optional.of(new FlatObject(new Reader(text).wholeObject()));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The text; empty when there is none, or another kind of value. */
    public Optional<String> text(String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * A whole number.
     *
     * @param otherwise when there is none, or another kind of value
     */
    public long number(String key, long otherwise) {
        return values.get(key) instanceof Long number ? number : otherwise;
    }

    /**
     * A truth value.
     *
     * @return true when it is there and true
     */
    public boolean flag(String key) {
        return Boolean.TRUE.equals(values.get(key));
    }

    /**
     * The texts of a list, in its order; what is none among them is passed over.
     *
     * @return empty also when there is no list
     */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (values.get(key) instanceof List<?> list) {
            for (Object value : list) {
                if (value instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /** The objects in a list, without what else is in it; none when there is no list. */
    public List<FlatObject> objects(String key) {
        List<FlatObject> objects = new ArrayList<>();
        if (values.get(key) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof FlatObject object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    /** The object in it; empty when there is none, or another kind of value. */
    public Optional<FlatObject> object(String key) {
        return values.get(key) instanceof FlatObject object ? Optional.of(object) : Optional.empty();
    }

    /** Its keys, in no order. */
    public Set<String> keys() {
        return Set.copyOf(values.keySet());
    }

    /** Not well-formed. Carries nothing: nobody is told where. */
    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException() {
            super(null, null, false, false);
        }
    }

    /** Goes through the text once. */
    private static final class Reader {
        /** Stands for a value that nobody asks for. */
        private static final Object PASSED_OVER = new Object();

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Map<String, Object> wholeObject() throws MalformedException {
            Map<String, Object> values = new HashMap<>();
            skipBlanks();
            object(values, 1);
            skipBlanks();
            // A torn write leaves the tail of an older record.
            require(at == text.length());
            return values;
        }

        private void object(Map<String, Object> values, int depth) throws MalformedException {
            require(depth <= DEEPEST);
            expect('{');
            if (takes('}')) {
                return;
            }
            do {
                skipBlanks();
                String key = string();
                skipBlanks();
                expect(':');
                require(values.put(key, value(depth)) == null);
                skipBlanks();
            } while (takes(','));
            expect('}');
        }

        private List<Object> array(int depth) throws MalformedException {
            require(depth <= DEEPEST);
            List<Object> values = new ArrayList<>();
            expect('[');
            if (takes(']')) {
                return values;
            }
            do {
                values.add(value(depth));
                skipBlanks();
            } while (takes(','));
            expect(']');
            return values;
        }

        private Object value(int depth) throws MalformedException {
            skipBlanks();
            return switch (peek()) {
                case '"' -> string();
                case '{' -> {
                    Map<String, Object> values = new HashMap<>();
                    object(values, depth + 1);
                    yield new FlatObject(values);
                }
                case '[' -> array(depth + 1);
                case 't' -> word("true", true);
                case 'f' -> word("false", false);
                case 'n' -> word("null", PASSED_OVER);
                default -> number();
            };
        }

        private Object word(String word, Object value) throws MalformedException {
            require(text.startsWith(word, at));
            at += word.length();
            return value;
        }

        private Object number() throws MalformedException {
            int from = at;
            boolean negative = peek() == '-';
            at += negative ? 1 : 0;
            int first = at;
            digits();
            require(text.charAt(first) != '0' || at == first + 1);
            boolean whole = true;
            if (peek() == '.') {
                at++;
                digits();
                whole = false;
            }
            if (peek() == 'e' || peek() == 'E') {
                at++;
                at += peek() == '+' || peek() == '-' ? 1 : 0;
                digits();
                whole = false;
            }
            if (!whole) {
                return PASSED_OVER;
            }
            try {
                return Long.parseLong(text, from, at, 10);
            } catch (NumberFormatException e) {
                throw new MalformedException(); // does not fit into 64 bits
            }
        }

        private void digits() throws MalformedException {
            int from = at;
            while (peek() >= '0' && peek() <= '9') {
                at++;
            }
            require(at > from);
        }

        private String string() throws MalformedException {
            expect('"');
            int from = at;
            while (peek() != '"' && peek() != '\\') {
                require(peek() >= ' '); // the end, too
                at++;
            }
            if (peek() == '"') {
                return text.substring(from, at++);
            }
            StringBuilder unescaped = new StringBuilder().append(text, from, at);
            while (peek() != '"') {
                char c = peek();
                require(c >= ' ');
                at++;
                unescaped.append(c == '\\' ? escaped() : c);
            }
            at++;
            return unescaped.toString();
        }

        private char escaped() throws MalformedException {
            char c = peek();
            at++;
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> hexadecimal();
                default -> throw new MalformedException();
            };
        }

        private char hexadecimal() throws MalformedException {
            int code = 0;
            for (int i = 0; i < 4; i++) {
                char c = peek();
                int digit = c < 0x80 ? Character.digit(c, 16) : -1;
                require(digit >= 0);
                code = code * 16 + digit;
                at++;
            }
            return (char) code;
        }

        private void skipBlanks() {
            while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') {
                at++;
            }
        }

        /** The next character; 0, which may stand nowhere, behind the end. */
        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean takes(char wanted) {
            skipBlanks();
            boolean is = peek() == wanted;
            at += is ? 1 : 0;
            return is;
        }

        private void expect(char wanted) throws MalformedException {
            require(peek() == wanted);
            at++;
        }

        private static void require(boolean isSo) throws MalformedException {
            if (!isSo) {
                throw new MalformedException();
            }
        }
    }
}
