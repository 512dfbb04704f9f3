package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast client} on files in a home of the test's own. */
@Timeout(180)
class ClientIT {
    @TempDir
    Path home;

    @TempDir
    Path locks;

    private Path cursor;

    @BeforeEach
    void makeFiles() throws IOException {
        cursor = write(".cursor/mcp.json", "mcpServers");
    }

    private Path write(String name, String section) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        // The server reads lines, prints them, and ends with its input
        return Files.writeString(file, """
                {
                  // mine
                  "%s": {
                    "echo": {
                      "command": "sh",
                      "args": ["-c", "echo \\"$KEY ${HOLDFAST_JAVA_HOME-none}\\"; exec cat"],
                      "env": { "KEY": "value-of-key", "HOLDFAST_LOCK_DIR": "%s" },
                    },
                    "far": { "url": "https://far.example/mcp?key=value-of-key" }
                  }
                }
                """.formatted(section, locks));
    }

    private Launcher launcher() {
        return Launcher.in(locks)
                .env("HOME", home.toString())
                .env("XDG_CONFIG_HOME", "")
                .env("CLAUDE_CONFIG_DIR", "")
                .env("HOLDFAST_HOME", home.resolve("own").toString());
    }

    private static List<String> client(String... words) {
        List<String> line = new ArrayList<>(List.of("client"));
        line.addAll(List.of(words));
        return line;
    }

    @Test
    void commandsTellWhatTheyDoAndNoValues() throws IOException {
        Path code = write(".config/Code/User/mcp.json", "servers");
        String before = Files.readString(cursor);
        List<Launcher.Answer> answers = launcher()
                .answers(List.of(
                        client("wrap", "cursor", "--all", "--dry-run"),
                        client("wrap", "cursor", "--all"),
                        client("wrap", "cursor", "echo"),
                        client("wrap", "vscode", "echo"),
                        client("list"),
                        client("show", "cursor", "echo", "--json"),
                        client("unwrap", "cursor", "--all"),
                        client("unwrap", "vscode", "echo"),
                        client("wrap", "cursor", "none"),
                        client("wrap", "gemini", "--all"),
                        client("wrap", "cursor"),
                        client("wrap", "curser", "--all"),
                        client("add", "cursor", "new", "--", "npx", "new-server"),
                        client("show", "cursor", "new"),
                        client("remove", "cursor", "new"),
                        client("wrap", "cursor", "echo", "--env", "KEY=value-of-key"),
                        client("add", "cursor", "new", "--env", "value-of-key", "--", "npx"),
                        client(
                                "add",
                                "cursor",
                                "new",
                                "--env",
                                "K=a,value-of-key",
                                "--env=L=1",
                                "--dry-run",
                                "--",
                                "npx")));
        assertThat(answers.get(0).stdout())
                .startsWith("--- " + cursor + "\n+++ " + cursor + "\n@@ -2,9 +2,9 @@\n")
                .contains("\n-      \"command\": \"sh\",\n", "\"KEY\": \"***\"");
        assertThat(answers.get(1).stdout())
                .isEqualTo("echo: guarded in " + cursor + "\na copy of the file as it was is in " + cursor
                        + ".holdfast-backup\n");
        assertThat(answers.get(1).stderr()).isEqualTo("holdfast: far: it is reached over the network; left alone\n");
        assertThat(answers.get(2).stderr()).isEqualTo("holdfast: echo: is guarded already; left alone\n");
        assertThat(answers.get(4).stdout())
                .contains(
                        "cursor  " + cursor + "\n  echo  guarded\n  far   remote\n",
                        "vscode  " + code + "\n  echo  guarded\n",
                        "gemini  " + home + "/.gemini/settings.json  (no file)\n");
        assertThat(answers.get(5).stdout())
                .contains("\"guarded\":true,\"works\":true,\"instance\":\"echo\",\"command\":[\"sh\",\"-c\",")
                .contains("\"KEY\"");
        assertThat(answers.get(8).stderr())
                .isEqualTo("holdfast: there is no server \"none\" in " + cursor + "; there is echo, far\n");
        assertThat(answers.get(9).stderr()).contains("Gemini CLI has no file here");
        assertThat(answers.get(10).stderr()).contains("say which servers, or --all");
        assertThat(answers.get(11).stderr()).contains("there is no client curser; did you mean cursor?");
        assertThat(answers.get(13).stdout()).contains("  new  guarded\n      command    npx new-server\n");
        assertThat(answers.stream().map(Launcher.Answer::code))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 66, 66, 64, 64, 0, 0, 0, 64, 64, 0);
        assertThat(answers.get(15).stderr()).contains("wrap takes no --env");
        assertThat(answers.get(16).stderr()).contains("--env takes NAME=VALUE");
        assertThat(answers.get(17).stdout())
                .contains("\"env\": {\"K\": \"***\", \"L\": \"***\", \"HOLDFAST_JAVA_HOME\": \"/");
        assertThat(answers).noneMatch(answer -> (answer.stdout() + answer.stderr()).contains("value-of-key"));
        assertThat(cursor).hasContent(before);
        assertThat(code).hasContent(before.replace("mcpServers", "servers"));
        assertThat(Files.readString(home.resolve("own/clients.json"))).isEqualTo("{}\n");
    }

    /** As clients on a desktop do: no Java in PATH, and hardly a variable. */
    @Test
    void whatIsGuardedAndNotSharedIsToldFromWhatIs() {
        List<Launcher.Answer> answers = launcher()
                .answers(List.of(
                        client("wrap", "cursor", "echo"),
                        client("wrap", "cursor", "echo", "--share"),
                        client("unwrap", "cursor", "echo"),
                        client("wrap", "cursor", "echo", "--share"),
                        client("wrap", "cursor", "echo", "--share"),
                        client("list"),
                        client("unwrap", "cursor", "echo")));
        assertThat(answers.get(1).stderr())
                .isEqualTo(
                        "holdfast: echo: is guarded already, and not shared: unwrap it, and wrap it again with --share;"
                                + " left alone\n");
        assertThat(answers.get(4).stderr()).isEqualTo("holdfast: echo: is guarded already; left alone\n");
        assertThat(answers.get(5).stdout()).contains("\n  echo  guarded, shared\n");
    }

    @Test
    void entryStartsTheGuardedServerAsAClientDoes() throws IOException {
        assertThat(launcher().answers(List.of(client("wrap", "cursor", "echo"))))
                .allMatch(answer -> answer.code() == 0);
        JsonNode entry = JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
                .build()
                .readTree(cursor.toFile())
                .at("/mcpServers/echo");
        Path tools = Files.createDirectory(home.resolve("tools"));
        for (String tool : List.of("sh", "env", "cat", "readlink", "sed")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin/" + tool));
        }
        List<String> words = new ArrayList<>(List.of(entry.path("command").asText()));
        entry.path("args").forEach(argument -> words.add(argument.asText()));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment().put("HOME", home.toString());
        builder.environment().put("PATH", tools.toString());
        entry.path("env")
                .properties()
                .forEach(variable -> builder.environment()
                        .put(variable.getKey(), variable.getValue().asText()));
        try (Child server = Child.start(builder)) {
            server.stdin().write("{\"jsonrpc\":\"2.0\"}\n".getBytes(StandardCharsets.US_ASCII));
            server.stdin().flush();
            server.closeStdin();
            assertThat(server.awaitExit()).as("%s", server).isZero();
            assertThat(server.stdout()).isEqualTo("value-of-key none\n{\"jsonrpc\":\"2.0\"}\n");
        }
    }
}
