package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.registry.ManyInstances;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.NodePackages;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.Served;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tools of AI clients: by curl as the document shows it, and by clients of the protocol over HTTP and stdio. */
@Timeout(240)
class McpIT {
    private static final String NAMES =
            "get_server_health diagnose_server_state resolve_server_conflicts! get_server_configuration";

    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            """;
    private static final String CALL = """
            {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_server_health","arguments":{}}}
            """;

    @TempDir
    Path home;

    private Launcher launcher() {
        return Launcher.in(home).env("HOLDFAST_HOME", home.toString()).env("HOLDFAST_LOCK_DIR", home.toString());
    }

    /** The lines of the multi-instance guide. Only the port is another one. */
    @Test
    void theLinesOfTheDocumentWork() {
        Programs.require("curl");
        Programs.require("jq");
        ManyInstances.write(home, 10); // one of which was killed
        try (Served served = Served.by(launcher(), home, "--allow-resolve");
                Child run = launcher().run(List.of("--config-env", "APP_*"), Launcher.server())) {
            run.awaitServer();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(served.shell("""
                                    curl -X POST http://localhost:8000/mcp \\
                                    -d '{"name": "get_server_health"}' | \\
                                    jq -c '.instance_tracking'"""))
                            .matches("\\{\"active_instances\":10,\"conflicts_detected\":\\d+,"
                                    + "\"current_instance_id\":null,\"tracking_enabled\":true}\n"));
            assertThat(served.shell("""
                            curl -X POST http://localhost:8000/mcp \\
                            -d '{"name": "get_server_configuration"}' | \\
                            jq '.instances[] | select(.server_name == "orders") | .config_hash'""")).matches("\"[0-9a-f]{64}\"\n");
            assertThat(served.shell("""
                            curl -X POST http://localhost:8000/mcp \\
                            -d '{"name": "diagnose_server_state"}' | jq -r '.conflicts[].type' | sort | uniq""")).contains("multiple_instances\n", "stale_instance\n");
            assertThat(served.shell("""
                            curl -X POST http://localhost:8000/mcp \\
                            -d '{"name": "resolve_server_conflicts"}' | jq -c '.cleanup_results, .actions_taken'""")).contains("\"stale_instances_removed\":1", "Removed 1 stale instance file");
            assertThat(served.shell("curl http://localhost:8000/health/instances"))
                    .contains("\"name\":\"orders\"");
            assertThat(run.isAlive()).isTrue();
            assertThat(served.get("/mcp", "-d", "{\"name\": \"rm\"}")).endsWith("\n404");
            assertThat(served.get("/mcp", "-d", "[]")).endsWith("\n400");
            assertThat(served.get("/mcp")).endsWith("\n405");
            assertThat(served.get(
                            "/mcp", "-H", "Origin: http://evil.example", "-d", "{\"name\": \"get_server_health\"}"))
                    .endsWith("\n403");
        }
        try (Served served = Served.of(home)) {
            assertThat(served.get("/mcp", "-d", "{\"name\": \"resolve_server_conflicts\"}"))
                    .contains("--allow-resolve")
                    .endsWith("\n403");
            assertThat(served.shell("""
                            curl -s -X POST http://localhost:8000/mcp -d '{"name": "get_server_configuration"}' | \\
                            jq '.configuration.config_hash'""")).isEqualTo("null\n");
        }
    }

    @Test
    void clientsOfTheJavaLibraryAreServed() {
        ManyInstances.write(home, 3);
        try (Served served = Served.of(home)) {
            isServed(HttpClientStreamableHttpTransport.builder("http://localhost:" + served.port())
                    .build());
        }
        isServed(new StdioClientTransport(
                ServerParameters.builder(Launcher.executable().toString())
                        .args("mcp", "--name", "server-1")
                        .env(Map.of("HOLDFAST_HOME", home.toString()))
                        .build(),
                McpJsonDefaults.getMapper()));
    }

    private static void isServed(McpClientTransport transport) {
        try (McpSyncClient client =
                McpClient.sync(transport).requestTimeout(Duration.ofSeconds(60)).build()) {
            client.initialize();
            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactly(NAMES.replace("!", "").split(" ", -1));
            McpSchema.CallToolResult health = client.callTool(
                    McpSchema.CallToolRequest.builder("get_server_health").build());
            assertThat(health.isError()).isFalse();
            assertThat(String.valueOf(health.structuredContent())).contains("active_instances=3");
        }
    }

    /** A version that is not spoken is an error by the specification, and that of 2025-03-26 has several messages in one. */
    @Test
    void versionsAndBatchesAreAsTheSpecificationHasThem() {
        Programs.require("curl");
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        String told = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
        try (Served served = Served.of(home)) {
            assertThat(served.get("/mcp", "-H", "MCP-Protocol-Version: 1999-01-01", "-d", ping))
                    .endsWith("\n400");
            assertThat(served.get("/mcp", "-H", "MCP-Protocol-Version: 2025-06-18", "-d", ping))
                    .contains("\"id\":1")
                    .endsWith("\n200");
            assertThat(served.get("/mcp", "-d", "[" + ping + "," + told + "," + ping.replace(":1,", ":\"b\",") + "]"))
                    .startsWith("[{")
                    .contains("\"id\":1", "\"id\":\"b\"")
                    .endsWith("}]\n200");
            assertThat(served.get("/mcp", "-d", "[" + told + "]")).isEqualTo("\n202");
            assertThat(served.get("/mcp", "-d", "[" + ping + ",1]")).endsWith("\n400");
            assertThat(served.get("/mcp", "-d", ping.replace("ping", "tools/call")))
                    .contains("\"id\":1", "-32602")
                    .endsWith("\n200");
        }
    }

    @Test
    void clientsOfTheTypeScriptLibraryAreServed() {
        Path sdk = NodePackages.installed("mcp-client", "@modelcontextprotocol/sdk@1.32.2");
        ManyInstances.write(home, 3);
        try (Served served = Served.of(home)) {
            assertThat(byNode(sdk, "http://localhost:" + served.port() + "/mcp"))
                    .startsWith(NAMES + "\n{\"active_instances\":3,")
                    .endsWith("}\nrefused\n");
        }
        assertThat(byNode(sdk, Launcher.executable().toString(), "mcp", "--allow-resolve", "--name", "server-2"))
                .startsWith(NAMES + "\n")
                .containsPattern("\"current_instance_id\":\"\\d+-00000002\"")
                .contains("{\"stale_instances_removed\":0,");
    }

    private String byNode(Path sdk, String... target) {
        List<String> words = new ArrayList<>(
                List.of("node", Launcher.resource("mcp-client.mjs").toString(), sdk.toString()));
        words.addAll(List.of(target));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("HOLDFAST_HOME", home.toString());
        builder.environment().put("HOLDFAST_LOCK_DIR", home.toString());
        try (Child client = Child.start(builder)) {
            assertThat(client.awaitExit(Duration.ofSeconds(90)))
                    .as("%s", client)
                    .isZero();
            return client.stdout();
        }
    }

    /** By hand: it takes 40 seconds to install, and its 150 MB are no part of a build. */
    @Tag("long")
    @Test
    void theInspectorIsServed() {
        Path folder = NodePackages.installed("mcp-inspector", "@modelcontextprotocol/inspector@0.15.0");
        String inspector = folder.resolve("node_modules/.bin/mcp-inspector").toString();
        ManyInstances.write(home, 3);
        try (Served served = Served.of(home)) {
            List<List<String>> targets = List.of(
                    List.of(Launcher.executable().toString(), "mcp"),
                    List.of("http://localhost:" + served.port() + "/mcp", "--transport", "http"));
            for (List<String> target : targets) {
                assertThat(inspected(inspector, target, "tools/list"))
                        .contains(NAMES.replace("!", "").split(" ", -1));
                for (String tool : NAMES.split(" ", -1)) {
                    assertThat(inspected(inspector, target, "tools/call", "--tool-name", tool.replace("!", "")))
                            .contains(tool.endsWith("!") ? "\"isError\": true" : "\"structuredContent\": {");
                }
            }
        }
    }

    private String inspected(String inspector, List<String> target, String... asked) {
        List<String> words = new ArrayList<>(List.of(inspector, "--cli"));
        words.addAll(target);
        words.add("--method");
        words.addAll(List.of(asked));
        ProcessBuilder builder = new ProcessBuilder(words);
        // It passes on a few variables only.
        builder.environment().put("HOME", home.toString());
        builder.environment().put("HOLDFAST_HOME", home.toString());
        try (Child child = Child.start(builder)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            return child.stdout();
        }
    }

    /** What is asked just before the end is answered; then the server ends by itself. */
    @Test
    void theEndOfItsInputEndsItAfterTheLastAnswer() throws IOException {
        try (Child mcp = launcher().command(List.of("mcp"))) {
            mcp.stdin().write("""
                    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}
                    {"jsonrpc":"2.0","method":"notifications/initialized"}
                    {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"diagnose_server_state"}}
                    """.getBytes(StandardCharsets.UTF_8));
            mcp.closeStdin();
            assertThat(mcp.awaitExit()).isZero();
            assertThat(mcp.stdout()).contains("\"id\":1", "\"id\":2,\"result\"", "weaker_promises");
            assertThat(mcp.stdout().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"jsonrpc\""));
            assertThat(mcp.stderr()).isEmpty();
        }
    }

    /** The library's own transport loses the answer of two that are ready at once: java-sdk#686. */
    @Test
    void manyCallsAtOnceAreAllAnswered() throws IOException {
        StringBuilder calls = new StringBuilder(INITIALIZE);
        for (int id = 1; id <= 300; id++) {
            calls.append(CALL.formatted(id));
        }
        try (Child mcp = launcher().command(List.of("mcp"))) {
            mcp.stdin().write(calls.toString().getBytes(StandardCharsets.UTF_8));
            mcp.closeStdin();
            assertThat(mcp.awaitExit()).isZero();
            assertThat(mcp.stdout().lines()).hasSize(301).allMatch(line -> line.contains("\"result\""));
        }
    }

    /** The heap has 64 MB: a line that is kept whole ends the process, or leaves one that answers no more. */
    @Test
    void aLineWithoutABoundTakesNoMemory() throws IOException {
        byte[] piece = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        try (Child mcp = launcher().command(List.of("mcp"))) {
            mcp.stdin().write(INITIALIZE.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 100; i++) {
                mcp.stdin().write(piece);
            }
            mcp.stdin().write(("\n" + CALL.formatted(1)).getBytes(StandardCharsets.UTF_8));
            mcp.closeStdin();
            assertThat(mcp.awaitExit()).isZero();
            assertThat(mcp.stdout().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"serverInfo\""),
                            line -> assertThat(line).contains("-32600", "256 KB", "\"id\":null"),
                            line -> assertThat(line).contains("\"id\":1", "active_instances"));
        }
    }

    /** A request before the first word, and the list of the version of 2025-03-26: the library answered neither. */
    @Test
    void whatIsAskedBeforeTheBeginningIsAnsweredToo() throws IOException {
        try (Child mcp = launcher().command(List.of("mcp"))) {
            mcp.stdin().write("""
                    {"jsonrpc":"2.0","id":1,"method":"ping"}
                    {"jsonrpc":"2.0","id":2,"method":"tools/list"}
                    {"jsonrpc":"2.0","id":3,"method":"server/discover","params":{}}
                    [{"jsonrpc":"2.0","id":4,"method":"ping"},{"jsonrpc":"2.0","id":5,"method":"ping"}]
                    """.getBytes(StandardCharsets.UTF_8));
            mcp.stdin().write(INITIALIZE.replace("2025-11-25", "2024-11-05").getBytes(StandardCharsets.UTF_8));
            mcp.closeStdin();
            assertThat(mcp.awaitExit()).isZero();
            assertThat(mcp.stdout().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"id\":1,\"result\""),
                            line -> assertThat(line).contains("\"id\":2,\"result\"", "get_server_health"),
                            line -> assertThat(line).contains("\"id\":3", "-32601"),
                            line -> assertThat(line).startsWith("[{").contains("\"id\":4", "\"id\":5"),
                            line -> assertThat(line).contains("\"protocolVersion\":\"2024-11-05\""));
        }
    }

    /** The library ends its reading at such a line: then nobody saw the end of the input, and the process stayed. */
    @Test
    void aLineThatIsNoMessageIsAnsweredAndTheNextOneToo() throws IOException {
        try (Child mcp = launcher().command(List.of("mcp"))) {
            mcp.stdin().write("""
                    garbage

                    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}
                    {"jsonrpc":"2.0","method":"notifications/initialized"}
                    {"jsonrpc":"2.0","id":2,"method":"tools/call"}
                    {"jsonrpc":"2.0","id":3,"method":"ping"}
                    """.getBytes(StandardCharsets.UTF_8));
            mcp.closeStdin();
            assertThat(mcp.awaitExit()).isZero();
            assertThat(mcp.stdout()).contains("-32700", "\"id\":1,\"result\"", "-32602", "\"id\":3,\"result\"");
            assertThat(mcp.stdout().lines()).hasSize(4);
        }
    }
}
