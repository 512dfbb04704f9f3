package dev.holdfast.session.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import dev.holdfast.session.template.Part.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What a JSON or TOML text says, as Jackson reads it. */
final class JsonParts {
    private static final JsonFactory STRICT = new JsonFactory();
    private static final JsonFactory WITH_COMMENTS = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    private static final JsonFactory TOML = new TomlFactory();

    private JsonParts() {}

    /** As RFC 8259 has it. */
    static List<Part> json(String text) throws MalformedException {
        return parts(STRICT, text);
    }

    /** With comments and trailing commas, as editors have it in their settings. */
    static List<Part> jsonWithComments(String text) throws MalformedException {
        return parts(WITH_COMMENTS, text);
    }

    /** TOML 1.0. The parts have no lines, and numbers no text. */
    static List<Part> toml(String text) throws MalformedException {
        List<Part> parts = new ArrayList<>();
        for (Part part : parts(TOML, text)) {
            parts.add(part.kind() == Kind.BARE ? part.saying("") : part);
        }
        return parts;
    }

    private static List<Part> parts(JsonFactory factory, String text) throws MalformedException {
        List<Part> parts = new ArrayList<>();
        int depth = 0;
        try (JsonParser parser = factory.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int line = line(parser.currentTokenLocation());
                if (depth == 0 && !parts.isEmpty()) {
                    throw new MalformedException(line); // a second value
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                parts.add(new Part(
                        kind(token), token.isStructStart() || token.isStructEnd() ? "" : parser.getText(), line));
            }
        } catch (JsonProcessingException e) {
            throw new MalformedException(line(e.getLocation()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a text in memory
        }
        if (parts.isEmpty()) {
            throw new MalformedException(1);
        }
        return parts;
    }

    private static int line(JsonLocation location) {
        return location == null ? 0 : Math.max(0, location.getLineNr());
    }

    private static Kind kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> Kind.MAP;
            case START_ARRAY -> Kind.LIST;
            case END_OBJECT, END_ARRAY -> Kind.END;
            case FIELD_NAME -> Kind.NAME;
            case VALUE_STRING -> Kind.TEXT;
            default -> Kind.BARE;
        };
    }
}
