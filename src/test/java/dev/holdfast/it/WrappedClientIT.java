package dev.holdfast.it;

import static dev.holdfast.testkit.NpmServer.EVERYTHING;
import static dev.holdfast.testkit.NpmServer.MEMORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.AiClient;
import dev.holdfast.testkit.ClientFile;
import dev.holdfast.testkit.KnownClient;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.NpmServer;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.StopLadder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The servers that people have from npm, put behind Holdfast in each client's own file, and started and ended as that client
 * does it: they answer, nothing of them is left, nobody has their lock.
 */
@Timeout(600)
class WrappedClientIT {
    private static final int AT_ONCE = 3;
    /** In the environment of all that is started for a client. */
    private static final String MARK = "WRAPPED_FOR";
    /** As a client was seen to start one again. */
    private static final Duration BETWEEN_STARTS = Duration.ofMillis(17);

    @TempDir
    Path folder;

    private Path packages;
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        packages = NpmServer.project();
        home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("notes.txt"), "a line of notes\n".repeat(5_000));
    }

    @AfterEach
    void killTheRest() {
        for (KnownClient client : KnownClient.values()) {
            Processes.withVariable(MARK, place(client).toString()).forEach(pid -> Processes.signal(pid, "KILL"));
        }
    }

    private Path place(KnownClient client) {
        return folder.resolve(client.name());
    }

    private Map<String, String> variables(KnownClient client, String grace) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("MEMORY_FILE_PATH", place(client).resolve("memory.jsonl").toString());
        variables.put("HOLDFAST_LOCK_DIR", place(client) + "/locks");
        variables.put(MARK, place(client).toString());
        if (!grace.isEmpty()) {
            variables.put("HOLDFAST_GRACE", grace);
        }
        return variables;
    }

    /**
     * Writes the clients' files, and has the servers in them put behind Holdfast.
     *
     * @param byRunner how many of two servers are started by npx, over all clients: 0 for none, 1 for each second one, 2 for all
     */
    private void wrap(List<KnownClient> clients, int byRunner, String grace) throws IOException {
        List<List<String>> lines = new ArrayList<>();
        int number = 0;
        for (KnownClient client : clients) {
            Files.createDirectories(place(client).resolve("locks"));
            Files.deleteIfExists(place(client).resolve("memory.jsonl"));
            Map<String, ClientFile.Entry> entries = new LinkedHashMap<>();
            for (NpmServer server : NpmServer.values()) {
                List<String> command = server.command(number++ % 2 < byRunner, home);
                entries.put(server.id(), new ClientFile.Entry(command, variables(client, grace)));
            }
            client.form().write(client.file(home), entries);
            lines.add(List.of("client", "wrap", client.id(), "--all"));
        }
        assertThat(commands().answers(lines))
                .allSatisfy(answer -> assertThat(answer.code()).as("%s", answer).isZero())
                .allSatisfy(answer -> assertThat(answer.stdout()).contains(": guarded in " + home));
    }

    private Launcher commands() {
        return Launcher.in(folder)
                .env("HOME", home.toString())
                .env("XDG_CONFIG_HOME", "")
                .env("CLAUDE_CONFIG_DIR", "")
                .env("CODEX_HOME", "")
                .env("CONTINUE_GLOBAL_DIR", "")
                .env("HOLDFAST_HOME", home.resolve(".holdfast").toString());
    }

    private AiClient program(KnownClient client) {
        return client.start(home, packages);
    }

    private ClientFile.Entry entry(KnownClient client, NpmServer server) {
        return client.form().read(client.file(home), server.id());
    }

    /** Starts all of a client's servers, has each do something, ends them while they do more, and looks what is left. */
    private void play(KnownClient client, String ladder) {
        try (AiClient program = program(client)) {
            Map<NpmServer, AiClient.Server> servers = new EnumMap<>(NpmServer.class);
            for (NpmServer each : NpmServer.values()) {
                servers.put(each, program.start(each.id(), entry(client, each)));
            }
            servers.values().forEach(NpmServer::initialize);
            servers.forEach((which, server) -> {
                assertThat(server.awaitAnswer(0).has("result"))
                        .as("%s", program)
                        .isTrue();
                server.send(Map.of("jsonrpc", "2.0", "method", "notifications/initialized"));
                which.assertWorks(server, home, 1);
            });
            assertThat(program.tree()).hasSizeGreaterThanOrEqualTo(2 * servers.size()); // each a launcher and a server
            if (AiClient.OWN_ENDS.contains(ladder)) {
                servers.forEach((which, server) -> which.begin(server, home, 2, 0.3));
                program.endItself(ladder);
            } else {
                servers.forEach((which, server) -> {
                    which.begin(server, home, 2, 0.3);
                    climb(program, server, ladder);
                });
                assertNothingLeft(client);
                if (status(client, MEMORY).contains("\"stale\"")) {
                    AiClient.Server again = program.start("again", entry(client, MEMORY));
                    NpmServer.initialize(again);
                    assertThat(again.awaitAnswer(0).has("result"))
                            .as("%s", program)
                            .isTrue();
                    again.closeStdin();
                    assertThat(again.awaitExit()).isZero();
                }
            }
            assertNothingLeft(client);
        }
    }

    private static void climb(AiClient program, AiClient.Server server, String ladder) {
        boolean isInTime = StopLadder.climb(ladder, server);
        int code = server.awaitExit();
        boolean mayAnswer = ladder.equals("EOF") || (isInTime && ladder.matches("EOF \\d.*"));
        if (mayAnswer) {
            assertThat(code).as("%s", program).isZero();
            assertThat(server.awaitAnswer(2).has("result")).isTrue();
        }
    }

    /** No process, and nobody has a lock; of a launcher that was killed there may be its file. */
    private void assertNothingLeft(KnownClient client) {
        await("what is left of " + client)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                Processes.withVariable(MARK, place(client).toString()))
                        .isEmpty());
        for (NpmServer server : NpmServer.values()) {
            assertThat(status(client, server)).containsPattern("\"verdict\":\"(not-running|stale)\".*\"holders\":\\[]");
        }
    }

    private String status(KnownClient client, NpmServer server) {
        return Launcher.in(place(client).resolve("locks")).statusJson(server.id() + "-" + Self.effectiveUser());
    }

    /** Some at once. */
    private void forEachClient(Consumer<KnownClient> play) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            Map<KnownClient, Future<?>> cells = new LinkedHashMap<>();
            for (KnownClient client : KnownClient.values()) {
                cells.put(client, threads.submit(() -> play.accept(client)));
            }
            Map<KnownClient, Throwable> problems = new LinkedHashMap<>();
            cells.forEach((client, future) -> problem(future).ifPresent(problem -> problems.put(client, problem)));
            assertThat(problems).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private static Optional<Throwable> problem(Future<?> cell) {
        try {
            cell.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.ofNullable(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyClientsEndLeavesNothing() throws Exception {
        wrap(List.of(KnownClient.values()), 1, "30s");
        forEachClient(client -> play(client, client.ladder()));
    }

    /** As Claude's two windows do, and a client that looks what a server speaks by a second one beside the first. */
    @Test
    void secondOfTwoStartsIsToldWhoServes() throws Exception {
        KnownClient client = KnownClient.CLAUDE_DESKTOP;
        wrap(List.of(client), 2, "30s");
        try (AiClient program = program(client)) {
            ClientFile.Entry entry = entry(client, MEMORY);
            List<AiClient.Server> two = new ArrayList<>();
            for (String id : List.of("first", "second")) {
                two.add(program.start(id, entry));
                NpmServer.initialize(two.get(two.size() - 1));
                LockSupport.parkNanos(BETWEEN_STARTS.toNanos());
            }
            boolean isFirst = two.get(0).awaitAnswer(0).has("result");
            AiClient.Server serving = two.get(isFirst ? 0 : 1);
            assertRefused(two.get(isFirst ? 1 : 0), serving);
            MEMORY.assertWorks(serving, home, 1);
            AiClient.Server probe = program.start("probe", entry);
            probe.ask(0, "server/discover", Map.of());
            assertRefused(probe, serving);
            MEMORY.assertWorks(serving, home, 2);
            StopLadder.climb(client.ladder(), serving);
            assertThat(serving.awaitExit()).isZero();
            assertNothingLeft(client);
        }
    }

    private static void assertRefused(AiClient.Server refused, AiClient.Server serving) {
        assertThat(refused.awaitAnswer(0).at("/error/message").asText())
                .contains("another instance of \"" + MEMORY.id() + "\" is already running: pid " + serving.pid() + ",");
        assertThat(refused.awaitExit()).isEqualTo(75);
    }

    /** One that was too slow to start, one whose entry has changed while it has work to do, and one for a look only. */
    @Test
    void nextStartNeedNotWaitForTheEndOfTheLast() throws Exception {
        KnownClient client = KnownClient.CURSOR;
        wrap(List.of(client), 2, "30s");
        Path file = client.file(home);
        try (AiClient program = program(client)) {
            AiClient.Server slow = program.start("slow", entry(client, EVERYTHING));
            NpmServer.initialize(slow);
            Processes.signal(slow.pid(), "TERM");
            LockSupport.parkNanos(BETWEEN_STARTS.toNanos());
            awaitNoticed(client);
            AiClient.Server old = program.start("old", entry(client, EVERYTHING));
            NpmServer.initialize(old);
            assertThat(old.awaitAnswer(0).has("result")).as("%s", program).isTrue();
            EVERYTHING.begin(old, home, 2, 3);
            String changed = Files.readString(file).replace("-y\"", "--yes\"");
            Files.writeString(file, changed);
            old.closeStdin();
            awaitNoticed(client);
            AiClient.Server probe = program.start("probe", entry(client, EVERYTHING));
            assertThat(entry(client, EVERYTHING).command()).contains("--yes");
            NpmServer.initialize(probe);
            assertThat(probe.awaitAnswer(0).has("result")).as("%s", program).isTrue();
            assertThat(old.awaitExit()).isZero();
            assertThat(old.awaitAnswer(2).has("result")).isTrue();
            StopLadder.climb("EOF TERM 1000 KILL", probe);
            AiClient.Server last = program.start("last", entry(client, EVERYTHING));
            NpmServer.initialize(last);
            last.awaitAnswer(0);
            EVERYTHING.assertWorks(last, home, 1);
            program.endItself("group killed");
            assertNothingLeft(client);
        }
    }

    /** A launcher that the machine has not let run since then would still say that it serves, and refuse whoever comes. */
    private void awaitNoticed(KnownClient client) {
        await().until(() -> !status(client, EVERYTHING).matches("(?s).*\"state\":\"(starting|running|ready)\".*"));
    }

    /** As one that its user closes again at once: its servers are anywhere between their start and their first answer. */
    @ParameterizedTest
    @Tag("long")
    @ValueSource(ints = {0, 17, 50, 100, 150, 200, 300, 500})
    void clientThatDiesWhileItConnectsLeavesNothing(int millis) throws Exception {
        wrap(List.of(KnownClient.values()), 1, "");
        for (String end : List.of("exits", "killed", "group killed")) {
            forEachClient(client -> {
                try (AiClient program = program(client)) {
                    for (NpmServer each : NpmServer.values()) {
                        NpmServer.initialize(program.start(each.id(), entry(client, each)));
                    }
                    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
                    program.endItself(end);
                    assertNothingLeft(client);
                }
            });
        }
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(
            strings = {
                "own",
                "exits",
                "killed",
                "group killed",
                "group ended",
                "group hung up",
                "EOF",
                "KILL",
                "TERM",
                "INT",
                "HUP",
                "INT 100 TERM 400 KILL",
                "EOF 2000 TERM 2000 KILL",
                "EOF TERM 1000 KILL",
                "EOF 2000 -TERM 2000 -KILL",
                "-TERM",
                "-INT",
                "-KILL"
            })
    void everyEndOfEveryClientWithEveryServer(String ladder) throws Exception {
        for (int byRunner : new int[] {0, 2}) {
            wrap(List.of(KnownClient.values()), byRunner, "");
            forEachClient(client -> {
                // Only who has given each server a group of its own can end one by its group
                String steps = client.hasGroups() ? ladder : ladder.replace("-", "");
                play(client, ladder.equals("own") ? client.ladder() : steps);
            });
        }
    }
}
