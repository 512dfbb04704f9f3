package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.NpmServer;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that people really run: an MCP server from npm, and Python's HTTP server. */
@Timeout(240)
class RealServersIT {
    @TempDir
    Path locks;

    @Test
    void mcpServerTalksThroughTheLauncherAndEndsWithItsClient() throws IOException {
        Launcher launcher = Launcher.in(locks);
        try (Child run = byRunner(launcher, "--transport", "stdio")) {
            initialize(run);
            run.noteTree();
            List<Long> tree = Processes.descendants(run.pid());
            run.closeStdin();
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(tree).isNotEmpty().noneMatch(Processes::isAlive);
            run.stdout()
                    .lines()
                    .forEach(line -> assertThat(line).as("only the protocol").startsWith("{"));
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    /** Without the launcher, npx dies of TERM and leaves node running; of INT, nothing ends at all. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "QUIT"})
    void packageRunnersWholeTreeEndsAtASignal(String signal) throws IOException {
        Launcher launcher = Launcher.in(locks);
        try (Child run = byRunner(launcher, "--grace", "2s")) {
            initialize(run);
            run.noteTree();
            List<Long> tree = Processes.descendants(run.pid());
            run.signal(signal);
            run.awaitExit();
            assertThat(tree).hasSizeGreaterThan(1).noneMatch(Processes::isAlive);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    private Child byRunner(Launcher launcher, String... options) {
        ProcessBuilder builder = launcher.builder(List.of(options), NpmServer.EVERYTHING.command(true, locks));
        return Child.start(builder.directory(NpmServer.project().toFile()));
    }

    private static void initialize(Child run) throws IOException {
        String request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                + "\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}\n";
        run.stdin().write(request.getBytes(StandardCharsets.UTF_8));
        run.stdin().flush();
        String answer = run.awaitOut("(?m)^(\\{.*\"id\":1.*})$");
        JsonNode json = new ObjectMapper().readTree(answer);
        assertThat(json.at("/result/serverInfo/name").asText()).isNotEmpty();
    }

    @Test
    void pythonsHttpServerServesAndStopsAtCtrlC() throws Exception {
        Programs.require("python3");
        Launcher launcher = Launcher.in(locks);
        List<String> server = List.of("python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", "0");
        try (Child run = launcher.run(List.of(), server)) {
            String port = run.awaitOut("port (\\d+)");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            run.signal("INT");
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).contains("Keyboard interrupt received");
        }
        assertThat(launcher.leftovers()).isEmpty();
    }
}
