package dev.holdfast.commands.client;

/** The lines of a text, whichever way they end. */
final class Lines {
    private Lines() {}

    /** How the text's first line ends, so that new ones end alike. */
    static String newline(String text) {
        int first = text.indexOf('\n');
        return first > 0 && text.charAt(first - 1) == '\r' ? "\r\n" : "\n";
    }

    /** Where the line of a place begins; behind a byte-order mark. */
    static int start(String text, int at) {
        int start = text.lastIndexOf('\n', at - 1) + 1;
        return start == 0 && text.startsWith("\ufeff") ? 1 : start;
    }

    /** Before the characters that end the line of a place. */
    static int end(String text, int at) {
        int newline = text.indexOf('\n', at);
        if (newline < 0) {
            return text.length();
        }
        return newline > at && text.charAt(newline - 1) == '\r' ? newline - 1 : newline;
    }

    /**
     * Removes whole lines: with the end of the line before them where they are the last of a text without an end of line, else with
     * their own.
     *
     * @param start where the first one begins
     * @param end where the last one ends, before its end of line
     */
    static Edit remove(String text, int start, int end) {
        if (end < text.length()) {
            return Edit.remove(start, text.indexOf('\n', end) + 1);
        }
        boolean isAfterReturn = start > 1 && text.startsWith("\r\n", start - 2);
        return Edit.remove(start == 0 ? 0 : isAfterReturn ? start - 2 : start - 1, end);
    }
}
