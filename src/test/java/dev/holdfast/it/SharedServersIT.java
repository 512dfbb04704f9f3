package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.NpmServer;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Sharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The servers that people have from npm, shared. */
@Timeout(300)
class SharedServersIT {
    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private Sharing sharing(boolean isByRunner, String... options) {
        Sharing sharing = new Sharing(locks, NpmServer.MEMORY.command(isByRunner, folder), options);
        sharing.launcher().env("MEMORY_FILE_PATH", memory().toString());
        return sharing;
    }

    private Path memory() {
        return folder.resolve("memory.jsonl");
    }

    /** From the project's folder, where npx finds it. */
    private static McpClient ready(Sharing sharing) {
        McpClient client =
                sharing.client(sharing.start().directory(NpmServer.project().toFile()));
        client.initialize();
        return client;
    }

    private static String entity(String name) {
        return "{\"entities\":[{\"name\":\"" + name + "\",\"entityType\":\"person\",\"observations\":[]}]}";
    }

    @Test
    @DisplayName("Row 27: a server that reads, changes and writes its file loses nothing when its calls run one by one")
    void callsOneByOneLoseNothing() throws IOException {
        int calls = 40;
        try (Sharing sharing = sharing(false, "--linger", "0", "--share-calls", "1")) {
            McpClient a = ready(sharing);
            McpClient b = ready(sharing);
            for (int call = 1; call <= calls; call++) {
                a.call("create_entities", entity("a" + call));
                b.call("create_entities", entity("b" + call));
            }
            for (int call = 1; call <= calls; call++) {
                assertThat(McpClient.text(a.awaitAnswer(call))).contains("\"a" + call + "\"");
                assertThat(McpClient.text(b.awaitAnswer(call))).contains("\"b" + call + "\"");
            }
            assertThat(Files.readAllLines(memory())).hasSize(2 * calls);
            a.closeStdin();
            b.closeStdin();
            sharing.awaitNothingLeft();
        }
    }

    @ParameterizedTest
    @DisplayName("Row 34: nothing is left of a server behind npx")
    @ValueSource(strings = {"last client", "host killed"})
    void nothingIsLeftBehindNpx(String end) {
        assertNothingLeft(end);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {"stop", "host TERM", "host INT", "host HUP", "server KILL", "clients KILL", "tree KILL"})
    void nothingIsLeftBehindNpxEither(String end) {
        assertNothingLeft(end);
    }

    private void assertNothingLeft(String end) {
        try (Sharing sharing = sharing(true, "--linger", "0")) {
            McpClient a = ready(sharing);
            McpClient b = ready(sharing);
            a.awaitCall("create_entities", entity("a"));
            assertThat(McpClient.text(b.awaitAnswer(b.call("read_graph", "{}"))))
                    .contains("\"a\"");
            long host = sharing.awaitHost();
            List<Long> server = Processes.descendants(host);
            assertThat(server).hasSizeGreaterThanOrEqualTo(2); // npm, and what it has started
            switch (end) {
                case "last client" -> {
                    a.closeStdin();
                    b.closeStdin();
                }
                case "clients KILL" -> {
                    a.signal("KILL");
                    b.signal("KILL");
                }
                case "host killed" -> Processes.signal(host, "KILL");
                case "server KILL" -> Processes.signal(server.get(server.size() - 1), "KILL");
                case "tree KILL" -> server.forEach(pid -> Processes.signal(pid, "KILL"));
                case "stop" ->
                    assertThat(sharing.launcher()
                                    .command(List.of("stop", "--lock-dir", locks.toString(), "orders"))
                                    .awaitExit())
                            .isZero();
                default -> Processes.signal(host, end.substring("host ".length()));
            }
            a.awaitExit();
            b.awaitExit();
            sharing.awaitNoProcess();
            assertThat(sharing.status()).containsPattern("\"verdict\":\"(not-running|stale)\"");
        }
    }
}
