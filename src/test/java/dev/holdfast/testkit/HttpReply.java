package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A connection on which a request of HTTP was sent, byte for byte what a test wants, and what comes back on it. Closing it is
 * what a client does that leaves.
 */
public final class HttpReply implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOKS = Duration.ofMillis(5);
    private static final int FEW_BYTES = 4096;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Socket socket = new Socket();
    private final String request;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private volatile int status;
    private volatile boolean isOver;

    /** Sends what is a request, or is not, to a loopback address, and reads nothing until {@link #reading}. */
    HttpReply(String address, int port, String request) {
        this.request = request;
        try {
            socket.setReceiveBufferSize(FEW_BYTES); // what is not read is to fill the other side soon
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), port));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads from now on, in a thread of its own. */
    HttpReply reading() {
        Thread thread = new Thread(this::read);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Sends more of the request. */
    public void send(String more) throws IOException {
        socket.getOutputStream().write(more.getBytes(StandardCharsets.UTF_8));
    }

    private void read() {
        try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
            String first = line(in);
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            status = first.isEmpty() ? -1 : Integer.parseInt(first.split(" ")[1]);
            if (header("Transfer-Encoding").equals("chunked")) {
                for (int size = chunk(in); size > 0; size = chunk(in)) {
                    add(in.readNBytes(size));
                    line(in);
                }
            } else {
                for (byte[] some = some(in); some.length > 0; some = some(in)) {
                    add(some);
                }
            }
        } catch (IOException e) {
            add(("[" + e + "]").getBytes(StandardCharsets.UTF_8)); // it was left, or broken off
        } finally {
            isOver = true;
        }
    }

    private static byte[] some(InputStream in) throws IOException {
        byte[] bytes = new byte[FEW_BYTES];
        int count = in.read(bytes);
        return count < 0 ? new byte[0] : Arrays.copyOf(bytes, count);
    }

    private static int chunk(InputStream in) throws IOException {
        String size = line(in);
        if (size.isEmpty()) {
            throw new IOException("broken off");
        }
        return Integer.parseInt(size, 16);
    }

    private synchronized void add(byte[] bytes) {
        body.writeBytes(bytes);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** The status, when it has come; -1 when the connection was closed without one. */
    public int status() {
        awaited("a status", () -> status != 0 || isOver);
        return status == 0 ? -1 : status;
    }

    /** A header's value; empty when it is not there. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** What has come of the body so far. */
    public synchronized String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Whether it is a stream of events. */
    public boolean isStream() {
        status();
        return header("Content-Type").toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    /** The messages so far: events, or the one that a body of JSON is when it is whole. */
    public List<JsonNode> messages() {
        boolean wasOver = isOver;
        String text = text();
        List<JsonNode> messages = new ArrayList<>();
        if (!isStream()) {
            return wasOver && !text.isBlank() ? List.of(tree(text)) : List.of();
        }
        for (String event : text.substring(0, text.lastIndexOf("\n\n") + 1).split("\n\n")) {
            int data = event.indexOf("data: ");
            if (data >= 0) {
                messages.add(tree(event.substring(data + "data: ".length())));
            }
        }
        return messages;
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** The messages of a method so far. */
    public List<JsonNode> told(String method) {
        return messages().stream()
                .filter(message -> message.path("method").asText().equals(method))
                .toList();
    }

    /** Waits for a message of a method, and gives the first one. */
    public JsonNode awaitTold(String method) {
        return awaitMessage(message -> message.path("method").asText().equals(method));
    }

    /** Waits for the answer. */
    public JsonNode awaitAnswer() {
        return awaitMessage(message -> !message.has("method"));
    }

    private JsonNode awaitMessage(Predicate<JsonNode> wanted) {
        List<JsonNode> found = new ArrayList<>();
        awaited("a message", () -> {
            boolean wasOver = isOver;
            found.clear();
            messages().stream().filter(wanted).findFirst().ifPresent(found::add);
            return !found.isEmpty() || wasOver;
        });
        if (found.isEmpty()) {
            throw new AssertionError("no such message will come: " + this);
        }
        return found.get(0);
    }

    /** Waits until nothing more comes. */
    public HttpReply awaitEnd() {
        awaited("an end", () -> isOver);
        return this;
    }

    private void awaited(String what, Callable<Boolean> look) {
        try {
            await(what).atMost(DEADLINE).pollInterval(LOOKS).until(look);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " did not come: " + this, e);
        }
    }

    public boolean isOver() {
        return isOver;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        String text = text();
        return request.lines().findFirst().orElse("") + " -> " + status + " " + headers + "\n"
                + text.substring(0, Math.min(2000, text.length()));
    }
}
