package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.HttpMcp;
import dev.holdfast.testkit.HttpReply;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.SharedHttp;
import dev.holdfast.testkit.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients over HTTP while their server and its host come, go, are held up and are besieged. */
@Timeout(180)
class SharedHttpLifeIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private ScriptedServer server;

    @BeforeEach
    void name() {
        server = new ScriptedServer(folder);
    }

    private Child control(SharedHttp shared, String command) {
        return shared.sharing().launcher().command(List.of(command, "--lock-dir", locks.toString(), "orders"));
    }

    private void awaitCalled(String call) {
        await(call).atMost(DEADLINE).until(() -> server.executions().contains(call));
    }

    private static HttpReply hang(HttpMcp client) {
        return client.ask("tools/call", "{\"name\":\"hang\",\"arguments\":{}}");
    }

    @Test
    @DisplayName("Rows 9 and 16: a session asks and is asked, outlives its server, and /health follows the server")
    void sessionsOutliveTheirServer() {
        try (SharedHttp shared = SharedHttp.start(
                locks,
                server.command(),
                "--restart",
                "on-failure",
                "--restart-delay",
                "3s",
                "--share-requests",
                "one-caller")) {
            assertThat(shared.health()).isEqualTo(200);
            HttpMcp client = shared.client();
            client.initialize("{\"sampling\":{}}");
            questionComesByTheCallsStream(client);
            HttpReply listener = client.listen();
            HttpReply call = hang(client);
            awaitCalled("hang ");
            client.ask("tools/call", "{\"name\":\"die\",\"arguments\":{}}");

            assertThat(call.awaitAnswer().at("/error/data/holdfast/reason").asText())
                    .isEqualTo("server-ended");
            await("503").atMost(DEADLINE).until(() -> shared.health() == 503);
            await("200").atMost(DEADLINE).until(() -> shared.health() == 200);
            assertThat(client.awaitCall("echo", "{\"text\":\"on\"}")).isEqualTo("on");
            listener.awaitTold("notifications/tools/list_changed");
            assertThat(listener.isOver()).isFalse();
            assertThat(server.pids()).hasSize(2);
        }
    }

    private static void questionComesByTheCallsStream(HttpMcp client) {
        HttpReply call = client.call("ask", "{\"ask\":\"sampling/createMessage\"}");
        JsonNode question = call.awaitTold("sampling/createMessage");
        String answer = "{\"jsonrpc\":\"2.0\",\"id\":" + question.path("id") + ",\"result\":{\"x\":1}}";
        assertThat(client.send("POST", answer).awaitEnd().status()).isEqualTo(202);
        assertThat(McpClient.text(call.awaitAnswer())).contains("result:{x:1");
    }

    @Test
    @DisplayName("Section 3.6: a stop lets calls finish, ends all streams, and leaves nothing")
    void stopEndsAllStreams() {
        try (SharedHttp shared = SharedHttp.start(locks, server.command(), "--grace", "60s")) {
            HttpMcp client = shared.ready();
            HttpReply listener = client.listen();
            assertThat(listener.isStream()).isTrue();
            HttpReply call = client.call("slow", "{\"ms\":1500}");
            awaitCalled("slow 1500");
            try (Child stop = control(shared, "stop")) {
                assertThat(McpClient.text(call.awaitAnswer())).isEqualTo("slept 1500");
                assertThat(listener.awaitEnd().text()).startsWith(":\n\n").doesNotContain("[");
                assertThat(stop.awaitExit()).isZero();
            }
            shared.sharing().awaitNothingLeft();
        }
    }

    @Test
    @DisplayName("Rows 14 and 26: a session keeps its host, and a takeover has the same port")
    void sessionKeepsTheHostAndTakeoverHasItsPort() {
        Sharing sharing = new Sharing(locks, server.command(), "--linger", "0", "--http", "0");
        try (McpClient first = sharing.ready();
                SharedHttp shared = SharedHttp.of(sharing)) {
            HttpMcp client = shared.ready();
            String pid = client.awaitCall("pid", "{}");
            first.closeStdin();
            assertThat(first.awaitExit()).isZero();
            assertThat(client.awaitCall("pid", "{}")).isEqualTo(pid);

            HttpReply listener = client.listen();
            assertThat(listener.isStream()).isTrue();
            ProcessBuilder takeover = sharing.start("--http", Integer.toString(shared.port()));
            takeover.environment().put("FORCE_TERMINATE", "true");
            McpClient second = sharing.client(takeover);
            second.initialize();
            assertThat(listener.awaitEnd().messages()).isEmpty();
            assertThat(client.ask("ping", "{}").status()).isEqualTo(404);
            client.with("Mcp-Session-Id", "").initialize();
            assertThat(client.awaitCall("pid", "{}"))
                    .isEqualTo(second.awaitCall("pid", "{}"))
                    .isNotEqualTo(pid);
            second.closeStdin();
            assertThat(second.awaitExit()).isZero();
            assertThat(client.delete()).isEqualTo(204);
            sharing.awaitNothingLeft();
        }
    }

    @Test
    @DisplayName("Row 30: without sessions: a closed stream is the cancel, and each listener has its own")
    void closedStreamIsTheCancel() {
        List<String> command = new ScriptedServer(folder, "modern").command();
        try (SharedHttp shared = SharedHttp.start(locks, command)) {
            HttpMcp client = shared.client();
            assertThat(client.askWithoutSession("server/discover", "", "")
                            .awaitAnswer()
                            .toString())
                    .contains("2026-07-28");
            HttpReply unknown = client.askWithoutSession("no/such", "", "");
            assertThat(unknown.awaitAnswer().at("/error/code").asInt()).isEqualTo(-32601);
            assertThat(unknown.status()).isEqualTo(404);

            HttpReply one = client.askWithoutSession("subscriptions/listen", "", "");
            HttpReply two = shared.client().askWithoutSession("subscriptions/listen", "", "");
            String id = "/params/_meta/io.modelcontextprotocol~1subscriptionId";
            String acknowledged = "notifications/subscriptions/acknowledged";
            assertThat(one.awaitTold(acknowledged).at(id).asInt()).isEqualTo(2);
            assertThat(two.awaitTold(acknowledged).at(id).asInt()).isZero();
            HttpReply call = client.callWithoutSession("hang", "{}");
            awaitCalled("hang ");
            one.close();
            call.close();
            await("the cancels").atMost(DEADLINE).until(() -> server.received("notifications/cancelled") == 2);
            assertThat(two.isOver()).isFalse();
            assertThat(client.callWithoutSession("echo", "{\"text\":\"=?base64?eA==?=\"}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    @DisplayName("Row 20: clients that never read cost only themselves")
    void clientsThatNeverReadCostOnlyThemselves() {
        Sharing sharing = new Sharing(locks, server.command(), "--http", "0");
        sharing.launcher()
                .env("HOLDFAST_JAVA_OPTIONS", "-Xmx192m"); // what waits is there once, and a few copies on its way
        try (SharedHttp shared = SharedHttp.start(sharing)) {
            HttpMcp neighbour = shared.ready();
            for (int i = 0; i < 6; i++) {
                HttpMcp silent = shared.ready();
                String call = silent.request("tools/call", "{\"name\":\"big\",\"arguments\":{\"bytes\":10000000}}");
                assertThat(silent.begin("POST", call).isOver()).isFalse();
            }
            await().atMost(DEADLINE).until(() -> server.executions().size() == 6);
            for (int i = 0; i < 20; i++) {
                assertThat(neighbour.awaitCall("echo", "{\"text\":\"" + i + "\"}"))
                        .isEqualTo(i + "");
            }
        }
    }

    @Test
    @DisplayName("Whoever may not come in cannot take the descriptors of the host either")
    void strangersConnectionsCostTheHostNothing() {
        Sharing sharing = new Sharing(locks, server.command(), "--http", "0");
        sharing.launcher().below("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh");
        try (McpClient first = sharing.ready();
                SharedHttp shared = SharedHttp.of(sharing);
                HttpMcp stranger = shared.client()) {
            for (int i = 0; i < 150; i++) {
                stranger.raw("127.0.0.1", "GET /mcp HTTP/1.1\r\n");
                stranger.raw("::1", "");
            }
            String pid = first.awaitCall("pid", "{}");
            assertThat(sharing.ready().awaitCall("pid", "{}")).isEqualTo(pid);
            try (Child restart = control(shared, "restart")) {
                assertThat(restart.awaitExit(DEADLINE)).as("%s", restart).isZero();
            }
            assertThat(first.awaitCall("pid", "{}")).isNotEqualTo(pid);
        }
    }
}
