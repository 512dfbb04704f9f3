package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that clients of a test share over HTTP, by a host that stays. Closing it kills what is left. */
public final class SharedHttp implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOKS = Duration.ofMillis(20);
    private static final Pattern URL = Pattern.compile("\"url\":\"http://127\\.0\\.0\\.1:(\\d+)/mcp\"");
    private static final Pattern TOKEN = Pattern.compile("\"tokenFile\":\"([^\"]*)\"");

    private final Sharing sharing;
    private final List<HttpMcp> clients = new ArrayList<>();
    private final int port;
    private final String token;

    private SharedHttp(Sharing sharing) {
        this.sharing = sharing;
        port = Integer.parseInt(awaited(URL));
        Matcher file = TOKEN.matcher(sharing.status());
        token = file.find() ? read(Path.of(file.group(1))) : "";
    }

    private String awaited(Pattern pattern) {
        await("a URL")
                .atMost(DEADLINE)
                .pollInterval(LOOKS)
                .until(() -> pattern.matcher(sharing.status()).find());
        Matcher found = pattern.matcher(sharing.status());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a host for it, by {@code holdfast start}. */
    public static SharedHttp start(Path locks, List<String> command, String... options) {
        List<String> all = new ArrayList<>(List.of("--http", "0"));
        all.addAll(List.of(options));
        return start(new Sharing(locks, command, all.toArray(String[]::new)));
    }

    /** The same, where all is said. */
    public static SharedHttp start(Sharing sharing) {
        List<String> words = new ArrayList<>(sharing.start().command());
        words.set(words.indexOf("run"), "start");
        ProcessBuilder builder = sharing.start();
        builder.command(words);
        try (Child start = Child.start(builder)) {
            assertThat(start.awaitExit(DEADLINE)).as("%s", start).isZero();
            return new SharedHttp(sharing);
        }
    }

    /** Of a host that there is already. */
    public static SharedHttp of(Sharing sharing) {
        return new SharedHttp(sharing);
    }

    public Sharing sharing() {
        return sharing;
    }

    public int port() {
        return port;
    }

    public String token() {
        return token;
    }

    /** A client that has said nothing yet. */
    public HttpMcp client() {
        HttpMcp client = new HttpMcp(port, token);
        clients.add(client);
        return client;
    }

    /** A client with a session. */
    public HttpMcp ready() {
        HttpMcp client = client();
        client.initialize();
        return client;
    }

    /** The status of {@code /health}. */
    public int health() {
        return client().raw(
                        "127.0.0.1",
                        "GET /health HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n\r\n")
                .awaitEnd()
                .status();
    }

    @Override
    public void close() {
        clients.forEach(HttpMcp::close);
        sharing.close();
    }
}
