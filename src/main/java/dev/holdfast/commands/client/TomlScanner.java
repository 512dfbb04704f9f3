package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.ScalarNode;
import dev.holdfast.commands.client.TomlTree.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a TOML text stand that was parsed already: mistakes in it need not be told.
 *
 * @see <a href="https://toml.io/en/v1.0.0">TOML 1.0.0</a>
 */
final class TomlScanner {
    private static final String ESCAPED = "btnfre\"\\";
    private static final String MEANT = "\b\t\n\f\r\u001b\"\\";

    private final String text;
    private int at;

    TomlScanner(String text, int start) {
        this.text = text;
        at = start;
    }

    /** All of it. */
    MapNode root() {
        Table root = new Table(at);
        Table table = root;
        for (skip(); at < text.length(); skip()) {
            if (text.charAt(at) != '[') {
                member(table);
                continue;
            }
            int start = at;
            boolean isOfList = text.startsWith("[[", at);
            at += isOfList ? 2 : 1;
            List<TomlTree.Key> path = path();
            take(isOfList ? "]]" : "]");
            table = root.begin(path, start, isOfList);
        }
        return root.finished();
    }

    private void member(Table table) {
        List<TomlTree.Key> path = path();
        take("=");
        skipBlanks();
        table.put(path, value());
    }

    private List<TomlTree.Key> path() {
        List<TomlTree.Key> path = new ArrayList<>();
        do {
            at += path.isEmpty() ? 0 : 1; // the dot
            skipBlanks();
            int start = at;
            String name = isQuote() ? string() : bare(" \t.=]");
            path.add(new TomlTree.Key(start, at, name));
            skipBlanks();
        } while (charAt() == '.');
        return path;
    }

    private Node value() {
        int start = at;
        if (isQuote()) {
            String value = string();
            return new ScalarNode(start, at, value);
        }
        return switch (charAt()) {
            case '[' -> list();
            case '{' -> map();
            default -> {
                String value = bare(",]}#\r\n").stripTrailing();
                yield new ScalarNode(start, start + value.length(), value);
            }
        };
    }

    private ListNode list() {
        int start = at++;
        List<Node> items = new ArrayList<>();
        for (skip(); charAt() != ']'; skip()) {
            items.add(value());
            skipComma();
        }
        return new ListNode(start, ++at, items);
    }

    private MapNode map() {
        Table table = new Table(at++);
        for (skip(); charAt() != '}'; skip()) {
            member(table);
            skipComma();
        }
        return table.finished(++at);
    }

    private void skipComma() {
        skip();
        if (charAt() == ',') {
            at++;
        }
    }

    private boolean isQuote() {
        return charAt() == '"' || charAt() == '\'';
    }

    private String string() {
        char quote = charAt();
        String three = String.valueOf(quote).repeat(3);
        boolean isLong = text.startsWith(three, at);
        at += isLong ? 3 : 1;
        if (isLong && text.startsWith("\r\n", at)) {
            at += 2;
        } else if (isLong && charAt() == '\n') {
            at++;
        }
        StringBuilder value = new StringBuilder();
        while (!(isLong ? text.startsWith(three, at) : charAt() == quote)) {
            if (quote == '"' && charAt() == '\\') {
                escape(value);
            } else {
                value.append(charAt());
                at++;
            }
        }
        at += isLong ? 3 : 1;
        while (isLong && charAt() == quote) { // one or two of them may stand before the last three
            value.append(quote);
            at++;
        }
        return value.toString();
    }

    private void escape(StringBuilder value) {
        at++;
        char kind = charAt();
        int known = ESCAPED.indexOf(kind);
        if (known >= 0) {
            value.append(MEANT.charAt(known));
            at++;
        } else if (kind == 'u' || kind == 'U' || kind == 'x') {
            int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 2;
            int end = Math.min(text.length(), at + 1 + digits);
            value.appendCodePoint(Integer.parseInt(text, at + 1, end, 16));
            at = end;
        } else {
            while (TextBetween.isSpace(charAt())) { // a backslash at the end of a line
                at++;
            }
        }
    }

    /** Up to before one of these characters. */
    private String bare(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw lost();
        }
        return text.substring(start, at);
    }

    private void take(String expected) {
        skipBlanks();
        if (!text.startsWith(expected, at)) {
            throw lost();
        }
        at += expected.length();
    }

    private void skipBlanks() {
        while (charAt() == ' ' || charAt() == '\t') {
            at++;
        }
    }

    private void skip() {
        at = TextBetween.afterSpaceAndComments(text, at);
    }

    private char charAt() {
        if (at >= text.length()) {
            throw lost();
        }
        return text.charAt(at);
    }

    private static ClientFileException lost() {
        return ClientFileException.malformed("is written in a way that cannot be followed here");
    }
}
