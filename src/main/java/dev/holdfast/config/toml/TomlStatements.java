package dev.holdfast.config.toml;

/**
 * Cuts a TOML document into its statements, one {@code key = value} or {@code [table]} each, with the line on which it
 * begins.
 *
 * <p>Jackson's parser builds its whole tree before it gives the first token, and keeps no lines; nor does it go on after
 * a key that is said twice. So each statement is parsed by itself. This knows no more of TOML than where a line's end is
 * no end of a statement: in brackets and in multi-line strings. What is malformed is cut somewhere, and the parser finds
 * it.
 */
final class TomlStatements {
    private final String text;
    private int at;
    private int line = 1;
    private int firstLine = 1;

    TomlStatements(String text) {
        this.text = text;
    }

    /** Goes to the next statement; false when there is none. */
    boolean next() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                skipComment();
            } else if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
                step();
            } else {
                return true;
            }
        }
        return false;
    }

    /** Reads the statement, without the end of its last line. */
    String read() {
        firstLine = line;
        int depth = 0;
        int start = at;
        while (at < text.length() && (text.charAt(at) != '\n' || depth > 0)) {
            switch (text.charAt(at)) {
                case '"', '\'' -> skipString();
                case '#' -> skipComment();
                case '[', '{' -> {
                    depth++;
                    step();
                }
                case ']', '}' -> {
                    depth--;
                    step();
                }
                default -> step();
            }
        }
        return text.substring(start, at);
    }

    /** The line on which the statement begins, from 1. */
    int line() {
        return firstLine;
    }

    private void skipComment() {
        while (at < text.length() && text.charAt(at) != '\n') {
            step();
        }
    }

    private void skipString() {
        String quote = text.substring(at, at + 1);
        if (text.startsWith(quote.repeat(3), at)) {
            skipTo(quote.repeat(3), true);
            // Up to two more quotes belong to the string: """a"""""
            while (text.startsWith(quote, at)) {
                step();
            }
        } else {
            skipTo(quote, false);
        }
    }

    /** To behind the quote that closes a string; a string of one line ends with the line, closed or not. */
    private void skipTo(String quote, boolean multiLine) {
        boolean escapes = quote.charAt(0) == '"';
        step(quote.length());
        while (at < text.length() && !text.startsWith(quote, at)) {
            if (!multiLine && text.charAt(at) == '\n') {
                return;
            }
            step(escapes && text.charAt(at) == '\\' ? 2 : 1);
        }
        step(quote.length());
    }

    private void step(int count) {
        for (int i = 0; i < count && at < text.length(); i++) {
            step();
        }
    }

    private void step() {
        if (text.charAt(at++) == '\n') {
            line++;
        }
    }
}
