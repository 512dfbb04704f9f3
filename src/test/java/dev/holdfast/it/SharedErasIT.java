package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of all eras of the protocol share servers of all eras, through real processes: {@code EraTest} has more. */
@Timeout(180)
class SharedErasIT {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"test\",\"version\":\"1\"},"
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    private static final int UNSUPPORTED_VERSION = -32022;

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    @ParameterizedTest
    @DisplayName("Row 31: each client works on a server of its era, and is told why it does not on another one")
    @CsvSource({"strict, legacy", "modern, dual", "dual, modern"})
    void eachEraOnEachServer(String server, String first) {
        play(server, first);
    }

    /** By hand: the rest of the table. */
    @ParameterizedTest
    @Tag("long")
    @DisplayName("Row 31: so it is whoever comes first")
    @CsvSource({
        "strict, modern",
        "strict, dual",
        "modern, legacy",
        "modern, modern",
        "dual, legacy",
        "dual, dual",
    })
    void eachEraFirstOnEachServer(String server, String first) {
        play(server, first);
    }

    private void play(String kind, String first) {
        ScriptedServer server = new ScriptedServer(folder, kind);
        boolean isModern = kind.equals("modern");
        try (Sharing sharing = new Sharing(locks, server.command())) {
            List<String> clients = new ArrayList<>(List.of("legacy", "modern", "dual"));
            Collections.swap(clients, 0, clients.indexOf(first));
            clients.add(first);
            for (String each : clients) {
                McpClient client = sharing.client();
                switch (each) {
                    case "legacy" -> legacy(client, isModern);
                    case "modern" -> modern(client, isModern);
                    default -> dual(client, isModern);
                }
                assertThat(client.stderr()).isEmpty();
            }
            assertThat(server.pids()).hasSize(1);
            assertThat(server.received())
                    .filteredOn(line -> line.contains("2026-07-28") != isModern)
                    .allMatch(line -> line.contains("\"initialize\""));
            assertThat(server.received("\"initialize\"")).isEqualTo(1);
        }
    }

    private static JsonNode modernCall(McpClient client) {
        return client.awaitAnswer(
                client.ask("tools/call", "{\"name\":\"echo\",\"arguments\":{\"text\":\"x\"}," + META + "}"));
    }

    private static void assertVersions(JsonNode answer, String version) {
        assertThat(answer.at("/error/code").asInt()).as("%s", answer).isEqualTo(UNSUPPORTED_VERSION);
        assertThat(answer.at("/error/message").asText()).contains(version);
    }

    private static void legacy(McpClient client, boolean isModern) {
        JsonNode answer = client.initialize();
        if (isModern) {
            assertVersions(answer, "2026-07-28");
        } else {
            assertThat(answer.has("result")).as("%s", answer).isTrue();
            assertThat(client.awaitCall("echo", "{\"text\":\"x\"}")).isEqualTo("x");
        }
    }

    private static void modern(McpClient client, boolean isModern) {
        if (isModern) {
            assertThat(McpClient.text(modernCall(client))).isEqualTo("x");
        } else {
            JsonNode answer = modernCall(client);
            assertVersions(answer, "20");
            assertThat(answer.at("/error/data/supported/0").asText())
                    .as("%s", answer)
                    .startsWith("20");
        }
    }

    /** It looks which era it is, and goes on in that one. */
    private static void dual(McpClient client, boolean isModern) {
        JsonNode answer = client.awaitAnswer(client.ask("server/discover", "{" + META + "}"));
        if (isModern) {
            assertThat(answer.at("/result/supportedVersions/0").asText()).isEqualTo("2026-07-28");
            modern(client, true);
        } else {
            assertThat(answer.at("/error/code").asInt()).as("%s", answer).isEqualTo(-32601);
            legacy(client, false);
        }
    }
}
