package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.NodePackages;
import dev.holdfast.testkit.Terminal;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A refused start tells its AI client why, so that the client's user reads it; nobody else is told or kept waiting. */
@Timeout(180)
class RefusedClientIT {
    private static final String REQUEST = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\",\"params\":{}}\n";
    /** As the launcher has it. */
    private static final int READ_AT_ONCE = 16 * 1024;

    private static final String ANSWERED = "(?m)^\\{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":\\{\"code\":-32000,"
            + "\"message\":\"holdfast: another instance of .*\\}$";

    @TempDir
    Path locks;

    private Child holder;
    private int inputs;

    @BeforeEach
    void anotherInstanceRuns() {
        holder = Launcher.in(locks).run(List.of(), Launcher.server());
        holder.awaitServer();
        Launcher.in(locks).awaitRecordedServer("orders");
    }

    @AfterEach
    void end() {
        holder.close();
    }

    private Child refused(String... options) {
        return refusedBelow("exec \"$@\"", options);
    }

    /** With a request that is there before it is started, and a stdin that does not end. */
    private Child asking(String streams, String... options) {
        int number = inputs++;
        try {
            Path requests = Files.writeString(locks.resolve("requests" + number), REQUEST.repeat(400));
            return refusedBelow(
                    "mkfifo $0.in" + number + "; exec 3<>$0.in" + number + "; cat " + requests + " >&3; exec <&3 3<&-; "
                            + streams + "; exec \"$@\"",
                    options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By a shell, which arranges its streams before it becomes the launcher. */
    private Child refusedBelow(String script, String... options) {
        List<String> words = new ArrayList<>(List.of("--transport", "stdio"));
        words.addAll(List.of(options));
        return Launcher.in(locks)
                .below("sh", "-c", script, locks.resolve("pipe").toString())
                .run(words, List.of("cat"));
    }

    private String pid() {
        return "pid " + holder.pid() + ",";
    }

    @Test
    void usersOfBothTypeScriptLibrariesReadWhoIsInTheWay() throws IOException {
        Path folder = NodePackages.installed(
                "mcp-refused", "@modelcontextprotocol/sdk@1.32.2", "@modelcontextprotocol/client@2.4.0");
        List<String> words = new ArrayList<>(
                List.of("node", Launcher.resource("refused-clients.mjs").toString(), folder.toString()));
        words.addAll(Launcher.in(locks).wordsOfRun("--transport", "stdio"));
        words.add("cat");
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("HOLDFAST_HOME", "/dev/null");
        try (Child clients = Child.start(builder)) {
            assertThat(clients.awaitExit(Duration.ofSeconds(90)))
                    .as("%s", clients)
                    .isZero();
            Map<String, String> told = new LinkedHashMap<>();
            for (String line : clients.stdout().lines().toList()) {
                JsonNode client = new ObjectMapper().readTree(line);
                told.put(client.get("which").textValue(), client.get("told").textValue());
            }
            assertThat(told).containsOnlyKeys("1.32", "2.4 legacy", "2.4 auto", "2.4 modern");
            // Says nothing of any error that it gets for its first request.
            assertThat(told.remove("2.4 modern")).contains("server/discover");
            assertThat(told.values())
                    .allSatisfy(text -> assertThat(text)
                            .contains("holdfast: another instance of \"orders\" is already running: " + pid())
                            .contains("holdfast stop "));
        }
    }

    @Test
    void usersOfTheJavaLibraryReadWhoIsInTheWay() {
        List<String> words = Launcher.in(locks).wordsOfRun("--transport", "stdio");
        words.add("cat");
        StdioClientTransport transport = new StdioClientTransport(
                ServerParameters.builder(words.remove(0))
                        .args(words)
                        .env(Map.of("HOLDFAST_HOME", "/dev/null"))
                        .build(),
                McpJsonDefaults.getMapper());
        try (McpSyncClient client = McpClient.sync(transport)
                .initializationTimeout(Duration.ofSeconds(60))
                .build()) {
            StringWriter shown = new StringWriter();
            catchThrowable(client::initialize).printStackTrace(new PrintWriter(shown));
            assertThat(shown.toString())
                    .contains("holdfast: another instance of \"orders\" is already running: " + pid())
                    .contains("holdfast stop ");
        }
    }

    /** Requests that come together, behind all that is none and a line that is too long; the last one has no end. */
    @ForEachJava
    void eachRequestIsAnsweredAndNothingElse(Path java) throws IOException {
        String others = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\nServer started\n\n\u0000\n"
                + "{\"id\":2,\"method\":\"m\",\"x\":\"" + "x".repeat(3_000_000) + "\"}\n" + "[".repeat(100_000)
                + "\n{\"id\":3,\"result\":{}}\n";
        // So that the rest is read at once
        String blanks = " ".repeat(READ_AT_ONCE - 1 - others.length() % READ_AT_ONCE) + "\n";
        String requests = """
                {"jsonrpc":"2.0","id":1e3,"method":"server/discover"}\r
                [{"id":"\\u0061","method":"ping"},{"method":"n"},{"id":-0,"method":"ping"}]
                {"method":"ping","id":"last"}""";
        Path input = Files.writeString(locks.resolve("input"), others + blanks + requests);
        ProcessBuilder builder = Launcher.in(locks).java(java).builder(List.of("--transport=stdio"), List.of("cat"));
        try (Child run = Child.start(builder.redirectInput(input.toFile()))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(75);
            String error = ",\"error\":" + run.awaitOut("(?m)^.*?\"error\":(\\{.*?\\}\\}\\})\\}") + "}";
            assertThat(run.stdout().replace(error, ",E}").replace("\"jsonrpc\":\"2.0\",", ""))
                    .isEqualTo("{\"id\":1e3,E}\n[{\"id\":\"\\u0061\",E},{\"id\":-0,E}]\n{\"id\":\"last\",E}\n");
            assertThat(error).contains("\"pid\":" + holder.pid());
            assertThat(run.stderr())
                    .startsWith("holdfast: another instance of \"orders\" is already running: " + pid())
                    .hasLineCount(4);
        }
    }

    /** Each holds its stdin open: one says nothing, one asks, one did not get its turn in time, and one has a hook. */
    @Test
    void clientsThatHoldTheInputOpenAreLeft() {
        try (Child silent = refused();
                Child asking = asking(":");
                Child late = asking(":", "--on-conflict=wait", "--wait-timeout=50ms", "--conflict-exit-code=9");
                Child hooked = asking(":", "--on-conflict-command", "echo from the hook")) {
            assertThat(asking.awaitExit()).as("%s", asking).isEqualTo(75);
            assertThat(late.awaitExit()).as("%s", late).isEqualTo(9);
            assertThat(hooked.awaitExit()).as("%s", hooked).isEqualTo(75);
            assertThat(hooked.stderr()).contains("from the hook");
            for (Child each : List.of(asking, late, hooked)) {
                assertThat(each.stdout()).containsPattern(ANSWERED);
            }
            assertThat(silent.awaitExit()).as("%s", silent).isEqualTo(75);
            assertThat(silent.stdout()).isEmpty();
        }
    }

    @Test
    void signalsEndItWithTheirOwnCode() {
        Map<String, Integer> codes = Map.of("TERM", 143, "INT", 130, "HUP", 129, "QUIT", 131);
        List<Child> started = new ArrayList<>();
        try {
            for (String signal : codes.keySet()) {
                Child run = refused();
                started.add(run);
                run.awaitErr("stop it");
                run.signal(signal);
                assertThat(run.awaitExit()).as("%s: %s", signal, run).isEqualTo(codes.get(signal));
                assertThat(run.stdout()).isEmpty();
            }
        } finally {
            started.forEach(Child::close);
        }
    }

    /** As of every command that Ctrl-C ends, or a script around it would go on. */
    @Test
    void interruptKeyIsWhatItDiesOf() {
        ProcessBuilder builder = Launcher.in(locks)
                .below("sh", "-c", "mkfifo $0; exec 3<>$0; exec <&3 3<&-; exec \"$@\"", locks.resolve("in") + "")
                .builder(List.of("--transport", "stdio"), List.of("cat"));
        try (Child terminal = Terminal.start(builder)) {
            terminal.awaitOut("stop it");
            Terminal.type(terminal, "\u0003");
            terminal.awaitOut("<signal 2>");
        }
    }

    /** Its answers go into a pipe that is full, into one that nobody has, nowhere; its requests come from nowhere. */
    @Test
    void brokenStreamsNeitherHoldItUpNorChangeTheCode() {
        try (Child full = asking("mkfifo $0.full; exec 1<>$0.full");
                Child unread = asking("mkfifo $0; exec 3<>$0; exec 1>$0 3<&-");
                Child closed = asking("exec >&-");
                Child device = asking("exec >/dev/full");
                Child deaf = refusedBelow("exec <&-; exec \"$@\"");
                Child folder = refusedBelow("exec </; exec \"$@\"")) {
            for (Child each : List.of(unread, closed, device, deaf, folder, full)) {
                assertThat(each.awaitExit()).as("%s", each).isEqualTo(75);
                assertThat(each.stderr())
                        .contains("holdfast: another instance of", "\n  stop it    ")
                        .doesNotContain("rror");
            }
        }
    }

    /** A signal that ends the hook ends it all: the client is not told any more, and the code is the refusal's. */
    @Test
    void signalDuringTheHookEndsIt() {
        try (Child run = asking(":", "--on-conflict-command", "kill -TERM $PPID; exec sleep 100", "--grace=0")) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(75);
            assertThat(run.stdout()).isEmpty();
        }
    }

    /** Where nobody said so, somebody said no, or a person sits there. For them nothing of it is loaded. */
    @Test
    void othersAreToldOnStderrOnly() throws IOException {
        Path loaded = locks.resolve("loaded");
        Launcher launcher = Launcher.in(locks)
                .env("HOLDFAST_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + loaded + "%p:none")
                .below("sh", "-c", "exec \"$@\" <<E\n" + REQUEST + "E", "sh");
        List<List<String>> silent = List.of(
                List.of(), List.of("--transport", "http"), List.of("--transport", "stdio", "--no-client-message"));
        for (List<String> options : silent) {
            try (Child run = launcher.run(options, List.of("cat"))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(75);
                assertThat(run.stdout()).as("%s", options).isEmpty();
                assertThat(classesOfAnswers(loaded, run)).isEmpty();
            }
        }
        List<String> stdio = List.of("--transport=stdio", "--name=free", "--grace=60s");
        try (Child accepted = launcher.run(stdio, List.of("cat"));
                Child told = launcher.run(stdio.subList(0, 1), List.of("cat"))) {
            assertThat(accepted.awaitExit()).as("%s", accepted).isZero();
            assertThat(accepted.stdout()).isEqualTo(REQUEST);
            assertThat(classesOfAnswers(loaded, accepted)).isEmpty();
            assertThat(told.awaitExit()).as("%s", told).isEqualTo(75);
            assertThat(classesOfAnswers(loaded, told)).isNotEmpty();
        }
        ProcessBuilder typed = Launcher.in(locks).builder(List.of("--transport", "stdio"), List.of("cat"));
        try (Child terminal = Terminal.start(typed)) {
            Terminal.type(terminal, REQUEST);
            terminal.awaitOut("<exit 75>");
            assertThat(terminal.stdout()).contains("already running").doesNotContain("-32000");
        }
    }

    private static List<String> classesOfAnswers(Path loaded, Child run) throws IOException {
        List<String> all = Files.readAllLines(Path.of(loaded + "" + run.pid()));
        assertThat(all).anyMatch(line -> line.contains("dev.holdfast.guard.Guard "));
        return all.stream()
                .filter(line -> line.contains("dev.holdfast.stdio.")
                        || line.contains("dev.holdfast.cli.RefusedClient ")
                        || line.contains("dev.holdfast.json.Envelope"))
                .toList();
    }
}
