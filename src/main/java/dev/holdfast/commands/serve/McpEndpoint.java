package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.commands.health.ServerTools;
import dev.holdfast.commands.mcp.MessageServer;
import dev.holdfast.json.jackson.Json;
import io.modelcontextprotocol.spec.HttpHeaders;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tools at {@code /mcp}: for clients of the protocol, and for a curl that says a tool's name and nothing else. */
final class McpEndpoint {
    private final ServerTools tools;
    /** Made when the first client of the protocol asks: it is a library of some megabytes. */
    private @Nullable MessageServer protocol;

    McpEndpoint(ServerTools tools) {
        this.tools = tools;
    }

    Optional<Reply> answer(HttpExchange exchange) throws IOException {
        Optional<byte[]> body = Router.body(exchange);
        if (body.isEmpty()) {
            return Optional.of(Reply.error(Reply.TOO_LARGE, "a message has 64 KB at the most"));
        }
        Optional<JsonNode> message = Json.read(body.get());
        boolean isBatch =
                message.isPresent() && message.get().isArray() && !message.get().isEmpty();
        if (message.isEmpty() || !(message.get().isObject() || isBatch)) {
            return Optional.of(
                    Reply.error(Reply.BAD_REQUEST, "one JSON object, such as {\"name\": \"get_server_health\"}"));
        }
        if (!isBatch && !message.get().has("jsonrpc")) {
            return Optional.of(ofCurl(message.get()));
        }
        String version = exchange.getRequestHeaders().getFirst(HttpHeaders.PROTOCOL_VERSION);
        if (version != null && !MessageServer.isSpoken(version)) {
            return Optional.of(Reply.error(Reply.BAD_REQUEST, "a version of the protocol that is not spoken here"));
        }
        return Optional.of(ofProtocol(body.get()));
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
        MessageServer.Answer answer = protocol().take(message);
        int withAnswer = answer.isMessage() ? Reply.OK : Reply.BAD_REQUEST;
        return new Reply(
                answer.json().isPresent() ? withAnswer : Reply.ACCEPTED,
                "application/json",
                answer.json().orElse(""),
                Map.of());
    }

    private synchronized MessageServer protocol() {
        MessageServer known = protocol;
        if (known == null) {
            known = MessageServer.overHttp(tools);
            protocol = known;
        }
        return known;
    }
}
