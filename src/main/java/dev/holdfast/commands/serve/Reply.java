package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.json.jackson.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer that fits into memory.
 *
 * @param status the HTTP status
 * @param type the media type
 * @param text what is sent, in UTF-8
 * @param headers more headers
 */
record Reply(int status, String type, String text, Map<String, String> headers) {
    static final int OK = 200;
    static final int ACCEPTED = 202;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int NO_SUCH_METHOD = 405;
    static final int CONFLICT = 409;
    static final int TOO_LARGE = 413;
    static final int INTERNAL = 500;
    static final int UNAVAILABLE = 503;

    private static final String JSON = "application/json";

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(int status, JsonNode node) {
        return new Reply(status, JSON, Json.line(node) + "\n", Map.of());
    }

    /** Why not. */
    static Reply error(int status, String why) {
        return json(status, Json.object().put("error", why));
    }

    byte[] body() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Reply with(String header, String value) {
        return new Reply(status, type, text, Map.of(header, value));
    }
}
