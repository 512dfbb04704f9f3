package dev.holdfast.config.toml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import dev.holdfast.config.ConfigEntry;
import dev.holdfast.config.InstanceName;
import dev.holdfast.config.TomlReader.LineProblem;
import dev.holdfast.text.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a TOML document into its values, each with its line, and goes on after a mistake so that all are found.
 *
 * <p>Every statement is parsed alone; what is wrong only with all of them together, such as a table that is defined in
 * two ways, is found by parsing the whole document once more. The parser's messages name tokens, not what is in them.
 */
final class TomlEntries {
    private final TomlFactory toml = new TomlFactory();
    private final List<ConfigEntry> entries = new ArrayList<>();
    private final List<LineProblem> problems = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private String table = "";

    TomlEntries(String document) {
        TomlStatements statements = new TomlStatements(document);
        while (statements.next()) {
            String statement = statements.read();
            read(statement, statements.line());
        }
        if (problems.isEmpty()) {
            parse(document, 1);
        }
    }

    List<ConfigEntry> entries() {
        return entries;
    }

    List<LineProblem> problems() {
        return problems;
    }

    private void read(String statement, int line) {
        boolean header = statement.startsWith("[");
        if (header) {
            table = "";
        }
        Node root = parse(statement, line);
        if (root == null) {
            return;
        }
        if (header) {
            readHeader(root, line);
            return;
        }
        root.fields.forEach((key, value) -> {
            if (table.isEmpty() && value.kind == ConfigEntry.Kind.TABLE) {
                value.fields.forEach((inner, innerValue) -> add(key, inner, innerValue, line));
            } else {
                add(table, key, value, line);
            }
        });
    }

    private void readHeader(Node root, int line) {
        Map.Entry<String, Node> named = root.fields.entrySet().iterator().next();
        table = named.getKey();
        if (named.getValue().kind != ConfigEntry.Kind.TABLE) {
            problem(line, "a table is [" + Printable.text(table) + "], in single brackets");
            return;
        }
        StringBuilder path = new StringBuilder(table);
        Node inner = named.getValue();
        while (!inner.fields.isEmpty()) {
            Map.Entry<String, Node> next = inner.fields.entrySet().iterator().next();
            path.append('.').append(next.getKey());
            inner = next.getValue();
        }
        if (path.length() != table.length()) {
            table = path.toString();
            problem(line, "a table's name with a dot in it must be quoted: [\"" + Printable.text(table) + "\"]");
        } else if (!InstanceName.isValid(table)) {
            problem(line, "table \"" + Printable.text(table) + "\" is no instance's: its name " + InstanceName.RULE);
        }
        isNew("[" + table, "table \"" + Printable.text(table) + "\"", line);
    }

    private void add(String in, String key, Node value, int line) {
        if (isNew(in + "\n" + key, Printable.text(key), line)) {
            entries.add(new ConfigEntry(in, key, value.kind, value.texts, line));
        }
    }

    private boolean isNew(String what, String words, int line) {
        Integer before = lines.putIfAbsent(what, line);
        if (before != null) {
            problem(line, words + " was said already, on line " + before);
        }
        return before == null;
    }

    private void problem(int line, String text) {
        problems.add(new LineProblem(line, text));
    }

    private @Nullable Node parse(String text, int firstLine) {
        try (JsonParser parser = toml.createParser(text)) {
            parser.nextToken();
            return Node.read(parser);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            problem(firstLine + line - 1, "syntax error: " + reason(e));
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot be: it reads from a string
        }
    }

    /** The parser's first sentence, in a line; in parentheses it repeats numbers that are too long. */
    private static String reason(JsonProcessingException e) {
        String text = String.valueOf(e.getOriginalMessage());
        if (text.startsWith("Premature end")) {
            return "a value, a quote or a bracket is missing"; // the statement's end, not the file's
        }
        String sentence = Printable.text(beginning(beginning(text, " ("), ". "));
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    private static String beginning(String text, String end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }

    /** A value as the parser gives it. */
    private static final class Node {
        private final ConfigEntry.Kind kind;
        private final List<String> texts = new ArrayList<>();
        private final Map<String, Node> fields = new LinkedHashMap<>();

        private Node(ConfigEntry.Kind kind) {
            this.kind = kind;
        }

        /** Reads what begins with the parser's current token, up to its last. */
        static Node read(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case START_OBJECT -> readTable(parser);
                case START_ARRAY -> readList(parser);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(ConfigEntry.Kind.NUMBER, parser);
                case VALUE_TRUE, VALUE_FALSE -> scalar(ConfigEntry.Kind.BOOLEAN, parser);
                default -> scalar(ConfigEntry.Kind.STRING, parser);
            };
        }

        private static Node scalar(ConfigEntry.Kind kind, JsonParser parser) throws IOException {
            Node node = new Node(kind);
            node.texts.add(parser.getText());
            return node;
        }

        private static Node readTable(JsonParser parser) throws IOException {
            Node node = new Node(ConfigEntry.Kind.TABLE);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                node.fields.put(name, read(parser));
            }
            return node;
        }

        private static Node readList(JsonParser parser) throws IOException {
            Node list = new Node(ConfigEntry.Kind.LIST);
            boolean strings = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                Node element = read(parser);
                strings &= element.kind == ConfigEntry.Kind.STRING;
                list.texts.addAll(element.texts);
            }
            if (strings) {
                return list;
            }
            return new Node(ConfigEntry.Kind.MIXED_LIST);
        }
    }
}
