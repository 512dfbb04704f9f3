package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The host of a shared server: how it stops, and what becomes of its clients when the server does what it should not. */
@Timeout(180)
class SharedHostIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private static long pid(McpClient client) {
        return Long.parseLong(client.awaitCall("pid", "{}"));
    }

    private Child control(Sharing sharing, String... words) {
        List<String> all = new ArrayList<>(List.of(words[0], "--lock-dir", locks.toString()));
        all.addAll(List.of(words).subList(1, words.length));
        return sharing.launcher().command(all);
    }

    private static void awaitCalled(ScriptedServer server, String call) {
        await(call).atMost(DEADLINE).until(() -> server.executions().contains(call));
    }

    @Test
    @DisplayName("Section 3.6: what the server has begun when it is stopped is answered, and all clients end with it")
    void stopLetsTheServerFinish() {
        ScriptedServer server = new ScriptedServer(folder);
        try (Sharing sharing = new Sharing(locks, server.command(), "--grace", "60s");
                Child stop = stopDuringACall(sharing, server)) {
            assertThat(stop.awaitExit()).isZero();
            sharing.awaitNothingLeft();
        }
    }

    private Child stopDuringACall(Sharing sharing, ScriptedServer server) {
        McpClient one = sharing.ready();
        McpClient two = sharing.ready();
        int call = one.call("slow", "{\"ms\":1500}");
        awaitCalled(server, "slow 1500");
        Child stop = control(sharing, "stop", "orders");
        assertThat(McpClient.text(one.awaitAnswer(call))).isEqualTo("slept 1500");
        assertThat(one.awaitExit()).as("%s", one).isZero();
        assertThat(two.awaitExit()).as("%s", two).isZero();
        return stop;
    }

    @Test
    @DisplayName("Row 15: a client that comes while the host is stopping gets a new one, and is not refused")
    void clientThatComesDuringAStopGetsANewHost() {
        ScriptedServer server = new ScriptedServer(folder, "stays");
        try (Sharing sharing = new Sharing(locks, server.command(), "--grace", "6s", "--linger", "0")) {
            long first = pid(sharing.ready());
            Processes.signal(sharing.awaitHost(), "TERM");
            Path lock = sharing.lockFile();
            await("the stop")
                    .atMost(DEADLINE)
                    .until(() -> Files.readString(lock).contains("stopping"));
            McpClient next = sharing.ready();
            assertThat(pid(next)).isNotEqualTo(first);
            assertThat(Processes.isAlive(first)).isFalse();
        }
    }

    @Test
    @DisplayName("Row 17: a server that comes back with another version ends its clients, with its exit code")
    void changedServerEndsItsClients() {
        ScriptedServer server = new ScriptedServer(folder);
        try (Sharing sharing = new Sharing(locks, server.command(), "--restart", "on-failure")) {
            List<McpClient> clients = List.of(sharing.ready(), sharing.ready());
            server.answerWithVersion("2024-11-05");
            clients.get(0).call("die", "{}");
            for (McpClient client : clients) {
                assertThat(client.awaitExit()).as("%s", client).isEqualTo(137);
            }
            sharing.awaitNothingLeft();
        }
    }

    @Test
    @DisplayName("Row 19: a server that closes its output and lives on has ended, and is started again")
    void serverThatClosesItsOutputHasEnded() {
        ScriptedServer server = new ScriptedServer(folder, "stays");
        try (Sharing sharing = new Sharing(locks, server.command(), "--restart", "on-failure", "--linger", "0")) {
            McpClient client = sharing.ready();
            long first = pid(client);
            int call = client.call("close", "{}");
            assertThat(client.awaitAnswer(call).toString()).contains("server-ended");
            assertThat(pid(client)).isNotEqualTo(first);
            assertThat(Processes.isAlive(first)).isFalse();
        }
    }

    @Test
    @DisplayName("Row 19: what a server prints that is no message reaches no client")
    void whatIsNoMessageReachesNobody() {
        ScriptedServer server = new ScriptedServer(folder, "noise");
        try (Sharing sharing = new Sharing(locks, server.command(), "--linger", "0")) {
            List<McpClient> clients = List.of(sharing.ready(), sharing.ready());
            clients.get(0).awaitCall("print", "{\"text\":\"" + "x".repeat(5_000_000) + "\"}");
            for (McpClient each : clients) {
                assertThat(each.awaitCall("echo", "{\"text\":\"x\"}")).isEqualTo("x");
                assertThat(each.messages()).allMatch(message -> message.has("result"));
            }
            assertThat(clients.get(0).lines()).hasSize(3);
            assertThat(clients.get(1).lines()).hasSize(2);
        }
    }

    @Test
    @DisplayName(
            "Row 21: a server that never reads holds up those who talk to it, and neither the others' ends nor a stop")
    void serverThatNeverReadsCanBeLeftAndStopped() {
        ScriptedServer server = new ScriptedServer(folder, "deaf");
        try (Sharing sharing = new Sharing(locks, server.command(), "--grace", "2s", "--share-era", "modern")) {
            McpClient talker = sharing.client();
            McpClient other = sharing.client();
            String text = "x".repeat(100_000);
            for (int i = 0; i < 200; i++) {
                echo(talker, text);
            }
            echo(other, "");
            // One that comes later than the stop would wait for its end, and have a host of its own.
            await("both clients").atMost(Duration.ofSeconds(60)).until(() -> attached(sharing) == 2);
            other.signal("TERM");
            assertThat(other.awaitExit()).isEqualTo(143);
            assertThat(talker.isSent())
                    .as("20 MB were read, though nobody takes them")
                    .isFalse();
            try (Child stop = control(sharing, "stop", "orders")) {
                assertThat(stop.awaitExit()).isZero();
            }
            assertThat(talker.awaitExit()).isEqualTo(143);
            sharing.awaitNothingLeft();
        }
    }

    private static int attached(Sharing sharing) {
        return sharing.status().split("\"since\"", -1).length - 1;
    }

    /** Without a handshake: this one has no answer that could be waited for. */
    private static void echo(McpClient client, String text) {
        client.ask(
                "tools/call",
                "{\"name\":\"echo\",\"arguments\":{\"text\":\"" + text + "\"},\"_meta\":{"
                        + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"test\",\"version\":\"1\"},"
                        + "\"io.modelcontextprotocol/clientCapabilities\":{}}}");
    }

    @Test
    @DisplayName("A restart gives all clients another server")
    void restartKeepsTheClients() {
        ScriptedServer server = new ScriptedServer(folder);
        try (Sharing sharing = new Sharing(locks, server.command(), "--linger", "0")) {
            McpClient one = sharing.ready();
            McpClient two = sharing.ready();
            long first = pid(one);
            try (Child restart = control(sharing, "restart", "orders")) {
                assertThat(restart.awaitExit()).isZero();
            }
            assertThat(pid(two)).isEqualTo(pid(one)).isNotEqualTo(first);
        }
    }
}
