package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Served;
import dev.holdfast.testkit.Sharing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a shared server: who uses it, and what became of their requests; nothing that is in these. */
@Timeout(120)
class SharedStatusIT {
    /** Part of all that a client sends, and of all that the server answers. */
    private static final String PLANTED = "p1anted";

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    @Test
    void clientsAreSeenAndWhatTheySayIsNot() {
        Programs.require("curl");
        ScriptedServer server = new ScriptedServer(folder);
        Path home = Launcher.home(locks);
        try (Sharing sharing = new Sharing(
                locks, server.command(), "--linger", "0", "--log-level", "debug", "--restart", "on-failure")) {
            McpClient a = sharing.ready();
            McpClient b = sharing.ready();
            assertThat(a.awaitCall("echo", "{\"text\":\"" + PLANTED + "\"}")).isEqualTo(PLANTED);
            a.awaitAnswer(a.ask("resources/subscribe", "{\"uri\":\"" + PLANTED + ":1\"}"));
            a.awaitAnswer(a.ask("prompts/get", "{\"name\":\"" + PLANTED + "\",\"arguments\":{}}"));
            a.awaitAnswer(a.ask(PLANTED + "/method", "{}"));
            a.send("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"" + PLANTED + "\"}");
            a.send(PLANTED + " is no message");
            a.awaitCall("print", "{\"text\":\"Server is busy\"}");
            int hangs = b.call("hang", "{\"text\":\"" + PLANTED + "\"}");
            List<List<String>> looks = List.of(
                    List.of("status", "--lock-dir", locks.toString(), "orders"),
                    List.of("status", "--lock-dir", locks.toString(), "orders", "--json"),
                    List.of("ps", "--json"),
                    List.of("ps"),
                    List.of("doctor"));
            await("the call").until(() -> server.executions().contains("hang " + PLANTED));
            List<Launcher.Answer> seen = sharing.launcher().answers(looks);
            assertThat(seen.get(0).stdout())
                    .contains("\n  shared     by 2 clients, 1 open request; it speaks 2025-06-18\n")
                    .containsPattern("\n  client     1 .*pid " + a.pid() + ", since .*: [56] requests, 0 open")
                    .containsPattern("\n  client     2 .*pid " + b.pid() + ", since .*: 2 requests, 1 open");
            assertThat(seen.get(1).stdout())
                    .contains("\"era\":\"legacy\",\"protocolVersion\":\"2025-06-18\"", "\"shared\":true")
                    .contains("{\"method\":\"other\",\"outcome\":\"error\",\"count\":1}")
                    .contains("{\"method\":\"initialize\",\"outcome\":\"ok\",\"count\":2}");
            assertThat(seen.get(2).stdout()).contains("\"clients\":2");
            assertThat(seen.get(3).stdout())
                    .containsPattern("MEMORY CLIENTS PORT")
                    .containsPattern("M +2 +-");
            String metrics;
            try (Served served = Served.by(sharing.launcher(), home)) {
                metrics = served.get("/metrics");
            }
            assertThat(metrics)
                    .containsPattern("holdfast_clients\\{instance=\"[0-9a-f-]+\",name=\"orders\"} 2.0")
                    .containsPattern("holdfast_requests_total\\{.*,method=\"tools/call\",.*outcome=\"ok\"} 2.0")
                    .containsPattern("holdfast_request_seconds_count\\{.*} [4-9]");
            a.call("die", "{\"text\":\"" + PLANTED + "\"}");
            b.awaitAnswer(hangs);
            b.awaitCall("echo", "{\"text\":\"again\"}");
            a.closeStdin();
            b.closeStdin();
            assertThat(a.awaitExit()).isZero();
            assertThat(b.awaitExit()).isZero();
            sharing.awaitNothingLeft();
            String log = text(home.resolve("logs"));
            assertThat(log)
                    .containsPattern("attached client=1 pid=" + a.pid())
                    .containsPattern("detached client=2 pid=" + b.pid())
                    .containsPattern("Request #\\d+ \\(ID: 1\\) started method=tools/call client=1")
                    .containsPattern("Request #\\d+ \\(ID: 1\\) completed outcome=ok");
            for (String each : List.of(a.stderr(), b.stderr(), seen.toString(), metrics, text(home))) {
                assertThat(each).doesNotContain(PLANTED);
            }
        }
    }

    /** All that is in a folder's files. */
    private static String text(Path folder) {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }
}
