package dev.holdfast.session.template;

import dev.holdfast.config.InstanceName;
import dev.holdfast.session.template.Placeholder.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A template's text and the placeholders in it: <code>${VAR}</code>, <code>${VAR:-fallback}</code>, <code>${port:NAME}</code>, and
 * <code>$${</code> for a plain <code>${</code>. Each is on one line.
 *
 * <p>A parser reads the text with a <em>token</em> in each one's place: a number of eighteen digits, which may stand wherever a
 * name, a text or a number may.
 */
final class TemplateText {
    private static final String OPENING = "${";
    private static final String ESCAPED = "$${";
    private static final String FALLBACK = ":-";
    private static final String PORT = "port:";
    private static final String KNOWN = "there is ${VAR}, ${VAR:-default}, ${port:NAME}, and $${ for a plain ${";

    private static final char FIRST_DIGIT = '7';
    private static final long LEAST_MARK = 10_000_000_000L;
    private static final int MARK_LENGTH = 12;
    private static final int INDEX_LENGTH = 6;
    private static final int INDEXES = 1_000_000;

    private final List<Placeholder> placeholders = new ArrayList<>();
    private final String mark;
    private final String tokenized;

    /**
     * Finds the placeholders.
     *
     * @param source at most a million characters
     */
    TemplateText(String source) {
        int line = 1;
        int at = 0;
        while (at < source.length()) {
            if (source.startsWith(ESCAPED, at)) {
                placeholders.add(new Placeholder(at, ESCAPED, line, Kind.LITERAL, "", OPENING));
                at += ESCAPED.length();
            } else if (source.startsWith(OPENING, at)) {
                Placeholder found = placeholder(source, at, line);
                placeholders.add(found);
                at = found.end();
            } else if (source.charAt(at++) == '\n') {
                line++;
            }
        }
        mark = mark(source);
        tokenized = tokenized(source);
    }

    private static Placeholder placeholder(String source, int at, int line) {
        int close = at + OPENING.length();
        while (close < source.length() && "}\r\n".indexOf(source.charAt(close)) < 0) {
            close++;
        }
        if (close == source.length() || source.charAt(close) != '}') {
            return new Placeholder(at, OPENING, line, Kind.MALFORMED, "", "a \"${\" is not closed on its line");
        }
        String whole = source.substring(at, close + 1);
        String inner = source.substring(at + OPENING.length(), close);
        int fallback = inner.indexOf(FALLBACK);
        String name = fallback < 0 ? inner : inner.substring(0, fallback);
        if (inner.contains(OPENING)) {
            return new Placeholder(
                    at, whole, line, Kind.MALFORMED, "", "a \"${\" stands within another one, which is not known");
        }
        if (inner.startsWith(PORT) && InstanceName.isValid(inner.substring(PORT.length()))) {
            return new Placeholder(at, whole, line, Kind.PORT, inner.substring(PORT.length()), "");
        }
        if (!isVariable(name)) {
            return new Placeholder(
                    at, whole, line, Kind.MALFORMED, "", "a \"${\" of a form that is not known; " + KNOWN);
        }
        return fallback < 0
                ? new Placeholder(at, whole, line, Kind.VARIABLE, name, "")
                : new Placeholder(
                        at,
                        whole,
                        line,
                        Kind.VARIABLE_OR_FALLBACK,
                        name,
                        inner.substring(fallback + FALLBACK.length()));
    }

    /** Whether a shell could have a variable of that name. */
    static boolean isVariable(String name) {
        boolean isOne = !name.isEmpty() && !isDigit(name.charAt(0));
        for (int i = 0; isOne && i < name.length(); i++) {
            char c = name.charAt(i);
            isOne = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || isDigit(c) || c == '_';
        }
        return isOne;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Twelve digits that are not in the text. Only the first is a seven, so two of them never overlap. */
    private static String mark(String source) {
        for (long digits = LEAST_MARK; ; digits++) {
            String mark = FIRST_DIGIT + Long.toString(digits);
            if (mark.indexOf(FIRST_DIGIT, 1) < 0 && !source.contains(mark)) {
                return mark;
            }
        }
    }

    private String tokenized(String source) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int i = 0; i < placeholders.size(); i++) {
            text.append(source, at, placeholders.get(i).start());
            text.append(mark).append(Integer.toString(INDEXES + i).substring(1));
            at = placeholders.get(i).end();
        }
        return text.append(source, at, source.length()).toString();
    }

    /** In their order. */
    List<Placeholder> placeholders() {
        return placeholders;
    }

    /** The whole text, with tokens. Its lines are those of the template. */
    String tokenized() {
        return tokenized;
    }

    /** The placeholders whose tokens are in a piece of text. */
    List<Placeholder> in(String piece) {
        List<Placeholder> found = new ArrayList<>();
        for (int at = piece.indexOf(mark); at >= 0; at = piece.indexOf(mark, at + MARK_LENGTH + INDEX_LENGTH)) {
            found.add(at(piece, at));
        }
        return found;
    }

    /**
     * A piece of text with what stands for the tokens in it.
     *
     * @param value what stands for one
     */
    String replaced(String piece, Function<Placeholder, String> value) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int at = piece.indexOf(mark); at >= 0; at = piece.indexOf(mark, from)) {
            text.append(piece, from, at).append(value.apply(at(piece, at)));
            from = at + MARK_LENGTH + INDEX_LENGTH;
        }
        return text.append(piece, from, piece.length()).toString();
    }

    private Placeholder at(String piece, int at) {
        int index = at + MARK_LENGTH;
        return placeholders.get(Integer.parseInt(piece.substring(index, index + INDEX_LENGTH)));
    }
}
