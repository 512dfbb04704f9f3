package dev.holdfast.commands.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import dev.holdfast.commands.client.Node.ScalarNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The tree of a JSON text, which may have comments and trailing commas. */
final class JsonTree {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private final String text;
    private final JsonParser parser;
    /** Where the parsed part begins: the parser takes no byte-order mark. */
    private final int offset;

    private JsonTree(String text, JsonParser parser, int offset) {
        this.text = text;
        this.parser = parser;
        this.offset = offset;
    }

    static MapNode of(String text) {
        int offset = text.startsWith("\ufeff") ? 1 : 0;
        try (JsonParser parser = FACTORY.createParser(text.substring(offset))) {
            JsonTree tree = new JsonTree(text, parser, offset);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ClientFileException.malformed("is no JSON object");
            }
            MapNode root = tree.map();
            if (parser.nextToken() != null) {
                throw tree.unparsable();
            }
            return root;
        } catch (JsonProcessingException e) {
            throw ClientFileException.unparsable(
                    "JSON", e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a text in memory
        }
    }

    private ClientFileException unparsable() {
        return ClientFileException.unparsable(
                "JSON",
                parser.currentTokenLocation().getLineNr(),
                parser.currentTokenLocation().getColumnNr());
    }

    /** Where the current token begins. */
    private int start() {
        return offset + (int) parser.currentTokenLocation().getCharOffset();
    }

    private Node value() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return map();
        }
        if (token == JsonToken.START_ARRAY) {
            return list();
        }
        int start = start();
        String value = parser.getText();
        int end = token == JsonToken.VALUE_STRING ? TextBetween.stringEnd(text, start) : start + value.length();
        return new ScalarNode(start, end, value);
    }

    private MapNode map() throws IOException {
        int start = start();
        List<Member> members = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            int nameStart = start();
            String name = parser.currentName();
            parser.nextToken();
            members.add(new Member(nameStart, TextBetween.stringEnd(text, nameStart), name, value()));
        }
        return new MapNode(start, start() + 1, members);
    }

    private ListNode list() throws IOException {
        int start = start();
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value());
        }
        return new ListNode(start, start() + 1, items);
    }
}
