package dev.holdfast.commands.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.commands.health.ServerTools;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.text.Version;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Answers the protocol's messages one by one, whatever brings them: no message needs another one before it, and nothing is
 * sent unasked. What carries them is not the library's: its HTTP is for servlets only, and its stdio ends without a word at a
 * line that is no message, forgets answers at the end of its input, and loses one when two are ready at once. All else of the
 * protocol is the library's. Safe for use by many threads.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic">MCP, messages</a>
 * @see <a href="https://github.com/modelcontextprotocol/java-sdk/issues/686">java-sdk#686, the lost answer</a>
 */
public final class MessageServer implements McpStatelessServerTransport {
    private static final Duration LONGEST = Duration.ofSeconds(50);

    /** What is spoken on stdio. The last one is offered to a client that asks for another one. */
    static final List<String> ON_STDIO = List.of(
            ProtocolVersions.MCP_2024_11_05,
            ProtocolVersions.MCP_2025_03_26,
            ProtocolVersions.MCP_2025_06_18,
            ProtocolVersions.MCP_2025_11_25);
    /** The oldest one has another transport over HTTP. */
    private static final List<String> OVER_HTTP = ON_STDIO.subList(1, ON_STDIO.size());

    /**
     * What a message gets.
     *
     * @param isMessage whether it was one of the protocol
     * @param json the answer, or what is wrong; empty for a message that has none
     */
    public record Answer(boolean isMessage, Optional<String> json) {}

    private final McpJsonMapper mapper;
    private final List<String> versions;
    private volatile @Nullable McpStatelessServerHandler handler;

    /**
     * Serves tools.
     *
     * @param tools what they answer
     * @param versions of the protocol, the newest last
     */
    MessageServer(ServerTools tools, List<String> versions) {
        SilentLog.require();
        this.versions = List.copyOf(versions);
        mapper = McpJsonDefaults.getMapper();
        ToolCatalog catalog = new ToolCatalog(tools);
        McpServer.StatelessSyncSpecification specification = McpServer.sync(this)
                .serverInfo("holdfast", Version.TEXT)
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                .immediateExecution(true);
        for (ServerTools.Tool tool : ServerTools.Tool.values()) {
            specification.toolCall(ToolCatalog.description(tool), (context, request) -> catalog.call(tool));
        }
        var unused = specification.build(); // it has set the handler
    }

    /** For messages of HTTP. */
    public static MessageServer overHttp(ServerTools tools) {
        return new MessageServer(tools, OVER_HTTP);
    }

    /** Whether a version of the protocol is known that a client says in its header of HTTP. */
    public static boolean isSpoken(String version) {
        return OVER_HTTP.contains(version);
    }

    @Override
    public List<String> protocolVersions() {
        return versions;
    }

    /**
     * Takes one message, or several in a list, which the version of 2025-03-26 has, and no later one. Blocks until all are
     * answered.
     *
     * @param utf8 JSON
     */
    public Answer take(byte[] utf8) {
        Optional<JsonNode> list = Json.read(utf8).filter(node -> node.isArray() && !node.isEmpty());
        if (list.isEmpty()) {
            return takeOne(utf8);
        }
        List<String> answers = new ArrayList<>();
        boolean isMessage = true;
        for (JsonNode message : list.get()) {
            Answer answer = takeOne(message.toString().getBytes(StandardCharsets.UTF_8));
            isMessage &= answer.isMessage();
            answer.json().ifPresent(answers::add);
        }
        return new Answer(
                isMessage, answers.isEmpty() ? Optional.empty() : Optional.of("[" + String.join(",", answers) + "]"));
    }

    private Answer takeOne(byte[] utf8) {
        Optional<MessageCheck.Refusal> refusal = MessageCheck.of(utf8);
        if (refusal.isPresent()) {
            boolean isMessage = refusal.get().code() == McpSchema.ErrorCodes.INVALID_PARAMS;
            return new Answer(isMessage, Optional.of(refusal.get().json()));
        }
        try {
            return new Answer(true, answer(new String(utf8, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            return new Answer(false, Optional.of(MessageCheck.noMessage().json()));
        }
    }

    private Optional<String> answer(String message) throws IOException {
        McpStatelessServerHandler ready = Objects.requireNonNull(handler, "set by the library");
        McpSchema.JSONRPCMessage read = McpSchema.deserializeJsonRpcMessage(mapper, message);
        if (read instanceof McpSchema.JSONRPCRequest request) {
            return Optional.of(mapper.writeValueAsString(answer(ready, request)));
        }
        if (read instanceof McpSchema.JSONRPCNotification notification) {
            ready.handleNotification(McpTransportContext.EMPTY, notification).block(LONGEST);
        }
        return Optional.empty();
    }

    /** The library throws what it cannot read, such as a name that is a list; who asks would get no answer at all. */
    private static McpSchema.@Nullable JSONRPCResponse answer(
            McpStatelessServerHandler ready, McpSchema.JSONRPCRequest request) {
        try {
            return ready.handleRequest(McpTransportContext.EMPTY, request).block(LONGEST);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return McpSchema.JSONRPCResponse.error(
                    request.id(),
                    new McpSchema.JSONRPCResponse.JSONRPCError(
                            McpSchema.ErrorCodes.INVALID_PARAMS, "the parameters cannot be read"));
        }
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler mcpHandler) {
        handler = mcpHandler;
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
