package dev.holdfast.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.FakeHost;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.Sharing;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client's start, whose host says and does what the test wants. */
@Timeout(180)
class ShareAttachIT {
    private static final List<String> COMMAND = List.of("true");
    private static final String REQUEST = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\"}";

    @TempDir
    Path locks;

    @ForEachJava
    void copiesBothWaysByteForByte(Path java) {
        try (Sharing sharing = new Sharing(locks, COMMAND);
                FakeHost host = FakeHost.at(sharing.socket())) {
            sharing.launcher().java(java);
            McpClient client = sharing.client();
            client.send(REQUEST);
            try (FakeHost.Client link = host.awaitClient()) {
                assertThat(link.line()).isEqualTo(REQUEST);
                // Of a server that is no model, the mark of the host's lines may be inside of one.
                String odd = "{\"odd\":\"\u001e\"}";
                String long1 = "{\"long\":\"" + "x".repeat(200_000) + "\"}";
                link.sayText(odd + "\n" + odd.substring(0, 5));
                link.sayText(odd.substring(5) + "\n\u001e{\"warn\":\"mind");
                link.sayText(
                        " this\"}\n" + long1
                                + "\n\u001e{\"stderr\":\"server's \u00e9\\u001b[1m\\nwo\"}\n\u001e{\"stderr\":\"rds\\n\"}\n\u001e\n{\"last\":1}\n");
                client.sendBytes((long1 + long1).getBytes(UTF_8));
                assertThat(link.text(2 * long1.length())).isEqualTo(long1 + long1);
                link.say("\u001e{\"bye\":\"ended\",\"exit\":42}");
                assertThat(client.awaitExit()).isEqualTo(42);
                assertThat(client.lines()).containsExactly(odd, odd, long1, "{\"last\":1}");
                assertThat(client.stderr())
                        .contains("holdfast: mind this\n")
                        .contains("server's \ufffd\u001b[1m\nwords\n") // as it was: the first is no UTF-8
                        .contains("holdfast: \"orders\" has ended\n");
            }
            assertThat(host.awaitRequest()).contains("\"request\":\"share\"");
            assertThat(host.awaitRequest()).contains("\"request\":\"attach\"");
            assertThat(host.awaitRequest()).contains("share=1").contains("client=");
        }
    }

    @Test
    void whoDoesNotReadStderrLosesOnlyThat() throws IOException, InterruptedException {
        Programs.require("mkfifo");
        Path stderr = locks.resolve("stderr");
        assertThat(new ProcessBuilder("mkfifo", stderr.toString()).start().waitFor())
                .isZero();
        // Opened for both ends, so that no opening waits for another one.
        try (RandomAccessFile both = new RandomAccessFile(stderr.toFile(), "rw");
                Sharing sharing = new Sharing(locks, COMMAND);
                FakeHost host = FakeHost.at(sharing.socket())) {
            assertThat(both.length()).isZero();
            McpClient client = sharing.client(sharing.start().redirectError(stderr.toFile()));
            client.send(REQUEST);
            try (FakeHost.Client link = host.awaitClient()) {
                String line = "x".repeat(4000) + "\n";
                for (int i = 0; i < 100; i++) {
                    link.say("\u001e{\"stderr\":\"" + line.strip() + "\\n\"}");
                }
                link.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
                client.awaitAnswer(7);
                try (Child late = Child.start(new ProcessBuilder("cat", stderr.toString()))) {
                    int lost =
                            Integer.parseInt(late.awaitOut("holdfast: (\\d+) lines that \"orders\" wrote to stderr"));
                    assertThat(lost).isBetween(1, 84); // some KB are in the pipe, or wait for it
                    assertThat(late.stdout()).startsWith(line.repeat(100 - lost) + "holdfast: ");
                }
                link.say("\u001e{\"bye\":\"ended\",\"exit\":0}");
                assertThat(client.awaitExit()).isZero();
            }
        }
    }

