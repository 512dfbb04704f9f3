package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of shared servers rest on: a server without Holdfast does to a client what it is asked for. */
@Timeout(60)
class ScriptedServerTest {
    @TempDir
    Path folder;

    private McpClient client(String... words) {
        return McpClient.start(new ProcessBuilder(new ScriptedServer(folder, words).command()));
    }

    @Test
    void answersNowAndLateAndTellsAndAsks() {
        ScriptedServer server = new ScriptedServer(folder);
        server.answerWithVersion("2024-11-05");
        try (McpClient client = client()) {
            assertThat(client.initialize().at("/result/protocolVersion").asText())
                    .isEqualTo("2024-11-05");
            int slow = client.call("slow", "{\"ms\":300}");
            int progress = client.call("progress", "{\"count\":3}");
            int asks = client.call("ask", "{\"ask\":\"sampling/createMessage\"}");
            assertThat(client.awaitCall("echo", "{\"text\":\"hello\"}")).isEqualTo("hello");
            assertThat(client.told("notifications/progress"))
                    .extracting(told -> told.at("/params/progressToken").asInt())
                    .containsExactly(progress, progress, progress);
            int asked = client.awaitTold("sampling/createMessage").get("id").asInt();
            client.send("{\"jsonrpc\":\"2.0\",\"id\":" + asked + ",\"error\":{\"code\":-1,\"message\":\"no\"}}");
            assertThat(McpClient.text(client.awaitAnswer(asks))).isEqualTo("error:{code:-1,message:no");
            client.awaitCall("tell", "{\"tell\":\"resources/updated\",\"uri\":\"a:/b\"}");
            assertThat(client.awaitTold("notifications/resources/updated")
                            .at("/params/uri")
                            .asText())
                    .isEqualTo("a:/b");
            client.closeStdin();
            assertThat(McpClient.text(client.awaitAnswer(slow))).isEqualTo("slept 300");
            assertThat(client.awaitExit()).isZero();
        }
        assertThat(server.executions()).startsWith("slow 300", "progress 3", "ask ", "echo hello");
        assertThat(server.received("notifications/initialized")).isEqualTo(1);
        assertThat(server.pids()).hasSize(1);
    }

    @Test
    void makesAllTheTroubleThatItsWordsSay() {
        try (McpClient noise = client("noise", "stays");
                McpClient strict = client("strict");
                McpClient deaf = client("deaf");
                McpClient modern = client("modern")) {
            noise.send("{\"id\":1,\"method\":\"ping\"}");
            await().until(() -> noise.answerAmongNoise(1).isPresent());
            assertThat(noise.lines()).contains("Server is busy", "{\"half\":", "[1,");
            noise.closeStdin();
            strict.ask("server/discover", "{}");
            assertThat(strict.awaitExit()).isEqualTo(3);
            deaf.sendBytes(new byte[1 << 20]);
            deaf.ask("ping", "{}");
            assertThat(modern.awaitAnswer(modern.ask("initialize", "{}"))
                            .at("/error/code")
                            .asInt())
                    .isEqualTo(-32022);
            assertThat(noise.isAlive()).isTrue();
            assertThat(deaf.isSent()).isFalse();
        }
    }

    @Test
    void clientThatDoesNotReadHoldsItUpAndNobodyElse() {
        try (McpClient client = client()) {
            client.stopReading();
            int big = client.call("big", "{\"bytes\":1000000}");
            int last = client.call("echo", "{\"text\":\"last\"}");
            ScriptedServer server = new ScriptedServer(folder);
            await().until(() -> server.executions().contains("big 1000000"));
            client.readOn();
            assertThat(McpClient.text(client.awaitAnswer(big))).hasSize(1_000_000);
            assertThat(McpClient.text(client.awaitAnswer(last))).isEqualTo("last");
            assertThat(server.executions()).isEqualTo(List.of("big 1000000", "echo last"));
        }
    }
}
