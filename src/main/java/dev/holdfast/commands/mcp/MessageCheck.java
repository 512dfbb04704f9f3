package dev.holdfast.commands.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.json.jackson.Json;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a message before the library sees it: a request without the parameters that it needs would get an answer about
 * the library's inside, or none.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0, sections 4 and 5.1</a>
 */
final class MessageCheck {
    /** Requests that mean nothing without parameters. */
    private static final Set<String> WITH_PARAMETERS = Set.of(McpSchema.METHOD_INITIALIZE, McpSchema.METHOD_TOOLS_CALL);

    /** Parameters that the library takes for maps, unseen. */
    private static final List<String> OBJECTS = List.of("arguments", "_meta", "capabilities", "clientInfo");

    /**
     * What is wrong with a message.
     *
     * @param code by the specification
     * @param answer the whole answer to the message
     */
    record Refusal(int code, ObjectNode answer) {
        String json() {
            return Json.line(answer);
        }
    }

    private MessageCheck() {}

    /**
     * Why a message cannot be taken.
     *
     * @param utf8 the whole message
     * @return the answer that it gets; empty when the library can take it
     */
    static Optional<Refusal> of(byte[] utf8) {
        Optional<JsonNode> read = Json.read(utf8).filter(node -> !node.isMissingNode());
        if (read.isEmpty()) {
            return Optional.of(refusal(McpSchema.ErrorCodes.PARSE_ERROR, "this is no JSON", null));
        }
        JsonNode message = read.get();
        if (!isMessage(message)) {
            return Optional.of(noMessage());
        }
        if (!isRequest(message) || hasParameters(message)) {
            return Optional.empty();
        }
        return Optional.of(refusal(
                McpSchema.ErrorCodes.INVALID_PARAMS,
                "params, and the objects in them, must be objects",
                message.get("id")));
    }

    /** For what is JSON and no message. */
    static Refusal noMessage() {
        return refusal(McpSchema.ErrorCodes.INVALID_REQUEST, "this is no message of the protocol", null);
    }

    /** For a message that was not read, so that nobody knows who asked. */
    static Refusal tooLong(int most) {
        return refusal(McpSchema.ErrorCodes.INVALID_REQUEST, "a message has " + (most >> 10) + " KB at the most", null);
    }

    private static boolean isRequest(JsonNode message) {
        return message.has("method") && message.has("id");
    }

    private static boolean isMessage(JsonNode message) {
        JsonNode id = message.get("id");
        boolean isAnswer = id != null && (message.has("result") || message.has("error"));
        return message.isObject()
                && message.path("jsonrpc").asText().equals("2.0")
                && (id == null || id.isTextual() || id.isIntegralNumber())
                && (message.has("method") ? message.get("method").isTextual() : isAnswer);
    }

    private static boolean hasParameters(JsonNode message) {
        JsonNode parameters = message.get("params");
        if (parameters == null) {
            return !WITH_PARAMETERS.contains(message.get("method").asText());
        }
        return parameters.isObject()
                && OBJECTS.stream()
                        .allMatch(key ->
                                !parameters.has(key) || parameters.get(key).isObject());
    }

    private static Refusal refusal(int code, String why, @Nullable JsonNode id) {
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        answer.set("id", id);
        answer.putObject("error").put("code", code).put("message", why);
        return new Refusal(code, answer);
    }
}
