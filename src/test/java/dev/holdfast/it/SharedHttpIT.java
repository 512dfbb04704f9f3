package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testkit.HttpMcp;
import dev.holdfast.testkit.HttpReply;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.SharedHttp;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients with sessions over HTTP, all at one host: what each request is answered, and what becomes of its stream. */
@Timeout(180)
class SharedHttpIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /**
     * What is sent, the status, and the code of the error where it is one of the protocol. A bar is an end of line; what stands
     * behind " > " is the body. TOKEN, PORT and SESSION stand for what the client may have; AUTH for all headers that an honest
     * one sends.
     */
    private static final String REQUESTS = """
            401 POST /mcp > PING
            401 POST /mcp|Mcp-Session-Id: SESSION > PING
            401 POST /mcp|Authorization: TOKEN > PING
            401 POST /mcp|Authorization: Basic TOKEN > PING
            401 POST /mcp|Authorization: Bearer x > PING
            401 POST /mcp|Authorization: Bearer TOKEN|Authorization: Bearer TOKEN > PING
            401 POST /mcp?token=TOKEN|Cookie: token=TOKEN|X-Token: TOKEN > PING
            401 GET /mcp|Accept: text/event-stream|Mcp-Session-Id: SESSION
            401 DELETE /mcp|Mcp-Session-Id: SESSION
            401 OPTIONS /mcp
            403 OPTIONS /mcp|Origin: http://evil.example|Access-Control-Request-Method: POST
            403 POST /mcp|AUTH|Origin: http://evil.example > PING
            403 POST /mcp|AUTH|Origin: null > PING
            403 POST /mcp|AUTH|Origin: http://localhost:1 > PING
            403 POST /mcp|AUTH|Origin: http://localhost:PORT|Origin: http://evil.example > PING
            403 POST /mcp|AUTH|Host: evil.example:PORT > PING
            403 POST /mcp|AUTH|Host: localhost > PING
            403 POST /mcp|AUTH|Host: localhost:PORT.evil.example > PING
            403 POST /mcp|AUTH|Host: localhost:PORT@evil.example > PING
            403 POST /mcp|AUTH|Host: localhost:PORT|Host: localhost:PORT > PING
            403 POST /mcp|AUTH|Host: > PING
            403 POST http://evil.example:PORT/mcp|AUTH|Host: localhost:PORT > PING
            403 GET /health|Host: evil.example
            403 GET /metrics|Host: evil.example
            403 GET /nothing|Host: evil.example
            200 POST /mcp|AUTH|Mcp-Session-Id: SESSION|Host: LOCALHOST:PORT|Origin: http://localhost:PORT > PING
            200 POST /mcp|AUTH|Mcp-Session-Id: SESSION|Host: [::1]:PORT > PING
            200 POST http://127.0.0.1:PORT/mcp|AUTH|Mcp-Session-Id: SESSION|Host: evil.example > PING
            200 POST /mcp|AUTH|mcp-SESSION-id: SESSION|MCP-Protocol-Version: 2025-11-25 > PING
            200 GET /health
            200 GET /metrics
            405 POST /health > PING
            405 HEAD /metrics
            404 GET /
            404 POST /mcp/|AUTH|Mcp-Session-Id: SESSION > PING
            404 POST /mcp/sse|AUTH|Mcp-Session-Id: SESSION > PING
            404 POST /MCP|AUTH|Mcp-Session-Id: SESSION > PING
            404 POST /mcp|AUTH|Mcp-Session-Id: x > PING
            404 GET /mcp|AUTH|Mcp-Session-Id: x
            404 DELETE /mcp|AUTH|Mcp-Session-Id: x
            404 POST /mcp|AUTH|Mcp-Session-Id: SESSION|Mcp-Session-Id: SESSION > PING
            400 POST /mcp|AUTH > PING
            400 POST /mcp|AUTH > {"jsonrpc":"2.0","method":"notifications/initialized"}
            400 GET /mcp|AUTH
            400 DELETE /mcp|AUTH
            405 HEAD /mcp|AUTH|Mcp-Session-Id: SESSION
            405 OPTIONS /mcp|AUTH
            405 PUT /mcp|AUTH|Mcp-Session-Id: SESSION > PING
            405 post /mcp|AUTH|Mcp-Session-Id: SESSION > PING
            405 GET /mcp|AUTH|MCP-Protocol-Version: 2026-07-28
            405 DELETE /mcp|AUTH|MCP-Protocol-Version: 2026-07-28|Mcp-Session-Id: SESSION
            406 GET /mcp|Authorization: Bearer TOKEN|Accept: application/json|Mcp-Session-Id: SESSION
            415 POST /mcp|Authorization: Bearer TOKEN|Mcp-Session-Id: SESSION > PING
            415 POST /mcp|Authorization: Bearer TOKEN|Content-Type: text/plain|Mcp-Session-Id: SESSION > PING
            415 POST /mcp|Authorization: Bearer TOKEN|Content-Type: application/jsonp|Mcp-Session-Id: SESSION > PING
            200 POST /mcp|Authorization: Bearer TOKEN|Content-Type: APPLICATION/json;charset=utf-8|Mcp-Session-Id: SESSION > PING
            400 POST /mcp|AUTH|Mcp-Session-Id: SESSION|MCP-Protocol-Version: 2020-01-01 > PING
            400/-32020 POST /mcp|AUTH|MCP-Protocol-Version: 2026-07-28 > PING
            400/-32700 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":1,
            400/-32700 POST /mcp|AUTH|Mcp-Session-Id: SESSION > PING PING
            400/-32700 POST /mcp|AUTH|Mcp-Session-Id: SESSION > \uFEFFPING
            400/-32700 POST /mcp|AUTH|Mcp-Session-Id: SESSION >
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > [PING]
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":null,"method":"ping"}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":1.5,"method":"ping"}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":{},"method":"ping"}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":1,"method":"ping","method":"x"}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":1,"method":"ping","result":{}}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":1,"method":7}
            400/-32600 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","result":{}}
            400 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}
            202 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","id":77,"result":{}}
            202 POST /mcp|AUTH|Mcp-Session-Id: SESSION > {"jsonrpc":"2.0","method":"notifications/nothing"}
            413 POST /mcp|AUTH|Mcp-Session-Id: SESSION > HUGE
            400 POST /mcp|AUTH|Mcp-Session-Id: SESSION|Content-Length: 40|Content-Length: 2 > PING
            400 POST /mcp|AUTH|Mcp-Session-Id: SESSION|Content-Length: -1 > PING
            400 POST /mcp|AUTH|Mcp-Session-Id: SESSION|Content-Length: 5|Transfer-Encoding: chunked > 0
            501 POST /mcp|AUTH|Mcp-Session-Id: SESSION|Transfer-Encoding: gzip > PING
            400 \u0016\u0003\u0001\u0002
            """;

    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}";
    private static final int LONGEST = 100_000;

    @TempDir
    static Path folder;

    @TempDir
    static Path locks;

    private static ScriptedServer server;
    private static SharedHttp shared;

    private final List<HttpMcp> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = new ScriptedServer(folder);
        shared = SharedHttp.start(locks, server.command(), "--share-max-message", Integer.toString(LONGEST));
    }

    @AfterAll
    static void stop() {
        if (shared != null) {
            shared.close();
        }
    }

    private HttpMcp ready() {
        HttpMcp client = shared.ready();
        clients.add(client);
        return client;
    }

    @AfterEach
    void leave() {
        clients.forEach(client -> client.delete());
    }

    @Test
    @DisplayName("Row 35, and what else may not come in, or is answered at once")
    void eachRequestHasItsStatus() {
        HttpMcp client = ready();
        List<String> wrong = new ArrayList<>();
        for (String line : REQUESTS.split("\n")) {
            String request = line.substring(line.indexOf(' ') + 1);
            try (HttpReply reply = client.raw("127.0.0.1", request(request, client.session()))) {
                String seen = reply.awaitEnd().status() + "";
                if (line.contains("/-")) {
                    seen += "/" + reply.awaitAnswer().at("/error/code").asInt();
                }
                if (!line.startsWith(seen + " ")
                        || !reply.header("Access-Control-Allow-Origin").isEmpty()) {
                    wrong.add(line + " -> " + reply);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(client.awaitCall("echo", "{\"text\":\"on\"}")).isEqualTo("on");
    }

    private static String request(String line, String session) {
        int end = line.indexOf(" >");
        String head = end < 0 ? line : line.substring(0, end);
        String body = end < 0 ? "" : line.substring(end + 2).strip();
        body = body.replace("PING", PING).replace("HUGE", PING + " ".repeat(LONGEST));
        head = head.replace(
                "AUTH",
                "Authorization: Bearer TOKEN|Content-Type: application/json|Accept: application/json, text/event-stream");
        head += head.contains("Host:") ? "" : "|Host: localhost:PORT";
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        boolean isLengthSaid = head.contains("Content-Length") || head.contains("Transfer-Encoding") || end < 0;
        head += isLengthSaid ? "" : "|Content-Length: " + length;
        head = head.replaceFirst("\\|", " HTTP/1.1|") + "|Connection: close||";
        return head.replace("PORT", Integer.toString(shared.port()))
                        .replace("TOKEN", shared.token())
                        .replace("Mcp-Session-Id: SESSION", "Mcp-Session-Id: " + session)
                        .replace("mcp-SESSION-id: SESSION", "mcp-SESSION-id: " + session)
                        .replace("|", "\r\n")
                + body;
    }

    @Test
    void bothLoopbackAddressesAnswer() {
        String health = "GET /health HTTP/1.1\r\nHost: [::1]:" + shared.port() + "\r\nConnection: close\r\n\r\n";

        try (HttpReply reply = shared.client().raw("::1", health)) {
            assertThat(reply.awaitEnd().status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("Row 1: clients over HTTP and on stdio with the same ids and tokens get what is theirs")
    void sameIdsAndTokensAreKeptApart() {
        HttpMcp one = ready();
        HttpMcp two = ready();
        McpClient three = shared.sharing().ready();
        HttpReply first = one.call("progress", "{\"count\":3}");
        HttpReply second = two.call("progress", "{\"count\":4}");
        int third = three.call("progress", "{\"count\":5}");

        assertThat(McpClient.text(first.awaitAnswer())).isEqualTo("progressed 3");
        assertThat(McpClient.text(second.awaitAnswer())).isEqualTo("progressed 4");
        assertThat(McpClient.text(three.awaitAnswer(third))).isEqualTo("progressed 5");
        assertThat(progress(first.awaitEnd().told("notifications/progress"))).containsExactly(1, 2, 3);
        assertThat(progress(second.awaitEnd().told("notifications/progress"))).containsExactly(1, 2, 3, 4);
        assertThat(progress(three.told("notifications/progress"))).containsExactly(1, 2, 3, 4, 5);
        assertThat(first.isStream()).isTrue();
        assertThat(one.call("echo", "{\"text\":\"x\"}").isStream()).isFalse();
    }

    private static List<Integer> progress(List<JsonNode> told) {
        return told.stream().map(each -> each.at("/params/progress").asInt()).toList();
    }

    @Test
    void callWithoutEventsHasItsAnswerAlone() {
        HttpMcp client = ready();
        client.with("Accept", "application/json");
        HttpReply reply = client.call("progress", "{\"count\":3}").awaitEnd();

        assertThat(reply.messages()).hasSize(1);
        assertThat(McpClient.text(reply.awaitAnswer())).isEqualTo("progressed 3");
    }

    @Test
    @DisplayName("A dropped POST is no cancel, and what it has not taken is not in the session's way")
    void droppedStreamIsNoCancel() {
        HttpMcp client = ready();
        HttpMcp other = ready();
        String arguments = "{\"count\":12,\"more\":1000000,\"mark\":\"dropped\"}";
        HttpReply dropped = client.begin(
                "POST",
                client.request(
                        "tools/call",
                        "{\"name\":\"progress\",\"arguments\":" + arguments + ",\"_meta\":{\"progressToken\":1}}"));
        String call = wireId("dropped");
        // The host has all of the server's when it has what comes behind it.
        assertThat(other.awaitCall("echo", "{\"text\":\"read\"}")).isEqualTo("read");
        dropped.close();

        assertThat(client.awaitCall("echo", "{\"text\":\"on\"}")).isEqualTo("on");
        assertThat(server.received("\"requestId\":" + call)).isZero();
    }

    /** The id that the server has got a call under, by a word in it. */
    private static String wireId(String mark) {
        await(mark).atMost(DEADLINE).until(() -> server.received("\"mark\":\"" + mark + "\"") > 0);
        return server.received().stream()
                .filter(line -> line.contains("\"mark\":\"" + mark + "\""))
                .map(line -> line.replaceFirst(".*\"id\":(\\d+).*", "$1"))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitCancelled(String call) {
        await(call).atMost(DEADLINE).until(() -> server.received("\"requestId\":" + call) == 1);
    }

    private static String hang(String mark) {
        return "{\"name\":\"hang\",\"arguments\":{\"mark\":\"" + mark + "\"}}";
    }

    @Test
    void cancelledRequestsStreamEndsWithoutAnAnswer() {
        HttpMcp client = ready();
        HttpReply cancelled = client.ask("tools/call", hang("cancelled"));
        HttpReply other = client.ask("tools/call", hang("kept"));
        String call = wireId("cancelled");
        wireId("kept");

        // The handshake's request was 0.
        assertThat(client.tell("notifications/cancelled", "{\"requestId\":1}")).isEqualTo(202);

        assertThat(cancelled.awaitEnd().messages()).isEmpty();
        assertThat(cancelled.status()).isEqualTo(200);
        awaitCancelled(call);
        assertThat(other.isOver()).isFalse();
    }

    @Test
    void sameIdTwiceAtOnceIsRefused() {
        HttpMcp client = ready();
        String hang = client.request("tools/call", hang("twice"));
        HttpReply first = client.send("POST", hang);
        wireId("twice");

        assertThat(client.send("POST", hang).awaitAnswer().at("/error/code").asInt())
                .isEqualTo(-32600);
        assertThat(first.isOver()).isFalse();
    }

    @Test
    @DisplayName("Rows 6 and 8: what is nobody's answer comes by the GET stream, to whom it is for")
    void listenersAreToldWhatIsForThem() {
        HttpMcp one = ready();
        HttpMcp two = ready();
        one.ask("resources/subscribe", "{\"uri\":\"file:///a\"}").awaitAnswer();
        HttpReply first = one.listen();
        HttpReply second = two.listen();
        assertThat(first.isStream() && second.isStream()).isTrue();

        two.awaitCall("tell", "{\"tell\":\"resources/updated\",\"uri\":\"file:///a\"}");
        two.awaitCall("tell", "{\"tell\":\"tools/list_changed\"}");

        first.awaitTold("notifications/tools/list_changed");
        second.awaitTold("notifications/tools/list_changed");
        assertThat(first.told("notifications/resources/updated")).hasSize(1);
        assertThat(second.told("notifications/resources/updated")).isEmpty();
    }

    @Test
    void secondListenerTakesOverAndWhoComesLateHearsWhatWasToldBefore() {
        HttpMcp client = ready();
        client.awaitCall("tell", "{\"tell\":\"tools/list_changed\"}");
        HttpReply first = client.listen();
        first.awaitTold("notifications/tools/list_changed");

        HttpReply second = client.with("Last-Event-ID", "7").listen();
        assertThat(first.awaitEnd().messages()).hasSize(1);
        client.awaitCall("tell", "{\"tell\":\"resources/list_changed\"}");
        second.awaitTold("notifications/resources/list_changed");
        assertThat(second.messages()).hasSize(1);
    }

    @Test
    void deletedSessionEndsItsCallsAndIsKnownNoMore() {
        HttpMcp client = shared.ready();
        HttpReply call = client.ask("tools/call", hang("deleted"));
        HttpReply listener = client.listen();
        assertThat(listener.isStream()).isTrue();
        String id = wireId("deleted");

        assertThat(client.delete()).isEqualTo(204);

        assertThat(call.awaitEnd().text()).doesNotContain("result");
        assertThat(listener.awaitEnd().messages()).isEmpty();
        awaitCancelled(id);
        assertThat(client.ask("ping", "{}").status()).isEqualTo(404);
        assertThat(client.listen().status()).isEqualTo(404);
        assertThat(client.delete()).isEqualTo(404);
    }

    @Test
    void requestsMayFollowEachOtherOnOneConnection() {
        HttpMcp client = ready();
        String three = "";
        for (int i = 0; i < 3; i++) {
            three += request("POST /mcp|AUTH|Mcp-Session-Id: SESSION > PING", client.session())
                    .replace("Connection: close\r\n", i < 2 ? "" : "Connection: close\r\n");
        }
        try (HttpReply reply = client.raw("127.0.0.1", three)) {
            String all = reply.awaitEnd().text();
            assertThat(all.split("\"result\":\\{}", -1)).hasSize(4);
        }
    }

    @Test
    void bodyMayComeInChunksAndLetterByLetter() throws IOException {
        HttpMcp client = ready();
        String head = request("POST /mcp|AUTH|Mcp-Session-Id: SESSION|Transfer-Encoding: chunked >", client.session());
        try (HttpReply reply = client.raw("127.0.0.1", head)) {
            for (int i = 0; i < PING.length(); i++) {
                reply.send("1\r\n" + PING.charAt(i) + "\r\n");
            }
            reply.send("0\r\n\r\n");
            assertThat(reply.awaitAnswer().toString()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}");
        }
    }

    @Test
    void clientsOfTheJavaLibraryAreServed() {
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(
                        "http://localhost:" + shared.port())
                .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer " + shared.token()))
                .build();
        try (McpSyncClient client = io.modelcontextprotocol.client.McpClient.sync(transport)
                .requestTimeout(DEADLINE)
                .build()) {
            client.initialize();
            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactly("echo");
            McpSchema.CallToolResult answer = client.callTool(McpSchema.CallToolRequest.builder("echo")
                    .arguments(Map.of("text", "hello"))
                    .build());
            assertThat(answer.content().toString()).contains("hello");
        }
    }

    @Test
    void logTellsOfClientsAndNothingOfTheirs() throws IOException {
        HttpMcp client = ready();
        client.awaitCall("echo", "{\"text\":\"planted-secret\"}");
        Path log = Launcher.home(locks).resolve("logs/orders.log");
        await(log.toString()).atMost(DEADLINE).until(() -> Files.readString(log).contains(" http name=\"test\""));

        assertThat(Files.readString(log))
                .contains("serving http://127.0.0.1:" + shared.port() + "/mcp, the token is in ")
                .doesNotContain("planted-secret", shared.token(), client.session());
    }
}
