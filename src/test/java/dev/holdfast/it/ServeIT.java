package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.registry.ManyInstances;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.RecordedServer;
import dev.holdfast.testkit.Served;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast serve}: who is told what, and what it survives. */
@Timeout(180)
class ServeIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** As nobody, who is no user of these instances. */
    private static final List<String> ANOTHER_USER =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    @TempDir
    Path home;

    @BeforeEach
    void curlIsThere() {
        Programs.require("curl");
    }

    private Launcher launcher() {
        return Launcher.in(home).env("HOLDFAST_HOME", home.toString());
    }

    @Test
    void healthFollowsTheInstances() {
        try (Served served = Served.of(home)) {
            assertThat(served.get("/health"))
                    .contains("\"status\":\"healthy\"", "\"instance_id\":\"", "\"uptime\":", "\"instances\":[]")
                    .endsWith("\n200");
            RecordedServer server = new RecordedServer(home);
            try (Child run = launcher().run(List.of("--death-signal", "none"), server.command())) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(served.get("/health/instances"))
                                .contains("\"name\":\"orders\",\"status\":\"healthy\"", "\"state\":\"running\"")
                                .endsWith("\n200"));
                run.signal("KILL");
                run.awaitExit();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(served.get("/health"))
                                .contains("\"reason\":\"\\\"orders\\\" has lost its launcher\"")
                                .endsWith("\n503"));
            } finally {
                server.end();
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(served.get("/health")).contains("\\\"orders\\\" was killed"));
            try (Child again = launcher().run(List.of(), Launcher.server())) {
                again.awaitServer();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(served.get("/health")).endsWith("\n200"));
            }
        }
    }

    @Test
    void whoAsksIsLookedAt() throws IOException {
        try (Served served = Served.of(home)) {
            String bearer = "Authorization: Bearer " + served.token();
            assertThat(served.get("/api/instances")).isEqualTo("[]\n\n200");
            assertThat(served.get("/health", "-H", "Host: evil.example")).endsWith("\n403");
            assertThat(served.get("/health", "-H", "Host: 127.0.0.1:1")).endsWith("\n200");
            assertThat(served.get("/health", "-H", "Origin: http://evil.example"))
                    .endsWith("\n403");
            assertThat(served.get("/health", "-H", "Origin: http://localhost:" + served.port()))
                    .endsWith("\n200");
            assertThat(served.get("/health", "-H", "Origin: null")).endsWith("\n403");
            assertThat(served.get("/api/instances", "-H", "Sec-Fetch-Site: cross-site"))
                    .endsWith("\n403");
            assertThat(served.get("/api/instances", "-H", "X-Forwarded-For: 10.1.1.1"))
                    .endsWith("\n401");
            for (String proxy : List.of("X-Real-IP", "X-Forwarded-Host", "CF-Connecting-IP", "via")) {
                assertThat(served.get("/api/instances", "-H", proxy + ": 10.1.1.1"))
                        .as(proxy)
                        .endsWith("\n401");
            }
            assertThat(served.get("/api/instances", "-H", "X-Forwarded-For: 10.1.1.1", "-H", bearer))
                    .endsWith("\n200");
            assertThat(served.get("/health", "-X", "POST")).endsWith("\n405");
            assertThat(served.get("/nothing")).endsWith("\n404");
        }
    }

    @Test
    void anotherUserIsToldOfHealthOnly() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Programs.require("setpriv");
        try (Served served = Served.of(home)) {
            assertThat(served.curl(ANOTHER_USER, "/health")).endsWith("\n200");
            assertThat(served.curl(ANOTHER_USER, "/api/instances"))
                    .contains("only the user")
                    .endsWith("\n401");
            assertThat(served.curl(ANOTHER_USER, "/api/instances", "-H", "Authorization: Bearer no"))
                    .endsWith("\n401");
            assertThat(served.curl(ANOTHER_USER, "/api/instances", "-u", "x:" + served.token()))
                    .endsWith("\n200");
        }
    }

    /** The kernel calls a socket root's once it was closed. */
    @Test
    void whoClosesAtOnceIsNotTakenForRoot() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Programs.require("setpriv");
        Programs.require("perl");
        ManyInstances.write(home, 10); // one of which was killed
        try (Served served = Served.by(launcher().env("HOLDFAST_LOCK_DIR", home.toString()), home, "--allow-resolve")) {
            List<String> words = new ArrayList<>(ANOTHER_USER);
            words.addAll(List.of("perl", "-MSocket", "-e", """
                    for (1..50) {
                        socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
                        connect($s, pack_sockaddr_in(%d, INADDR_LOOPBACK)) or die;
                        my $body = '{"name": "resolve_server_conflicts"}';
                        syswrite($s, "POST /mcp HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: " . length($body) . "\\r\\n\\r\\n" . $body);
                        close($s);
                    }""".formatted(served.port())));
            try (Child attacker = Child.start(new ProcessBuilder(words))) {
                assertThat(attacker.awaitExit()).as("%s", attacker).isZero();
            }
            // Each is over when the server has closed its end, too.
            String own = String.format(":%04X ", served.port());
            await().atMost(SOON)
                    .until(() -> Files.readAllLines(Path.of("/proc/net/tcp6")).stream()
                            .noneMatch(line -> line.matches("(?s) *\\d+: \\S+" + own + "\\S+ (01|08) .*")));
            assertThat(served.get("/health")).contains("server-9\\\" was killed");
        }
    }

    @Test
    void neitherCrowdsNorSlowOnesNorHugeBodiesKeepOthersOut() throws IOException {
        try (Served served = Served.of(home)) {
            List<Socket> crowd = new ArrayList<>();
            try {
                for (int i = 0; i < 1000; i++) {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port());
                    crowd.add(socket);
                    if (i % 3 == 0) {
                        write(socket, "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
                    } else if (i % 3 == 1) {
                        write(socket, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20));
                    }
                }
                assertThat(served.get("/health")).endsWith("\n200");
                try (Child huge = Child.start(new ProcessBuilder(
                        "sh",
                        "-c",
                        "head -c 100000000 /dev/zero | curl -s -m 60 -o /dev/null -w '%{http_code}' --data-binary @- "
                                + "-H Expect: http://localhost:" + served.port() + "/health"))) {
                    huge.awaitExit();
                    assertThat(huge.stdout()).isIn("405", "000");
                }
                assertThat(served.get("/health")).endsWith("\n200");
                // Whoever sends half of a request is not waited for.
                InputStream slow = crowd.get(0).getInputStream();
                crowd.get(0).setSoTimeout((int) SOON.toMillis());
                assertThat(slow.read()).isEqualTo(-1);
            } finally {
                for (Socket socket : crowd) {
                    socket.close();
                }
            }
            assertThat(served.get("/health")).endsWith("\n200");
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aPortThatIsTakenIsTold() {
        try (Served served = Served.of(home);
                Child second = launcher().command(List.of("serve", "--port", String.valueOf(served.port())))) {
            assertThat(second.awaitExit()).isEqualTo(69);
            assertThat(second.stderr()).contains("cannot listen on 127.0.0.1:" + served.port(), "--port");
        }
    }
}
