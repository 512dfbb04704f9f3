package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A client of the Model Context Protocol that writes whatever a test wants to a process's stdin, and keeps what the process
 * writes to stdout, line by line. Numbers its requests from 0, as the libraries of clients do. Closing it kills the process.
 */
public final class McpClient implements StopLadder.Server, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOKS = Duration.ofMillis(5);
    private static final byte[] END = {};
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Child process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final BlockingQueue<byte[]> unsent = new LinkedBlockingQueue<>();
    private final Semaphore reading = new Semaphore(1);
    private volatile boolean isOver;
    private volatile boolean isBroken;
    private int next;

    private McpClient(ProcessBuilder builder, Path stdout) {
        begin(() -> read(stdout)); // the process's end of it is opened only when there is another one
        process = Child.start(builder.redirectOutput(stdout.toFile()));
        begin(this::write);
    }

    /** Starts a process, or skips the test where there is no such program. */
    public static McpClient start(ProcessBuilder builder) {
        Programs.requireFor(builder.command());
        try {
            Path folder = Files.createTempDirectory("client");
            Path stdout = folder.resolve("stdout");
            // Of the JDK's own pipe a part may be lost when the process ends while it is read.
            if (new ProcessBuilder("mkfifo", stdout.toString()).start().waitFor() != 0) {
                throw new IOException("mkfifo " + stdout);
            }
            McpClient client = new McpClient(builder, stdout);
            Files.delete(stdout);
            Files.delete(folder);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    /** By a thread of its own: a process that does not read must not hold up the test. */
    private void write() {
        try (OutputStream stdin = process.stdin()) {
            for (byte[] next = unsent.take(); next != END; next = unsent.take()) {
                stdin.write(next);
                stdin.flush();
            }
        } catch (IOException e) {
            isBroken = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Path file) {
        // Unlike a reader of Files, it takes any bytes.
        try (BufferedReader stdout =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = next(stdout); line != null; line = next(stdout)) {
                lines.add(line);
            }
        } catch (IOException e) {
            isBroken = true; // it was killed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            isOver = true;
        }
    }

    private String next(BufferedReader stdout) throws IOException, InterruptedException {
        reading.acquire();
        reading.release();
        return stdout.readLine();
    }

    /** Reads nothing more, but for a few KB and a line that it has begun to wait for, until {@link #readOn}. */
    public void stopReading() {
        reading.acquireUninterruptibly();
    }

    /** Reads again. */
    public void readOn() {
        reading.release();
    }

    /** Sends a line, which need not be a message. Does not wait. */
    public void send(String line) {
        sendBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends what need not be a line. Does not wait. */
    public void sendBytes(byte[] bytes) {
        unsent.add(bytes);
    }

    /**
     * Sends a request, and does not wait.
     *
     * @param parameters as JSON
     * @return its id
     */
    public int ask(String method, String parameters) {
        int id = next++;
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}");
        return id;
    }

    /** Calls a tool, and does not wait; with a progress token that is the id, as the libraries have it. */
    public int call(String tool, String arguments) {
        return ask(
                "tools/call",
                "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + ",\"_meta\":{\"progressToken\":" + next
                        + "}}");
    }

    /** Tells something. */
    public void tell(String method, String parameters) {
        send("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + parameters + "}");
    }

    /** Does the handshake, and gives what it was answered. */
    public JsonNode initialize() {
        return initialize("2025-06-18", "{}");
    }

    /** The same, with a version and capabilities. */
    public JsonNode initialize(String version, String capabilities) {
        int id = ask(
                "initialize",
                "{\"protocolVersion\":\"" + version + "\",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}");
        JsonNode answer = awaitAnswer(id);
        tell("notifications/initialized", "{}");
        return answer;
    }

    /** The text that a tool answers with. */
    public String awaitCall(String tool, String arguments) {
        return text(awaitAnswer(call(tool, arguments)));
    }

    /** The text of a tool's answer; empty when it has none. */
    public static String text(JsonNode answer) {
        return answer.at("/result/content/0/text").asText();
    }

    /** All lines so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** What has come so far; lines that are no JSON fail the test: an attachment's stdout carries nothing else. */
    public List<JsonNode> messages() {
        return lines().stream().map(McpClient::tree).toList();
    }

    private static JsonNode tree(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    /** The notifications, and requests, of a method that have come so far. */
    public List<JsonNode> told(String method) {
        return messages().stream()
                .filter(message -> message.path("method").asText().equals(method))
                .toList();
    }

    /** The answer to a request, when it is there. */
    public Optional<JsonNode> answer(int id) {
        return answer(id, lines().stream());
    }

    /** The same, of a server whose other lines may be no messages. */
    public Optional<JsonNode> answerAmongNoise(int id) {
        return answer(id, lines().stream().filter(line -> line.startsWith("{\"jsonrpc\"")));
    }

    private static Optional<JsonNode> answer(int id, Stream<String> lines) {
        return lines.filter(line -> line.contains("\"id\":" + id))
                .map(McpClient::tree)
                .filter(message -> message.path("id").asInt(-1) == id && !message.has("method"))
                .findFirst();
    }

    /** Waits for the answer to a request. */
    public JsonNode awaitAnswer(int id) {
        return awaited("answer " + id, () -> answer(id));
    }

    /** Waits until a notification, or a request, of a method is there, and gives the first one. */
    public JsonNode awaitTold(String method) {
        return awaited(method, () -> told(method).stream().findFirst());
    }

    private <T> T awaited(String what, Supplier<Optional<T>> look) {
        try {
            await(what).atMost(DEADLINE).pollInterval(LOOKS).until(() -> {
                boolean wasOver = isOver;
                if (look.get().isPresent()) {
                    return true;
                }
                if (wasOver) {
                    throw new AssertionError(what + " will not come: " + this);
                }
                return false;
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " did not come: " + this, e);
        }
        return look.get().orElseThrow();
    }

    /** Whether all that was to be sent is in the pipe. */
    public boolean isSent() {
        return unsent.isEmpty();
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether its process no longer takes, or gives, anything. */
    public boolean isBroken() {
        return isBroken;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    /** Ends its stdin, after what is to be sent. */
    @Override
    public void closeStdin() {
        unsent.add(END);
    }

    @Override
    public boolean endsWithin(Duration atMost) {
        return process.endsWithin(atMost);
    }

    /** Sends the process a signal. */
    public void signal(String signal) {
        process.signal(signal);
    }

    /** Waits for the end, and for all that was written. */
    public int awaitExit() {
        int code = process.awaitExit(DEADLINE);
        if (reading.availablePermits() > 0) {
            await("the end of stdout").pollInterval(LOOKS).until(() -> isOver);
        }
        return code;
    }

    /** What it has written to stderr. */
    public String stderr() {
        return process.stderr();
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(process.toString()).append("\n--- messages\n");
        lines().forEach(line ->
                text.append(line, 0, Math.min(300, line.length())).append('\n'));
        return text.toString();
    }
}
