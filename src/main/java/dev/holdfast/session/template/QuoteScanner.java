package dev.holdfast.session.template;

import dev.holdfast.session.template.Span.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the strings and the comments of a JSON or TOML text. What it finds in a text that is neither is of no use, and harmless: the
 * parser has the last word.
 */
final class QuoteScanner {
    private static final String THREE_DOUBLE = "\"\"\"";
    private static final String THREE_SINGLE = "'''";

    private final String text;
    private final boolean isToml;
    private final List<Span> spans = new ArrayList<>();
    private int at;

    private QuoteScanner(String text, boolean isToml) {
        this.text = text;
        this.isToml = isToml;
    }

    static List<Span> toml(String text) {
        return new QuoteScanner(text, true).scanned();
    }

    /** JSON, which may have comments: the parser says whether it may. */
    static List<Span> json(String text) {
        return new QuoteScanner(text, false).scanned();
    }

    private List<Span> scanned() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                string(isToml && text.startsWith(THREE_DOUBLE, at) ? THREE_DOUBLE : "\"", Style.ESCAPED);
            } else if (isToml && c == '\'') {
                string(text.startsWith(THREE_SINGLE, at) ? THREE_SINGLE : "'", Style.LITERAL);
            } else if (isToml ? c == '#' : text.startsWith("//", at)) {
                comment(lineEnd());
            } else if (!isToml && text.startsWith("/*", at)) {
                int close = text.indexOf("*/", at + 2);
                comment(close < 0 ? text.length() : close + 2);
            } else {
                at++;
            }
        }
        return spans;
    }

    private int lineEnd() {
        int newline = text.indexOf('\n', at);
        return newline < 0 ? text.length() : newline;
    }

    private void comment(int end) {
        spans.add(new Span(at, end, Style.COMMENT, ""));
        at = end;
    }

    private void string(String quote, Style style) {
        int start = at;
        at += quote.length();
        while (at < text.length() && !text.startsWith(quote, at)) {
            at += style == Style.ESCAPED && text.charAt(at) == '\\' ? 2 : 1;
        }
        // Up to two quotes before the three that close belong to the string, TOML 1.0
        int most = Math.min(text.length(), at + quote.length() + (quote.length() > 1 ? 2 : 0));
        int end = Math.min(text.length(), at + quote.length());
        while (end < most && text.charAt(end) == quote.charAt(0)) {
            end++;
        }
        String inner = style == Style.LITERAL && end - start >= 2 * quote.length()
                ? text.substring(start + quote.length(), end - quote.length())
                : "";
        spans.add(new Span(start, end, style, quote.length() > 1 ? withoutFirstNewline(inner) : inner));
        at = end;
    }

    private static String withoutFirstNewline(String inner) {
        return inner.startsWith("\r\n") ? inner.substring(2) : inner.startsWith("\n") ? inner.substring(1) : inner;
    }
}
