package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.NodePackages;
import dev.holdfast.testkit.NpmServer;
import dev.holdfast.testkit.SharedHttp;
import dev.holdfast.testkit.Sharing;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clients that people have see the same through a shared server as from one of their own. */
@Timeout(300)
class SharedAcceptanceIT {
    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private Child started(Sharing sharing, List<String> words) {
        ProcessBuilder builder = sharing.launcher().builder(List.of());
        builder.command(words);
        return Child.start(builder.directory(NpmServer.project().toFile()));
    }

    private static List<String> output(Child child) {
        try (child) {
            assertThat(child.awaitExit(Duration.ofMinutes(2))).as("%s", child).isZero();
            return child.stdout().lines().toList();
        }
    }

    @Test
    void bothTypeScriptLibrariesSeeTheSame() {
        Path sdk = NodePackages.installed(
                "mcp-refused", "@modelcontextprotocol/sdk@1.32.2", "@modelcontextprotocol/client@2.4.0");
        List<String> server = NpmServer.EVERYTHING.command(false, folder);
        try (Sharing sharing = new Sharing(locks, server, "--linger", "0")) {
            List<String> clients =
                    List.of("node", Launcher.resource("shared-clients.mjs").toString(), sdk.toString());
            List<String> direct = new ArrayList<>(clients);
            direct.addAll(server);
            List<String> shared = new ArrayList<>(clients);
            shared.addAll(sharing.start().command());
            List<String> seen = output(started(sharing, direct));
            assertThat(seen)
                    .hasSize(3)
                    .allMatch(line -> line.contains("\"echoed\":true,\"progress\":[1,2,3,4],\"problems\":[]"));
            assertThat(output(started(sharing, shared))).isEqualTo(seen);
            sharing.awaitNothingLeft();
            assertThat(seenOverHttp(server, clients)).isEqualTo(seen);
        }
    }

    private List<String> seenOverHttp(List<String> server, List<String> clients) {
        try (SharedHttp shared = SharedHttp.start(locks, server)) {
            List<String> words = new ArrayList<>(clients);
            words.addAll(List.of("http://127.0.0.1:" + shared.port() + "/mcp", shared.token()));
            return output(started(shared.sharing(), words));
        }
    }

    @ParameterizedTest
    @EnumSource(NpmServer.class)
    void theJavaLibrarySeesTheSame(NpmServer server) {
        List<String> command = server.command(false, folder);
        try (Sharing sharing = new Sharing(locks, command, "--linger", "0")) {
            sharing.launcher()
                    .env("MEMORY_FILE_PATH", folder.resolve("memory.jsonl").toString());
            ProcessBuilder start = sharing.start();
            List<String> seen = seenByTheJavaLibrary(server, command, start.environment());
            assertThat(seen).hasSizeGreaterThan(5);
            assertThat(seenByTheJavaLibrary(server, start.command(), start.environment()))
                    .isEqualTo(seen);
            sharing.awaitNothingLeft();
        }
    }

    /** Whom it speaks to, all tools, and the answer to a call. */
    private static List<String> seenByTheJavaLibrary(
            NpmServer server, List<String> words, Map<String, String> environment) {
        ServerParameters parameters = ServerParameters.builder(words.get(0))
                .args(words.subList(1, words.size()))
                .env(environment)
                .build();
        StdioClientTransport transport = new StdioClientTransport(parameters, McpJsonDefaults.getMapper());
        transport.setStdErrorHandler(line -> {});
        try (McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(Duration.ofMinutes(1))
                .initializationTimeout(Duration.ofMinutes(1))
                .build()) {
            List<String> seen = new ArrayList<>();
            seen.add(client.initialize().serverInfo() + " " + client.getServerCapabilities());
            client.listTools().tools().forEach(tool -> seen.add(tool.toString()));
            if (server == NpmServer.EVERYTHING) {
                seen.add(client.callTool(CallToolRequest.builder("echo")
                                .arguments(Map.of("message", "from Java"))
                                .build())
                        .content()
                        .toString());
            }
            client.ping();
            return seen;
        }
    }

    /** By hand: 150 MB. */
    @ParameterizedTest
    @Tag("long")
    @EnumSource(NpmServer.class)
    void theInspectorSeesTheSame(NpmServer server) {
        Path folderOfInspector = NodePackages.installed("mcp-inspector", "@modelcontextprotocol/inspector@0.15.0");
        String inspector =
                folderOfInspector.resolve("node_modules/.bin/mcp-inspector").toString();
        List<String> command = server.command(false, folder);
        try (Sharing sharing = new Sharing(locks, command, "--linger", "0")) {
            sharing.launcher()
                    .env("MEMORY_FILE_PATH", folder.resolve("memory.jsonl").toString());
            List<String> launch = sharing.start().command();
            // It passes on what it is told and a few others.
            List<String> variables = new ArrayList<>();
            sharing.start().environment().forEach((name, value) -> {
                if (name.startsWith("HOLDFAST_") || name.equals("SHARED_FOR") || name.equals("MEMORY_FILE_PATH")) {
                    variables.addAll(List.of("-e", name + "=" + value));
                }
            });
            for (String method : List.of("tools/list", "resources/list")) {
                if (server != NpmServer.EVERYTHING && method.startsWith("resources")) {
                    continue; // it has none
                }
                List<String> direct = inspected(sharing, inspector, variables, command, method);
                assertThat(direct).hasSizeGreaterThan(3);
                assertThat(inspected(sharing, inspector, variables, launch, method))
                        .isEqualTo(direct);
            }
            sharing.awaitNothingLeft();
        }
    }

    private List<String> inspected(
            Sharing sharing, String inspector, List<String> variables, List<String> command, String method) {
        List<String> words = new ArrayList<>(List.of(inspector, "--cli"));
        words.addAll(variables);
        words.addAll(command);
        words.addAll(List.of("--method", method));
        return output(started(sharing, words));
    }
}
