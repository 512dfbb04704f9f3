package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast session init --template}: what servers find in their session's folder. */
@Timeout(180)
class SessionTemplatesIT {
    private static final String SECRET = "s3\"cr'3t";

    @TempDir
    Path folder;

    private Child session(String... words) {
        List<String> line = new ArrayList<>(List.of("session"));
        line.addAll(List.of(words));
        return Launcher.in(folder)
                .env("HOLDFAST_HOME", folder.resolve("home").toString())
                .env("HOLDFAST_LOCK_DIR", folder.toString())
                .env("HOLDFAST_SESSIONS_DIR", folder.resolve("sessions").toString())
                .env("MCP_SESSION_ID", "")
                .env("TOKEN", SECRET)
                .command(line);
    }

    private String done(String... words) {
        try (Child child = session(words)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            return child.stdout();
        }
    }

    private JsonNode json(String... words) throws IOException {
        return new ObjectMapper().readTree(done(words));
    }

    private String template(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private Path configs(String id) {
        return folder.resolve("sessions/configs").resolve(id);
    }

    @AfterEach
    void endAll() {
        for (String id : List.of("one", "two")) {
            try (Child child = session("cleanup", "--session", id)) {
                child.awaitExit();
            }
        }
    }

    @Test
    void serverReadsItsOwnSessionsConfiguration() throws IOException {
        String web =
                template("web.toml.template", "port = ${port:web}\ntoken = '${TOKEN}'\nof = '${MCP_CONFIG_DIR}'\n");
        String plain = template("plain.conf", "${MCP_SESSION_ID}:${port:web}:${port:other}");
        JsonNode one = json("init", "--session", "one", "--json", "--template", web, plain);
        int port = one.at("/ports/web").asInt();
        int other = one.at("/ports/other").asInt();
        assertThat(one.get("made").toString())
                .isEqualTo("[\"" + configs("one") + "/web.toml\",\"" + configs("one") + "/plain.conf\"]");
        assertThat(configs("one").resolve("plain.conf")).hasContent("one:" + port + ":" + other);

        String script = "cp \"$MCP_CONFIG_DIR/web.toml\" \"$MCP_CONFIG_DIR/seen\"; echo seen; exec cat";
        done("start", "--session", "one", "web", "--ready-log", "^seen", script);
        assertThat(configs("one").resolve("seen"))
                .hasContent("port = " + port + "\ntoken = \"s3\\\"cr'3t\"\nof = '" + configs("one") + "'\n");

        assertThat(done("init", "--session", "two", "--template", web))
                .contains("\n  made     " + configs("two") + "/web.toml\n  port     web ")
                .doesNotContain("web " + port, SECRET);
        assertThat(json("init", "--session", "one", "--json").at("/ports/web").asInt())
                .isEqualTo(port);
        done("cleanup", "--session", "one");
        assertThat(folder.resolve("sessions/pids/one")).doesNotExist();
    }

    @Test
    void allThatIsMissingIsToldAndNothingWritten() throws IOException {
        String first = template("first.yaml", "a: ${TOKEN}\nb: ${NONE_SUCH}\n");
        String second = template("second.json", "{\"token_env_var\": \"NONE_SUCH\"}");
        try (Child child = session("init", "--session", "one", "--template", first, second, "missing")) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(66);
            assertThat(child.stdout()).isEmpty();
            assertThat(child.stderr().lines())
                    .containsExactly(
                            "holdfast: template \"missing\" cannot be read: no such file or directory",
                            "holdfast: template \"" + first + "\" line 2: variable NONE_SUCH is not set",
                            "holdfast: template \"" + second + "\" line 1: variable NONE_SUCH, which"
                                    + " \"token_env_var\" names, is not set");
        }
        assertThat(configs("one")).isEmptyDirectory();
    }
}
