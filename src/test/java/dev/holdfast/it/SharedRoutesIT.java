package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client numbers as its neighbour does, or as nobody should, through real processes: {@code RoutesTest} has more. */
@Timeout(180)
class SharedRoutesIT {
    private static final String CANCELLED = "notifications/cancelled";

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private ScriptedServer server;
    private Sharing sharing;
    private McpClient a;
    private McpClient b;

    @BeforeEach
    void start() {
        server = new ScriptedServer(folder);
        sharing = new Sharing(locks, server.command(), "--linger", "0");
        a = sharing.client();
        b = sharing.client();
        a.initialize();
        b.initialize();
    }

    @AfterEach
    void end() {
        sharing.close();
    }

    private static String ping(String id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}";
    }

    private static void echo(McpClient client) {
        assertThat(client.awaitCall("echo", "{\"text\":\"x\"}")).isEqualTo("x");
    }

    @Test
    @DisplayName("Row 1: two clients that count from the same number get each its own progress")
    void eachGetsItsOwnProgress() {
        for (int call = 1; call <= 3; call++) {
            a.call("progress", "{\"count\":30}");
            b.call("progress", "{\"count\":20}");
        }
        for (Map.Entry<McpClient, Integer> each : Map.of(a, 30, b, 20).entrySet()) {
            McpClient client = each.getKey();
            for (int call = 1; call <= 3; call++) {
                assertThat(McpClient.text(client.awaitAnswer(call))).isEqualTo("progressed " + each.getValue());
                int token = call;
                assertThat(client.told("notifications/progress"))
                        .filteredOn(told -> told.at("/params/progressToken").asInt() == token)
                        .extracting(told -> told.at("/params/progress").asInt())
                        .last()
                        .isEqualTo(each.getValue());
            }
            assertThat(client.told("notifications/progress"))
                    .allMatch(told -> told.at("/params/progress").asInt() <= each.getValue());
        }
    }

    @Test
    @DisplayName("Row 2: the bytes of an id come back")
    void bytesOfAnIdComeBack() {
        List<String> ids = List.of("\"a\"", "\"\\u0061b\"", "9007199254740991", "9007199254740993", "77", "-1");
        for (String id : ids) {
            a.send(ping(id));
            b.send(ping(id));
        }
        echo(a);
        echo(b);
        for (McpClient each : List.of(a, b)) {
            assertThat(each.lines())
                    .filteredOn(line -> line.contains("\"result\":{}"))
                    .containsExactlyInAnyOrderElementsOf(ids.stream()
                            .map(id -> "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}")
                            .toList());
        }
    }

    @Test
    @DisplayName("Row 3: what is no message, or cannot be answered, is refused, and the neighbour does not notice")
    void whatIsNoMessageIsRefused() {
        int open = b.call("slow", "{\"ms\":500}");
        Map<String, Integer> refused = Map.of(
                ping("null"),
                -32600,
                ping("1.5"),
                -32600,
                ping("1,\"id\":2"),
                -32600,
                ping("1,\"\\u0069d\":2"),
                -32600,
                "\ufeff" + ping("3"),
                -32700,
                "[" + ping("3") + "]",
                -32600,
                "[".repeat(1_000_000),
                -32700,
                ping("3,\"x\":\"" + "x".repeat(9_000_000) + "\""),
                -32600);
        refused.forEach((line, code) -> {
            int before = a.lines().size();
            a.send(line);
            echo(a); // ten refusals in a row would end it
            List<JsonNode> answers = a.messages().subList(before, before + 2);
            String about = line.substring(0, Math.min(60, line.length()));
            assertThat(answers.get(0).at("/error/code").asInt())
                    .as("%s: %s", about, answers)
                    .isEqualTo(code);
            assertThat(answers.get(0).get("id").isNull())
                    .as("%s: %s", about, answers)
                    .isTrue();
        });
        a.send(ping("4").replace("\"id", "\"\\u0069d"));
        echo(a);
        assertThat(server.received())
                .filteredOn(line -> line.contains("\"\\u0069d\":"))
                .singleElement()
                .asString()
                .doesNotContain("d\":4,");
        int hangs = a.call("hang", "{}");
        a.send(ping(hangs + ""));
        JsonNode twice = a.awaitAnswer(hangs);
        assertThat(twice.at("/error/code").asInt()).as("%s", twice).isEqualTo(-32600);
        assertThat(McpClient.text(b.awaitAnswer(open))).isEqualTo("slept 500");
        assertThat(b.messages()).hasSize(2);
        assertThat(server.received("ping")).isEqualTo(1);
    }

    @Test
    @DisplayName("Row 4: a client cancels what is its own and open, and nothing else")
    void onlyOwnOpenRequestsAreCancelled() {
        b.call("hang", "{\"text\":\"of b\"}");
        echo(a);
        int own = a.call("hang", "{\"text\":\"of a\"}");
        a.tell(CANCELLED, "{\"requestId\":1}"); // answered
        b.tell(CANCELLED, "{\"requestId\":" + own + "}"); // the neighbour's
        b.tell(CANCELLED, "{\"requestId\":" + wireId("of a") + "}");
        echo(b);
        echo(a);
        assertThat(server.received(CANCELLED)).isZero();
        a.tell(CANCELLED, "{\"requestId\":" + own + "}");
        a.tell(CANCELLED, "{\"requestId\":" + own + "}");
        echo(a);
        assertThat(server.received())
                .filteredOn(line -> line.contains(CANCELLED))
                .singleElement()
                .asString()
                .contains("\"requestId\":" + wireId("of a") + "}");
        assertThat(b.answer(1)).as("what nobody has cancelled").isEmpty();
    }

    /** The number that the host has given a call, when the server has it. */
    private String wireId(String text) {
        await(text).until(() -> server.received(text) == 1);
        String line = server.received().stream()
                .filter(each -> each.contains(text))
                .findFirst()
                .orElseThrow();
        Matcher id = Pattern.compile("\"id\":(\\d+)").matcher(line);
        assertThat(id.find()).as(line).isTrue();
        return id.group(1);
    }

    @Test
    @DisplayName("Row 5: what a killed client has asked for is cancelled, and its answer goes to nobody")
    void killedClientsRequestsAreCancelled() {
        a.call("slow", "{\"ms\":300,\"of\":\"a\"}");
        String id = wireId("\"of\":\"a\"");
        a.signal("KILL");
        await("its cancellation").until(() -> server.received(CANCELLED) == 1);
        assertThat(server.received())
                .filteredOn(line -> line.contains(CANCELLED))
                .allMatch(line -> line.contains("\"requestId\":" + id + ",\"reason\":\"client detached\""));
        // What has begun later ends later: the answer to the dead one has come before.
        assertThat(b.awaitCall("slow", "{\"ms\":600}")).isEqualTo("slept 600");
        assertThat(b.messages()).hasSize(2);
        await("the end of all requests")
                .untilAsserted(() -> assertThat(sharing.status()).contains("\"open\":0,\"queued\":0,\"restarts\":0"));
    }
}
