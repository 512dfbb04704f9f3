package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import dev.holdfast.testkit.SocketClient;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts of a shared server that meet something: each other, a host that stops, or one who does not share. */
@Timeout(180)
class ShareStartIT {
    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private ScriptedServer server;

    @BeforeEach
    void name() {
        server = new ScriptedServer(folder);
    }

    private Sharing sharing(String... options) {
        return new Sharing(locks, server.command(), options);
    }

    private static String pid(McpClient client) {
        return client.awaitCall("pid", "{}");
    }

    @ForEachJava
    @DisplayName("Row 11: two first starts at once have one server")
    void firstStartsAtOnceHaveOneServer(Path java) {
        try (Sharing sharing = sharing("--linger", "0")) {
            // The making of an archive, where there is none, would be among the processes that are waited for.
            sharing.launcher().java(java).env("HOLDFAST_NO_ARCHIVE", "1");
            List<McpClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(sharing.client());
            }
            for (McpClient client : clients) {
                client.initialize();
                assertThat(pid(client)).isEqualTo(pid(clients.get(0)));
            }
            for (McpClient client : clients) {
                client.closeStdin();
                assertThat(client.awaitExit()).as("%s", client).isZero();
                assertThat(client.stderr()).isEmpty();
            }
            sharing.awaitNothingLeft();
        }
        assertThat(server.pids()).hasSize(1);
    }

    /** At the same instant, as far as a machine has one, and 17 ms apart, as a client was seen to start its servers. */
    @ParameterizedTest
    @Tag("long")
    @ValueSource(ints = {0, 17})
    @DisplayName("Row 11: two first starts have one server, twenty times of twenty")
    void firstStartsAlwaysHaveOneServer(int apart) throws InterruptedException {
        try (Sharing sharing = sharing("--linger", "0")) {
            for (int round = 1; round <= 20; round++) {
                McpClient first = sharing.client();
                TimeUnit.MILLISECONDS.sleep(apart); // the distance is what is tested
                McpClient second = sharing.client();
                first.initialize();
                second.initialize();
                assertThat(pid(second)).isEqualTo(pid(first));
                for (McpClient client : List.of(first, second)) {
                    client.closeStdin();
                    assertThat(client.awaitExit()).as("%s", client).isZero();
                    client.close();
                }
                sharing.awaitNothingLeft();
                assertThat(server.pids()).hasSize(round);
            }
        }
    }

    /** As a client does that looks first whether the server knows the newest protocol, with a process of its own for that. */
    @Test
    @DisplayName("Row 12: a client that asks, ends and starts again at once has one server for both")
    void whoAsksFirstAndStartsAgainHasOneServer() {
        try (Sharing sharing = sharing("--linger", "60s")) {
            McpClient asking = sharing.client();
            JsonNode answer = asking.awaitAnswer(asking.ask("server/discover", "{}"));
            assertThat(answer.at("/error/code").asInt()).isEqualTo(-32601);
            asking.closeStdin();
            asking.signal("TERM");
            McpClient client = sharing.ready();
            assertThat(asking.awaitExit()).isIn(0, 143);
            assertThat(asking.stderr()).isEmpty();
            assertThat(pid(client)).isNotEmpty();
            assertThat(client.stderr()).isEmpty();
            assertThat(server.received("server/discover")).isZero();
        }
        assertThat(server.pids()).hasSize(1);
    }

    /** The libraries of clients pass on six variables, and not even those where they are not set. */
    @ParameterizedTest
    @CsvSource({"HOME", "none"})
    @DisplayName("Row 24: with the variables that clients pass on, and without a home, the server is the terminal's")
    void fewVariablesMakeTheSameServer(String home) {
        List<String> passedOn = List.of("LOGNAME", "PATH", "SHELL", "TERM", "USER", home);
        try (Sharing sharing = sharing("--linger", "0")) {
            ProcessBuilder first = sharing.start();
            // What looks like a credential or a target would have to be in both.
            first.environment()
                    .keySet()
                    .removeIf(name -> name.contains("_") && !name.startsWith("HOLDFAST_") && !sharing.isMark(name));
            first.environment().put("EDITOR", "vi");
            McpClient terminal = sharing.client(first);
            terminal.initialize();
            ProcessBuilder start = sharing.start();
            start.environment().keySet().removeIf(name -> !passedOn.contains(name) && !sharing.isMark(name));
            McpClient client = sharing.client(start);
            client.initialize();
            assertThat(pid(client)).isEqualTo(pid(terminal));
            assertThat(client.stderr()).isEmpty();
            client.closeStdin();
            assertThat(client.awaitExit()).isZero();
        }
        assertThat(server.pids()).hasSize(1);
    }

    @Test
    @DisplayName("Row 23: a socket that nobody listens at is replaced")
    void staleSocketIsReplaced() throws IOException {
        try (Sharing sharing = sharing("--linger", "0")) {
            try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                killed.bind(UnixDomainSocketAddress.of(sharing.socket()));
            }
            assertThat(sharing.socket()).exists();
            McpClient client = sharing.ready();
            assertThat(pid(client)).isNotEmpty();
            assertThat(client.stderr()).isEmpty();
            client.closeStdin();
            assertThat(client.awaitExit()).isZero();
            sharing.awaitNothingLeft();
            assertThat(sharing.socket()).doesNotExist();
        }
    }

    @Test
    @DisplayName("Row 15: who comes while the host stops waits for its end, and has another one")
    void comesWhileTheHostStops() {
        server = new ScriptedServer(folder, "stays");
        try (Sharing sharing = sharing("--linger", "0", "--grace", "2s")) {
            McpClient first = sharing.ready();
            String old = pid(first);
            long host = sharing.awaitHost();
            Child stop = sharing.launcher()
                    .command(List.of("stop", "--lock-dir", locks.toString(), "--scope", "user", "orders"));
            sharing.launcher().awaitState(sharing.lock(), "stopping");
            McpClient second = sharing.ready();
            assertThat(pid(second)).isNotEqualTo(old);
            assertThat(sharing.awaitHost()).isNotEqualTo(host);
            assertThat(second.stderr()).isEmpty();
            assertThat(stop.awaitExit()).isZero();
            first.awaitExit();
        }
    }

    @Test
    @DisplayName("Row 26: with --share nobody attaches to what is not shared, and without it nobody to what is")
    void oneThatSharesAndOneThatDoesNot() {
        List<String> unshared = List.of("--scope", "user", "--transport", "stdio");
        try (Sharing sharing = sharing("--linger", "0");
                Child alone = sharing.launcher().run(unshared, server.command())) {
            sharing.launcher().awaitState(sharing.lock(), "running");
            McpClient client = sharing.client();
            int id = client.ask("initialize", "{}");
            JsonNode answer = client.awaitAnswer(id);
            assertThat(answer.at("/error/data/holdfast/reason").asText()).isEqualTo("not-shared");
            assertThat(answer.at("/error/data/holdfast/pid").asLong()).isEqualTo(alone.pid());
            assertThat(answer.at("/error/message").asText())
                    .startsWith("holdfast: another instance of \"orders\" is already running: pid " + alone.pid())
                    .contains("it is not shared; stop it, and let each client start it with --share");
            assertThat(client.awaitExit()).isEqualTo(75);
            alone.closeStdin();
            assertThat(alone.awaitExit()).isZero();

            sharing.ready();
            try (Child refused = sharing.launcher().run(List.of("--scope", "user"), server.command())) {
                assertThat(refused.awaitExit()).isEqualTo(75);
                assertThat(refused.stderr()).contains("it is shared; add --share to attach");
            }
        }
    }

    @Test
    @DisplayName("Row 26: who takes over ends the host, tells its clients, and has a server of its own")
    void takesOver() {
        try (Sharing sharing = sharing("--linger", "0")) {
            List<McpClient> before = List.of(sharing.ready(), sharing.ready(), sharing.ready());
            String old = pid(before.get(0));
            before.forEach(client -> client.call("hang", "{}"));
            ProcessBuilder start = sharing.start();
            start.environment().put("FORCE_TERMINATE", "true");
            McpClient next = sharing.client(start);
            next.initialize();
            assertThat(pid(next)).isNotEqualTo(old);
            for (McpClient client : before) {
                client.awaitExit();
                assertThat(client.stderr())
                        .startsWith("holdfast: \"orders\" was ended, since another start takes over");
            }
            assertThat(server.pids()).hasSize(2);
        }
    }

    @Test
    void optionsThatTheHostDoesNotHaveAreNamed() {
        try (Sharing sharing = sharing("--linger", "0", "--grace", "5s")) {
            McpClient first = sharing.ready();
            McpClient other = sharing.ready("--grace", "7s", "--share-calls", "1", "--linger", "0ms");
            await("the warning")
                    .untilAsserted(() -> assertThat(other.stderr())
                            .isEqualTo("holdfast: the running host (pid " + sharing.awaitHost()
                                    + ") was started with other options: --grace and --share-calls of this start have"
                                    + " no effect; to change that, stop it first\n"));
            assertThat(first.stderr()).isEmpty();
        }
    }

    /** Its socket is not ours, and nothing to be removed, as a stranger's would be. */
    @Test
    @DisplayName("Row 23: another user's host is told as what it is, and lives on")
    void anotherUsersHostIsAConflict() throws IOException {
        Programs.require("setpriv");
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Files.setAttribute(locks, "unix:mode", 01777); // as /tmp
        Path home = Files.createDirectory(locks.resolve("other"));
        Files.setAttribute(home, "unix:uid", 65_534);
        String answer =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}}";
        List<String> command =
                List.of("sh", "-c", "read -r line; echo '" + answer + "'; while read -r line; do :; done");
        try (Sharing sharing = new Sharing(locks, command, "--scope", "machine")) {
            ProcessBuilder start = sharing.start();
            List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--clear-groups"));
            words.addAll(start.command());
            start.command(words).environment().put("HOLDFAST_HOME", home.toString());
            McpClient other = sharing.client(start);
            other.initialize();
            McpClient refused = sharing.client();
            JsonNode refusal = refused.awaitAnswer(refused.ask("initialize", "{}"));
            assertThat(refusal.at("/error/data/holdfast/reason").asText())
                    .as("%s", refusal)
                    .isEqualTo("conflict");
            assertThat(refusal.at("/error/message").asText())
                    .contains("is already running", "held, verified")
                    .doesNotContain("remove it", "--share");
            assertThat(refused.awaitExit()).isEqualTo(75);
            assertThat(SocketClient.ask(
                            locks.resolve("orders.sock"), "{\"holdfast\":2,\"request\":\"attach\",\"payloadBytes\":0}"))
                    .contains("another user's instance is not attached to");
            assertThat(other.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--log-level=info, /nonexistent, 127, command \"/nonexistent\" not found",
        "--env-file=/nonexistent, cat, 66, cannot read the environment file",
        "--linger=soon, cat, 64, --linger",
        "--no-such-option, cat, 64, --no-such-option"
    })
    void aStartThatCannotEvenLookForAHostTellsItsClientWhy(String option, String command, int code, String why) {
        try (Sharing sharing = new Sharing(locks, List.of(command), option)) {
            McpClient client = sharing.client();
            JsonNode answer = client.awaitAnswer(client.ask("initialize", "{}"));
            assertThat(answer.at("/error/message").asText()).contains(why);
            assertThat(answer.at("/error/data/holdfast/reason").asText()).isEqualTo("start-failed");
            assertThat(client.awaitExit()).isEqualTo(code);
            assertThat(client.stderr()).contains(why);
        }
    }

    @Test
    void aServerThatDoesNotStartIsToldWithItsLastWords() {
        List<String> command = List.of("sh", "-c", "echo no database >&2; exit 3");
        try (Sharing sharing = new Sharing(locks, command)) {
            McpClient client = sharing.client();
            int id = client.ask("initialize", "{}");
            assertThat(client.awaitAnswer(id).at("/error/message").asText()).contains("ended");
            assertThat(client.awaitExit()).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("A host that was started by holdfast start stays when its clients have left")
    void startedHostStays() {
        try (Sharing sharing = sharing()) {
            List<String> words = new ArrayList<>(List.of("start", "--lock-dir", locks.toString(), "--name", "orders"));
            words.addAll(List.of("--share", "--share-scope", "global", "--linger", "0", "--"));
            words.addAll(server.command());
            try (Child start = sharing.launcher().command(words)) {
                assertThat(start.awaitExit()).as("%s", start).isZero();
            }
            String pid = "";
            for (int i = 0; i < 2; i++) {
                McpClient client = sharing.ready();
                pid = pid.isEmpty() ? pid(client) : pid;
                assertThat(pid(client)).isEqualTo(pid);
                client.closeStdin();
                assertThat(client.awaitExit()).isZero();
            }
        }
    }
}
