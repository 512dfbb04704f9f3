package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.AiClient;
import dev.holdfast.testkit.ClientFile;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.NodePackages;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.StopLadder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import java.util.function.Function;
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
    private static final String EVERYTHING = "everything";
    private static final String FILESYSTEM = "filesystem";
    private static final String MEMORY = "memory";
    private static final List<String> SERVERS = List.of(EVERYTHING, FILESYSTEM, MEMORY);
    /** In the environment of all that is started for a client. */
    private static final String MARK = "WRAPPED_FOR";
    /** What the protocol's own libraries pass on. */
    private static final List<String> FEW = List.of("LOGNAME", "PATH", "SHELL", "TERM", "USER");

    /** The ends of a client that leaves its servers to themselves: by itself, killed, or with its whole process group. */
    private static final Map<String, Consumer<AiClient>> OWN_ENDS = Map.of(
            "exits", AiClient::exit,
            "killed", client -> Processes.signal(client.pid(), "KILL"),
            "group killed", client -> StopLadder.climb("-KILL", client.program()),
            "group ended", client -> StopLadder.climb("-TERM", client.program()),
            "group hung up", client -> StopLadder.climb("-HUP", client.program()));

    /** How each starts its servers, and ends them by the steps of a {@link StopLadder}, or by its own end. */
    private enum Client {
        CLAUDE_DESKTOP(".config/Claude/claude_desktop_config.json", ClientFile.JSON, "sockets shared few", "EOF"),
        CLAUDE_CODE(".claude.json", ClientFile.JSON, "sockets shared all", "INT 100 TERM 400 KILL"),
        CURSOR(".cursor/mcp.json", ClientFile.JSON, "sockets shared few", "EOF 2000 TERM 2000 KILL"),
        VSCODE(
                ".config/Code/User/mcp.json",
                ClientFile.JSON_OF_SERVERS,
                "sockets shared all",
                "EOF 10000 TERM 10000 KILL"),
        GEMINI(".gemini/settings.json", ClientFile.JSON, "sockets shared all", "exits"),
        CODEX(".codex/config.toml", ClientFile.TOML, "pipes own few", "-TERM 2000 -KILL"),
        CONTINUE(".continue/config.yaml", ClientFile.YAML_LIST, "sockets shared few", "EOF 2000 TERM 2000 KILL"),
        GOOSE(".config/goose/config.yaml", ClientFile.YAML_MAP, "pipes own all", "KILL");

        private final String file;
        private final ClientFile form;
        private final String streams;
        private final String group;
        private final boolean isSparing;
        private final String ladder;

        Client(String file, ClientFile form, String start, String ladder) {
            this.file = file;
            this.form = form;
            String[] words = start.split(" ");
            streams = words[0];
            group = words[1];
            isSparing = words[2].equals("few");
            this.ladder = ladder;
        }
    }

    @TempDir
    Path folder;

    private Path packages;
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        packages = NodePackages.installed(
                "mcp-servers",
                "@modelcontextprotocol/server-everything@2026.8.31",
                "@modelcontextprotocol/server-filesystem@2026.8.31",
                "@modelcontextprotocol/server-memory@2026.8.31");
        home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("notes.txt"), "a line of notes\n".repeat(20_000));
    }

    private Path locks(Client client) {
        return folder.resolve(client.name());
    }

    /** How people have a server in their files: by its package's name, or by its program's path. */
    private ClientFile.Entry plain(Client client, String server, boolean isByRunner, String grace) {
        Path program = packages.resolve("node_modules/@modelcontextprotocol/server-" + server + "/dist/index.js");
        List<String> words = new ArrayList<>(
                isByRunner
                        ? List.of("npx", "-y", "@modelcontextprotocol/server-" + server)
                        : List.of("node", program.toString()));
        Map<String, String> variables = new LinkedHashMap<>();
        if (server.equals(FILESYSTEM)) {
            words.add(home.toString());
        } else if (server.equals(MEMORY)) {
            variables.put(
                    "MEMORY_FILE_PATH", locks(client).resolve("memory.jsonl").toString());
        }
        variables.put("HOLDFAST_LOCK_DIR", locks(client) + "/locks");
        variables.put(MARK, locks(client).toString());
        if (!grace.isEmpty()) {
            variables.put("HOLDFAST_GRACE", grace);
        }
        return new ClientFile.Entry(words, variables);
    }

    /**
     * Writes the clients' files, and has the servers in them put behind Holdfast.
     *
     * @param byRunner which of the servers are started by npx, as bits, for the first client; turned by one for each further one
     */
    private void wrap(List<Client> clients, int byRunner, String grace) throws IOException {
        List<List<String>> lines = new ArrayList<>();
        for (Client client : clients) {
            Files.createDirectories(locks(client).resolve("locks"));
            Map<String, ClientFile.Entry> entries = new LinkedHashMap<>();
            for (int i = 0; i < SERVERS.size(); i++) {
                boolean isByRunner = (byRunner >> (i + client.ordinal()) % SERVERS.size() & 1) != 0;
                entries.put(SERVERS.get(i), plain(client, SERVERS.get(i), isByRunner, grace));
            }
            client.form.write(home.resolve(client.file), entries);
            lines.add(List.of("client", "wrap", client.name().replace('_', '-'), "--all"));
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

    private AiClient program(Client client) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("HOLDFAST_") || client.isSparing && !FEW.contains(name));
        environment.put("HOME", home.toString());
        return new AiClient(client.streams, client.group, environment, packages);
    }

    private ClientFile.Entry entry(Client client, String server) {
        return client.form.read(home.resolve(client.file), server);
    }

    private static void initialize(AiClient.Server server) {
        server.ask(
                0,
                "initialize",
                Map.of(
                        "protocolVersion", "2025-06-18",
                        "capabilities", Map.of(),
                        "clientInfo", Map.of("name", "test", "version", "1")));
    }

    private void call(AiClient.Server server, int request, String which) {
        Map<String, Object> parameters =
                switch (which) {
                    case EVERYTHING -> request == 1
                            ? Map.of("name", "echo", "arguments", Map.of("message", "hello"))
                            : Map.of(
                                    "name",
                                    "trigger-long-running-operation",
                                    "arguments",
                                    Map.of("duration", 0.3, "steps", 1));
                    case FILESYSTEM -> Map.of(
                            "name",
                            "read_text_file",
                            "arguments",
                            Map.of("path", home.resolve("notes.txt").toString()));
                    default -> Map.of(
                            "name",
                            "create_entities",
                            "arguments",
                            Map.of(
                                    "entities",
                                    List.of(Map.of(
                                            "name", "E" + request, "entityType", "t", "observations", List.of()))));
                };
        server.ask(request, "tools/call", parameters);
    }

    private void assertServes(AiClient.Server server, int request, String which) {
        call(server, request, which);
        assertThat(server.awaitAnswer(request).at("/result/content/0/text").asText())
                .contains(
                        which.equals(EVERYTHING)
                                ? "Echo: hello"
                                : which.equals(FILESYSTEM) ? "a line of notes" : "\"E" + request + "\"");
    }

    /** Starts all of a client's servers, has each do something, ends them while they do more, and looks what is left. */
    private void play(Client client, String ladder) throws IOException {
        try (AiClient program = program(client)) {
            Map<String, AiClient.Server> servers = new LinkedHashMap<>();
            for (String name : SERVERS) {
                servers.put(name, program.start(name, entry(client, name)));
            }
            servers.values().forEach(WrappedClientIT::initialize);
            servers.forEach((name, server) -> {
                assertThat(server.awaitAnswer(0).at("/result/serverInfo/name").asText())
                        .isNotEmpty();
                server.send(Map.of("jsonrpc", "2.0", "method", "notifications/initialized"));
                assertServes(server, 1, name);
            });
            assertThat(program.tree()).hasSizeGreaterThanOrEqualTo(2 * SERVERS.size());
            if (OWN_ENDS.containsKey(ladder)) {
                servers.forEach((name, server) -> call(server, 2, name));
                OWN_ENDS.get(ladder).accept(program);
            } else {
                servers.forEach((name, server) -> {
                    call(server, 2, name);
                    climb(program, server, ladder);
                });
            }
            assertNothingRuns(client);
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

    private void assertNothingRuns(Client client) {
        await("what is left of " + client).atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        Processes.withVariable(MARK, locks(client).toString()))
                .isEmpty());
    }

    /** Of all clients, some at once. */
    private void playAll(Function<Client, String> ladders) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            Map<String, Future<?>> cells = new LinkedHashMap<>();
            for (Client client : Client.values()) {
                String ladder = ladders.apply(client);
                cells.put(client + ": " + ladder, threads.submit(() -> {
                    play(client, ladder);
                    return null;
                }));
            }
            Map<String, Throwable> problems = new LinkedHashMap<>();
            cells.forEach((cell, future) -> problem(future).ifPresent(problem -> problems.put(cell, problem)));
            assertThat(problems).isEmpty();
        } finally {
            threads.shutdownNow();
        }
        assertNobodyHasALock(List.of(Client.values()));
    }

    private static Optional<Throwable> problem(Future<?> cell) {
        try {
            cell.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** By {@code holdfast status}: not running, or dead with its file left where the launcher was killed. */
    private void assertNobodyHasALock(List<Client> clients) {
        List<List<String>> lines = new ArrayList<>();
        for (Client client : clients) {
            for (String server : SERVERS) {
                lines.add(List.of("status", server, "--scope", "user", "--lock-dir", locks(client) + "/locks"));
            }
        }
        assertThat(commands().answers(lines))
                .allSatisfy(answer -> assertThat(answer.code()).as("%s", answer).isIn(1, 3));
    }

    @Test
    void everyClientsEndLeavesNothing() throws Exception {
        wrap(List.of(Client.values()), 0b001, "30s");
        playAll(client -> client.ladder);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(strings = {
        "own", "exits", "killed", "group killed", "group ended", "group hung up",
        "EOF", "KILL", "INT 100 TERM 400 KILL", "EOF 2000 TERM 2000 KILL", "EOF TERM 1000 KILL", "TERM", "INT", "HUP", "-TERM", "-INT", "-KILL",
    })
    void everyEndOfEveryClientWithEveryServer(String ladder) throws Exception {
        for (int byRunner : new int[] {0b000, 0b111}) {
            wrap(List.of(Client.values()), byRunner, "");
            playAll(client -> ladder.equals("own") ? client.ladder : ladder);
        }
    }
}
