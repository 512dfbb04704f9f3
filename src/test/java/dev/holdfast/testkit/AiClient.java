package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** A client of MCP servers, as a program and leader of a session of its own: {@code ai-client.py}. */
public final class AiClient implements AutoCloseable {
    /** By itself, by a signal, or with its whole process group. */
    public static final List<String> OWN_ENDS =
            List.of("exits", "killed", "group killed", "group ended", "group hung up");

    /** Many start at once, of which each is a JVM and a Node. */
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final Duration LOOKS = Duration.ofMillis(40);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Child program;
    private final Map<String, String> ownEnvironment;
    private final Path folder;

    /**
     * Starts one.
     *
     * @param streams "sockets" as Node's clients have them, or "pipes"
     * @param group "own" for a process group for each server, or "shared"
     * @param ownEnvironment what it passes on to each server
     * @param folder where its servers run
     */
    public AiClient(String streams, String group, Map<String, String> ownEnvironment, Path folder) {
        Programs.require("python3");
        program = Child.start(new ProcessBuilder(
                "setsid", "python3", Launcher.resource("ai-client.py").toString(), streams, group));
        this.ownEnvironment = ownEnvironment;
        this.folder = folder;
    }

    /** One of its servers: what it has started, be it Holdfast or the server itself. */
    public final class Server implements StopLadder.Server {
        private final String id;
        private final long pid;

        private Server(String id, long pid) {
            this.id = id;
            this.pid = pid;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public void closeStdin() {
            order(Map.of("end", id));
        }

        @Override
        public boolean endsWithin(Duration atMost) {
            long end = System.nanoTime() + atMost.toNanos();
            while (Processes.isAlive(pid)) {
                if (System.nanoTime() - end > 0) {
                    return false;
                }
                LockSupport.parkNanos(LOOKS.toNanos());
            }
            return true;
        }

        /** Waits for its end, and gives its code; of one that a signal has ended, the signal with a minus. */
        public int awaitExit() {
            return Integer.parseInt(awaited("end of " + id, () -> line("exit (-?\\d+)")));
        }

        /** Sends a request, and does not wait. */
        public void ask(int request, String method, Object parameters) {
            send(Map.of("jsonrpc", "2.0", "id", request, "method", method, "params", parameters));
        }

        /** Sends any message. */
        public void send(Map<String, Object> message) {
            order(Map.of("send", id, "text", MAPPER.valueToTree(message).toString()));
        }

        /** The answer to a request, when it is there. */
        public Optional<JsonNode> answer(int request) {
            return whole().lines()
                    .filter(line -> line.startsWith(id + "> {") && line.contains("\"id\":" + request))
                    .map(line -> tree(line.substring(id.length() + 2)))
                    .filter(message -> message.path("id").asInt(-1) == request && !message.has("method"))
                    .findFirst();
        }

        /** Waits for the answer to a request. */
        public JsonNode awaitAnswer(int request) {
            return awaited("answer " + request + " of " + id, () -> answer(request));
        }

        private Optional<String> line(String rest) {
            Matcher matcher = Pattern.compile("(?m)^" + Pattern.quote(id) + " " + rest + "$")
                    .matcher(whole());
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
    }

    /** Starts a server. */
    public Server start(String id, ClientFile.Entry entry) {
        Map<String, String> environment = new HashMap<>(ownEnvironment);
        environment.putAll(entry.environment());
        order(Map.of("start", id, "command", entry.command(), "environment", environment, "folder", folder.toString()));
        Server unknown = new Server(id, 0);
        String pid = awaited("start of " + id, () -> unknown.line("launcher (\\d+)"));
        return new Server(id, Long.parseLong(pid));
    }

    private void order(Map<String, Object> order) {
        try {
            program.stdin().write((MAPPER.valueToTree(order) + "\n").getBytes(StandardCharsets.UTF_8));
            program.stdin().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has said, without a line that it is about to say. */
    private String whole() {
        String said = program.stdout();
        return said.substring(0, said.lastIndexOf('\n') + 1);
    }

    private <T> T awaited(String what, Supplier<Optional<T>> look) {
        try {
            await(what)
                    .atMost(DEADLINE)
                    .pollInterval(LOOKS)
                    .until(() -> look.get().isPresent());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " did not come: " + this, e);
        }
        return look.get().orElseThrow();
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends it, which leaves its servers to themselves.
     *
     * @param how one of {@link #OWN_ENDS}
     */
    public void endItself(String how) {
        switch (how) {
            case "exits" -> program.closeStdin();
            case "killed" -> program.signal("KILL");
            case "group killed" -> StopLadder.climb("-KILL", program);
            case "group ended" -> StopLadder.climb("-TERM", program);
            case "group hung up" -> StopLadder.climb("-HUP", program);
            default -> throw new AssertionError(how);
        }
    }

    /** All that runs below it. */
    public List<Long> tree() {
        program.noteTree();
        return Processes.descendants(program.pid());
    }

    @Override
    public void close() {
        program.close();
    }

    /** Without the ends of long lines. */
    @Override
    public String toString() {
        return program.toString().replaceAll("(?m)^(.{300}).*", "$1...");
    }
}
