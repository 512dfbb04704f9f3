package dev.holdfast.commands.mcp;

import dev.holdfast.commands.health.ServerTools;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.text.Version;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The Streamable HTTP transport without sessions: each POST is one message, and its answer is that to the message. The library
 * has it for servlets only; all else of the protocol is the library's. Safe for use by many threads.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports">MCP, Streamable HTTP</a>
 */
public final class McpOverHttp implements McpStatelessServerTransport {
    private static final Duration LONGEST = Duration.ofSeconds(50);

    /** The last one is offered to a client that asks for another one. */
    private static final List<String> VERSIONS =
            List.of(ProtocolVersions.MCP_2025_03_26, ProtocolVersions.MCP_2025_06_18, ProtocolVersions.MCP_2025_11_25);

    private final McpJsonMapper mapper;
    private final McpStatelessSyncServer server;
    private volatile @Nullable McpStatelessServerHandler handler;

    /**
     * Serves tools.
     *
     * @param tools what they answer
     */
    public McpOverHttp(ServerTools tools) {
        SilentLog.require();
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
        server = specification.build();
    }

    /** Whether a version of the protocol is known that a client says in its header. */
    public static boolean isSpoken(String version) {
        return VERSIONS.contains(version);
    }

    @Override
    public List<String> protocolVersions() {
        return VERSIONS;
    }

    /**
     * Takes one message. Blocks until it is answered.
     *
     * @param message JSON
     * @return the answer as JSON; empty for a message that has none
     * @throws IOException if it is no message of the protocol
     */
    public Optional<String> take(byte[] message) throws IOException {
        McpStatelessServerHandler ready = handler;
        if (ready == null) {
            throw new IOException("not ready yet");
        }
        Optional<MessageCheck.Refusal> refusal = MessageCheck.of(message);
        if (refusal.isPresent()) {
            if (refusal.get().code() == McpSchema.ErrorCodes.INVALID_PARAMS) {
                return Optional.of(Json.line(refusal.get().answer()));
            }
            throw new IOException("no message of the protocol");
        }
        McpSchema.JSONRPCMessage read;
        try {
            read = McpSchema.deserializeJsonRpcMessage(mapper, new String(message, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IOException("no message of the protocol", e);
        }
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

    /** Stops serving. */
    @Override
    public void close() {
        handler = null;
        server.close();
    }
}
