package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.config.SharedName;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which server a start shares, by its folder and by what it is made of, and what commands on its name mean. */
@Timeout(180)
class SharedNamesIT {
    private static final String SECRET = "s3cr3t-of-the-first";

    @TempDir
    Path locks;

    @TempDir
    Path scripts;

    /** As the kernel has it. */
    private Path folder(String name) throws IOException {
        return Files.createDirectories(scripts.resolve(name)).toRealPath();
    }

    private static McpClient client(Sharing sharing, Path folder, String key) {
        ProcessBuilder start = sharing.start().directory(folder.toFile());
        start.environment().put("API_KEY", key);
        return sharing.client(start);
    }

    private String said(Sharing sharing, Path folder, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        if (!words[0].equals("logs")) { // which has a folder of its own
            all.addAll(1, List.of("--lock-dir", locks.toString()));
        }
        ProcessBuilder builder =
                sharing.launcher().builder(all).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("API_KEY", SECRET);
        Process command = builder.start();
        try {
            String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            command.waitFor();
            return said;
        } finally {
            command.destroyForcibly();
        }
    }

    @Test
    @DisplayName(
            "Row 22: another key is refused by name, another folder has its own server, and a name means the folder's")
    void folderAndSettingsChooseTheServer() throws Exception {
        ScriptedServer server = new ScriptedServer(scripts);
        Path one = folder("one");
        Path other = folder("other");
        String name = SharedName.of("orders", one.toString());
        try (Sharing sharing = new Sharing(locks, server.command(), "--share-scope", "cwd", "--linger", "10m")) {
            McpClient first = client(sharing, one, SECRET);
            first.initialize();
            String pid = first.awaitCall("pid", "{}");
            McpClient second = client(sharing, one, SECRET);
            second.initialize();
            assertThat(second.awaitCall("pid", "{}")).isEqualTo(pid);

            assertThat(said(sharing, other, "status", "orders"))
                    .contains("orders: not running")
                    .contains("shared in another folder: " + name);
            McpClient elsewhere = client(sharing, other, SECRET);
            elsewhere.initialize();
            assertThat(elsewhere.awaitCall("pid", "{}")).isNotEqualTo(pid);

            McpClient stranger = client(sharing, one, "another");
            JsonNode refusal = stranger.awaitAnswer(stranger.ask("ping", "{}")).get("error");
            assertThat(refusal.get("message").asText())
                    .contains("\"" + name + "\"")
                    .contains("API_KEY differs from that of the running one")
                    .doesNotContain(SECRET);
            assertThat(stranger.awaitExit()).isEqualTo(75);
            assertThat(stranger.stderr()).contains("API_KEY differs").doesNotContain(SECRET);

            assertThat(said(sharing, one, "status", "orders")).contains(name + ": running");
            assertThat(said(sharing, one, "logs", "orders", "--lines", "all")).contains("attached client=1");
            assertThat(said(sharing, one, "run", "--share", "--name", "orders", "--explain", "--", "true"))
                    .contains(name)
                    .contains("would attach to what runs")
                    .containsPattern("must agree .*API_KEY")
                    .doesNotContain(SECRET);
            assertThat(said(sharing, one, "stop", "orders")).contains(name + ": stopped");
            assertThat(elsewhere.awaitCall("pid", "{}")).isNotEqualTo(pid);
            assertThat(said(sharing, other, "stop", "orders")).contains("stopped");
        }
    }
}
