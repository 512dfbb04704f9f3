package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.commands.health.ServerTools;
import dev.holdfast.commands.mcp.McpOverHttp;
import dev.holdfast.json.jackson.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tools at {@code /mcp}: for clients of the protocol, and for a curl that says a tool's name and nothing else. */
final class McpEndpoint {
    private final ServerTools tools;
    /** Made when the first client of the protocol asks: it is a library of some megabytes. */
    private @Nullable McpOverHttp protocol;

    McpEndpoint(ServerTools tools) {
        this.tools = tools;
    }

    Optional<Reply> answer(HttpExchange exchange) throws IOException {
        Optional<byte[]> body = Router.body(exchange);
        if (body.isEmpty()) {
            return Optional.of(Reply.error(Reply.TOO_LARGE, "a message has 64 KB at the most"));
        }
        Optional<JsonNode> message = Json.read(body.get());
        if (message.isEmpty() || !message.get().isObject()) {
            return Optional.of(
                    Reply.error(Reply.BAD_REQUEST, "one JSON object, such as {\"name\": \"get_server_health\"}"));
        }
        return Optional.of(message.get().has("jsonrpc") ? ofProtocol(body.get()) : ofCurl(message.get()));
    }

    private Reply ofCurl(JsonNode message) {
        Optional<ServerTools.Tool> tool =
                ServerTools.Tool.of(message.path("name").asText());
        if (tool.isEmpty()) {
            return Reply.error(Reply.NOT_FOUND, "there is no such tool");
        }
        return Reply.json(tools.allows(tool.get()) ? Reply.OK : Reply.FORBIDDEN, tools.call(tool.get()));
    }

    private Reply ofProtocol(byte[] message) {
        try {
            Optional<String> answer = protocol().take(message);
            return new Reply(
                    answer.isPresent() ? Reply.OK : Reply.ACCEPTED, "application/json", answer.orElse(""), Map.of());
        } catch (IOException e) {
            return Reply.error(Reply.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private synchronized McpOverHttp protocol() {
        McpOverHttp known = protocol;
        if (known == null) {
            known = new McpOverHttp(tools);
            protocol = known;
        }
        return known;
    }
}
