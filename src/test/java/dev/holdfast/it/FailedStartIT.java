package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.McpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A start that fails before there is a server tells its AI client why, and nobody else. */
@Timeout(120)
class FailedStartIT {
    private static final String REQUEST = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\"}\n";

    @TempDir
    Path locks;

    private List<String> words(String options) {
        List<String> words = new ArrayList<>(List.of("--transport", "stdio"));
        words.addAll(List.of(options.replace("FOLDER", locks.toString()).split(" ")));
        return words;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--name=a                    | /nonexistent   | 127 | command \"/nonexistent\" not found",
                "--name=a --handoff=exec     | FOLDER/script  | 126 | the interpreter that it names is not there",
                "--env-file=/nonexistent     | cat            | 66  | cannot read the environment file",
                "--grace=soon                | cat            | 64  | must be a duration",
                "--lock-file=FOLDER/folder   | cat            | 77  | FOLDER/folder",
                "--pre-start=false           | cat            | 69  | its pre-start command failed",
            })
    void itsClientReadsWhy(String options, String command, int code, String why) throws IOException {
        Files.createDirectory(locks.resolve("folder"));
        Path script = Files.writeString(locks.resolve("script"), "#!/none\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder start =
                Launcher.in(locks).builder(words(options), List.of(command.replace("FOLDER", locks.toString())));
        try (McpClient client = McpClient.start(start)) {
            JsonNode error = client.awaitAnswer(client.ask("initialize", "{}")).path("error");
            assertThat(error.path("code").asInt()).isEqualTo(-32000);
            assertThat(error.path("message").asText())
                    .startsWith("holdfast: ")
                    .contains(why.replace("FOLDER", locks.toString()));
            assertThat(error.at("/data/holdfast/reason").asText()).isEqualTo("start-failed");
            assertThat(client.awaitExit()).isEqualTo(code);
            assertThat(client.stderr().strip()).endsWith(error.path("message").asText());
            assertThat(client.lines()).hasSize(1);
        }
    }

    /** Nobody said that there is a client, somebody said no, or a file is all that there is to read. */
    @Test
    void othersAreToldOnStderrOnly() throws IOException {
        Path requests = Files.writeString(locks.resolve("requests"), REQUEST);
        Launcher asking = Launcher.in(locks).below("sh", "-c", "echo '" + REQUEST.strip() + "' | \"$@\"", "sh");
        Launcher reading = Launcher.in(locks).below("sh", "-c", "exec \"$@\" <" + requests, "sh");
        List<String> missing = List.of("/nonexistent");
        try (Child unsaid = asking.run(List.of("--name=a"), missing);
                Child unwanted = asking.run(List.of("--transport=stdio", "--no-client-message"), missing);
                Child file = reading.run(List.of("--transport=stdio"), missing);
                Child explained = asking.run(List.of("--transport=stdio", "--explain"), missing)) {
            for (Child each : List.of(unsaid, unwanted, file, explained)) {
                assertThat(each.awaitExit()).as("%s", each).isEqualTo(127);
                assertThat(each.stdout()).doesNotContain("jsonrpc");
                assertThat(each.stderr()).contains("not found");
            }
        }
    }
}