    /** The host does nothing about it, and has not read what was sent. */
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129", "QUIT, 131"})
    void aSignalEndsItWhateverTheHostDoes(String signal, int code) {
        try (Sharing sharing = new Sharing(locks, COMMAND);
                FakeHost host = FakeHost.at(sharing.socket())) {
            McpClient client = sharing.client();
            try (FakeHost.Client link = host.awaitClient()) {
                client.send("x".repeat(2_000_000));
                assertThat(link.text(1)).isEqualTo("x");
                client.signal(signal);
                assertThat(client.awaitExit()).isEqualTo(code);
                assertThat(client.stderr()).isEmpty();
            }
        }
    }

    @Test
    void theEndOfItsInputIsToldAndTheHostsLastAnswersStillCome() {
        try (Sharing sharing = new Sharing(locks, COMMAND);
                FakeHost host = FakeHost.at(sharing.socket())) {
            McpClient client = sharing.client();
            client.send(REQUEST);
            client.closeStdin();
            try (FakeHost.Client link = host.awaitClient()) {
                assertThat(link.line()).isEqualTo(REQUEST);
                assertThat(link.line()).as("the end").isEmpty();
                link.say("{\"late\":1}");
            }
            assertThat(client.awaitExit()).isZero();
            assertThat(client.lines()).containsExactly("{\"late\":1}");
            assertThat(client.stderr()).isEmpty();
        }
    }

    @Test
    void aHostThatIsGoneWithoutAWordIsAFailure() {
        try (Sharing sharing = new Sharing(locks, COMMAND);
                FakeHost host = FakeHost.at(sharing.socket())) {
            McpClient client = sharing.client();
            try (FakeHost.Client link = host.awaitClient()) {
                link.sayText("{\"half\":");
            }
            assertThat(client.awaitExit()).isEqualTo(69);
            assertThat(client.stderr()).contains("the launcher that shares \"orders\" was killed");
        }
    }

    @Test
    void aRefusalIsTheAnswerToTheFirstRequest() {
        String error = "the arguments and API_KEY differ";
        try (Sharing sharing = new Sharing(locks, COMMAND);
                FakeHost host = FakeHost.refusing(sharing.socket(), error, "never")) {
            McpClient client = sharing.client();
            client.send(REQUEST);
            JsonNode answer = client.awaitAnswer(7);
            assertThat(answer.at("/error/code").asInt()).isEqualTo(-32000);
            assertThat(host.awaitRequest()).isNotEmpty();
            assertThat(answer.at("/error/data/holdfast/reason").asText()).isEqualTo("other-settings");
            assertThat(answer.at("/error/data/holdfast/name").asText()).isEqualTo("orders");
            String text = answer.at("/error/message").asText();
            assertThat(text).startsWith("holdfast: ").contains(error);
            assertThat(client.awaitExit()).isEqualTo(75);
            assertThat(client.stderr().strip()).isEqualTo(text);
            assertThat(client.lines()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"link", "file"})
    void whatIsNoSocketThereIsNotFollowed(String what) throws IOException {
        Path elsewhere = locks.resolve("elsewhere");
        try (FakeHost host = FakeHost.at(elsewhere);
                Sharing sharing = new Sharing(locks, COMMAND)) {
            if (what.equals("link")) {
                Files.createSymbolicLink(sharing.socket(), elsewhere);
            } else {
                Files.createFile(sharing.socket());
            }
            McpClient client = sharing.client();
            client.send(REQUEST);
            JsonNode answer = client.awaitAnswer(7);
            assertThat(answer.at("/error/data/holdfast/reason").asText())
                    .as("%s listens elsewhere", host)
                    .isEqualTo("unsafe");
            assertThat(client.awaitExit()).isEqualTo(77);
            assertThat(client.stderr()).contains(sharing.socket().toString());
            assertThat(sharing.processes()).isEmpty();
        }
    }
}
