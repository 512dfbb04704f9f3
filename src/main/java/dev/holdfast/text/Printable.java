package dev.holdfast.text;

/**
 * Foreign text as part of what Holdfast says: what somebody typed, what a process calls itself, what stands in a file.
 * Nothing of it moves a terminal's cursor, ends a line, or turns the direction of reading.
 *
 * <p>Replaced by a question mark, each: control characters (C0, DEL and C1, among them the single-character CSI U+009B),
 * format characters (the bidirectional controls of UAX #9, zero-width ones, the byte-order mark), line and paragraph
 * separators, and surrogates without their other half. What was no UTF-8 has become U+FFFD when it was decoded. Safe for
 * use by many threads.
 *
 * @see <a href="https://www.unicode.org/reports/tr9/">UAX #9, Unicode Bidirectional Algorithm</a>
 */
public final class Printable {
    /** What is shown of a word that somebody typed. */
    private static final int WORD = 80;

    private static final char REPLACEMENT = '?';

    private Printable() {}

    /**
     * A word that somebody typed, for a message about it.
     *
     * @return at most 80 characters on one line
     */
    public static String text(String typed) {
        return line(typed, WORD);
    }

    /**
     * A whole text on one line.
     *
     * @param text anything
     * @return the text, as long as it was
     */
    public static String line(String text) {
        return line(text, Integer.MAX_VALUE);
    }

    /**
     * The beginning of a text, on one line.
     *
     * @param text anything
     * @param most how many characters at the most
     */
    public static String line(String text, int most) {
        return cleaned(text, most, false);
    }

    /**
     * A text of one or more lines, as it goes out: newlines and tabs stay.
     *
     * @param text anything
     */
    public static String lines(String text) {
        return cleaned(text, Integer.MAX_VALUE, true);
    }

    /**
     * What may stand in a quotation of a log line or a protocol: printable ASCII without quotes and backslashes.
     *
     * @param text anything
     * @param most how many characters at the most
     */
    public static String plain(String text, int most) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(most, text.length()); i++) {
            char c = text.charAt(i);
            shown.append(isAscii(c) && c != '"' && c != '\\' ? c : REPLACEMENT);
        }
        return shown.toString();
    }

    private static String cleaned(String text, int most, boolean keepsLines) {
        if (text.length() <= most && isClean(text, keepsLines)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(Math.min(most, text.length()));
        int count = 0;
        for (int at = 0; at < text.length() && count < most; count++) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            shown.appendCodePoint(mayStay(c, keepsLines) ? c : REPLACEMENT);
        }
        return shown.toString();
    }

    /** Most texts are: no table of Unicode's is read for them. */
    private static boolean isClean(String text, boolean keepsLines) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAscii(c) && !(keepsLines && isLayout(c))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a text is printable ASCII.
     *
     * @param text anything
     * @return true also for the empty text
     */
    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isAscii(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a character is printable ASCII.
     *
     * @param c a code point
     * @return false for controls, and for what other alphabets have
     */
    public static boolean isAscii(int c) {
        return c >= ' ' && c <= '~';
    }

    private static boolean isLayout(int c) {
        return c == '\n' || c == '\t';
    }

    private static boolean mayStay(int c, boolean keepsLines) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> keepsLines && isLayout(c);
            case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }
}
