package dev.holdfast.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client of the Model Context Protocol over HTTP, which sends whatever a test wants. Numbers its requests from 0, as the
 * libraries of clients do, and has a connection for each. Closing it drops those that are open.
 */
public final class HttpMcp implements AutoCloseable {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"test\",\"version\":\"1\"},"
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private final int port;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<HttpReply> replies = new ArrayList<>();
    private int next;

    /**
     * One that has said nothing yet.
     *
     * @param token empty for none
     */
    public HttpMcp(int port, String token) {
        this.port = port;
        headers.put("Host", "localhost:" + port);
        headers.put("Connection", "close");
        headers.put("Accept", "application/json, text/event-stream");
        with("Authorization", token.isEmpty() ? "" : "Bearer " + token);
    }

    /** Sends a header with each request from now on, or no more when its value is empty. */
    public HttpMcp with(String name, String value) {
        if (value.isEmpty()) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    /** The session's id; empty for none. */
    public String session() {
        return headers.getOrDefault("Mcp-Session-Id", "");
    }

    /** Sends a request, and reads what comes back. */
    public HttpReply send(String method, String body) {
        return begin(method, body).reading();
    }

    /** The same, and reads nothing. */
    public HttpReply begin(String method, String body) {
        StringBuilder head = new StringBuilder(method).append(" /mcp HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (method.equals("POST")) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return kept(new HttpReply("127.0.0.1", port, head + "\r\n" + body));
    }

    /** Sends lines that need not be a request, to either loopback address, and reads. */
    public HttpReply raw(String address, String text) {
        return kept(new HttpReply(address, port, text)).reading();
    }

    private HttpReply kept(HttpReply reply) {
        replies.add(reply);
        return reply;
    }

    /** A request's message. */
    public String request(String method, String parameters) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + next++ + ",\"method\":\"" + method + "\",\"params\":" + parameters
                + "}";
    }

    /** Sends a request of the protocol. */
    public HttpReply ask(String method, String parameters) {
        return send("POST", request(method, parameters));
    }

    /** Calls a tool, with a progress token that is the id. */
    public HttpReply call(String tool, String arguments) {
        return ask(
                "tools/call",
                "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + ",\"_meta\":{\"progressToken\":" + next
                        + "}}");
    }

    /** The text that a tool answers with. */
    public String awaitCall(String tool, String arguments) {
        return McpClient.text(call(tool, arguments).awaitAnswer());
    }

    /** Tells something, and gives the status. */
    public int tell(String method, String parameters) {
        return send("POST", "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + parameters + "}")
                .awaitEnd()
                .status();
    }

    /** Begins a session, and gives what it was answered. */
    public JsonNode initialize() {
        return initialize("{}");
    }

    /** The same, with capabilities. */
    public JsonNode initialize(String capabilities) {
        HttpReply reply = ask(
                "initialize",
                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}");
        JsonNode answer = reply.awaitAnswer();
        with("Mcp-Session-Id", reply.header("Mcp-Session-Id"));
        if (!session().isEmpty()) {
            tell("notifications/initialized", "{}");
        }
        return answer;
    }

    /** Listens to what is nobody's answer. */
    public HttpReply listen() {
        return send("GET", "");
    }

    /** Ends the session, and gives the status. */
    public int delete() {
        return send("DELETE", "").awaitEnd().status();
    }

    /** Sends a request as clients do that know no handshake. */
    public HttpReply askWithoutSession(String method, String name, String parameters) {
        with("MCP-Protocol-Version", "2026-07-28").with("Mcp-Method", method).with("Mcp-Name", name);
        return ask(method, "{" + parameters + (parameters.isEmpty() ? "" : ",") + META + "}");
    }

    /** Calls a tool so. */
    public HttpReply callWithoutSession(String tool, String arguments) {
        return askWithoutSession("tools/call", tool, "\"name\":\"" + tool + "\",\"arguments\":" + arguments);
    }

    @Override
    public void close() {
        replies.forEach(HttpReply::close);
    }
}
