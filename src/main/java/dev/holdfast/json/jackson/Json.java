package dev.holdfast.json.jackson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Results as JSON, on one line of ASCII: a reader gets all characters back, and a terminal that shows the line is told
 * nothing by foreign text in it.
 */
public final class Json {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Json() {}

    /** An empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** An empty list. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /**
     * Reads a text.
     *
     * @param utf8 the whole of it
     * @return what it says; empty when it is no JSON
     */
    public static Optional<JsonNode> read(byte[] utf8) {
        try {
            return Optional.ofNullable(MAPPER.readTree(utf8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The same in maps and lists, for libraries that know no trees. */
    public static Map<String, Object> map(ObjectNode node) {
        return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
    }

    /** The whole of it on one line. */
    public static String line(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node).replace("\u007f", "\\u007f"); // DEL is ASCII, and a control
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of texts, numbers and truths
        }
    }
}
