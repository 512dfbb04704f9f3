package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.Served;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others try with {@code holdfast serve --allow-actions}, beside what {@link ServeIT} has of them. */
@Timeout(180)
class ServeAttackIT {
    /**
     * What is sent, and the status. A bar is an end of line; ID, TOKEN, BASIC and PORT stand for what the attacker may have.
     * Without a Host there is the right one.
     */
    private static final String ATTACKS = """
            401 POST /api/stop/ID
            401 POST /api/stop/ID?token=TOKEN
            401 POST /api/stop/ID|Cookie: token=TOKEN; Authorization=Bearer TOKEN
            401 POST /api/stop/ID|X-Token: TOKEN
            401 POST /api/stop/ID|Proxy-Authorization: Bearer TOKEN
            401 POST /api/stop/ID|Authorization: TOKEN
            401 POST /api/stop/ID|Authorization: Bearer TOKENTOKEN
            401 POST /api/stop/ID|Authorization: Bearer TOKEN|Authorization: Bearer x
            401 POST /api/stop/ID|Authorization: Basic BASIC
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Origin: http://evil.example
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Origin: null
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Origin: http://localhost:1
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Origin: http://localhost:PORT.evil.example
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Origin: http://localhost:PORT|Origin: http://evil.example
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Origin:| http://evil.example
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Sec-Fetch-Site: same-site
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Host: evil.example
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Host: localhost.evil.example:PORT
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Host: 127.0.0.1.evil.example
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Host: evil.example@localhost
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Host: localhost|Host: evil.example
            403 POST /api/stop/ID|Authorization: Bearer TOKEN|Host:
            403 POST http://evil.example/api/stop/ID|Authorization: Bearer TOKEN
            403 POST //evil.example/api/stop/ID|Authorization: Bearer TOKEN
            403 POST http://evil.example/api/stop/ID|Authorization: Bearer TOKEN|Origin: http://evil.example
            400 POST /api/stop/ID|Authorization: Bearer TOKEN|Origin : http://localhost:PORT
            400 POST /api/stop/ID|Authorization: Bearer TOKEN|Transfer-Encoding: chunked
            403 POST //api/stop/ID|Authorization: Bearer TOKEN|Host: localhost
            404 POST /api/stop/x/ID|Authorization: Bearer TOKEN
            404 POST /api/stop/../stop/ID|Authorization: Bearer TOKEN
            404 POST /api/./stop/ID|Authorization: Bearer TOKEN
            404 POST /api%2fstop/ID|Authorization: Bearer TOKEN
            404 POST /%61pi/stop/ID|Authorization: Bearer TOKEN
            404 POST /api/stop%2FID|Authorization: Bearer TOKEN
            404 POST /api/stop/ID/|Authorization: Bearer TOKEN
            404 POST /api/stop/ID;x|Authorization: Bearer TOKEN
            404 POST /api/stop/|Authorization: Bearer TOKEN
            404 POST /api/stop|Authorization: Bearer TOKEN
            404 POST /API/stop/ID|Authorization: Bearer TOKEN
            405 GET /api/stop/ID|Authorization: Bearer TOKEN
            405 GET /api/stop/ID|Authorization: Bearer TOKEN|X-HTTP-Method-Override: POST
            405 HEAD /api/stop/ID|Authorization: Bearer TOKEN
            405 PUT /api/stop/ID|Authorization: Bearer TOKEN
            405 post /api/stop/ID|Authorization: Bearer TOKEN
            405 TRACE /api/restart/ID|Authorization: Bearer TOKEN
            405 OPTIONS /api/resolve|Authorization: Bearer TOKEN
            405 GET /mcp
            405 DELETE /mcp|Mcp-Session-Id: 1
            403 OPTIONS /mcp|Origin: http://evil.example|Access-Control-Request-Method: POST
            403 POST /mcp|Origin: http://evil.example|Content-Type: text/plain
            404 OPTIONS *
            403 GET /api/events|Origin: http://evil.example|Accept: text/event-stream
            403 GET /api/events|Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors|Sec-Fetch-Dest: image
            403 GET /|Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: iframe
            200 GET /|Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: navigate|Sec-Fetch-Dest: document
            200 GET http://localhost:PORT/health|Host: evil.example
            200 HEAD /api/events
            401 GET /api/instances|X-Envoy-External-Address: 10.1.1.1
            200 GET /api/instances
            """;

    @TempDir
    Path home;

    @Test
    void nobodyActsWithoutTheTokenInItsPlace() throws IOException {
        Launcher launcher = Launcher.in(home).env("HOLDFAST_HOME", home.toString());
        try (Served served = Served.by(launcher, home, "--allow-actions", "--allow-resolve");
                Child run = launcher.run(List.of(), Launcher.server())) {
            run.awaitServer();
            String id = instanceId(served);
            List<String> wrong = new ArrayList<>();
            for (String attack : ATTACKS.split("\n")) {
                String answer = ask(served, id, attack.substring(4));
                if (!answer.startsWith(attack.substring(0, 4))) {
                    wrong.add(attack + "  -> " + answer);
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(run.isAlive()).isTrue();
            // A head of the stream takes no place of the 32 who look.
            for (int i = 0; i < 40; i++) {
                assertThat(ask(served, id, "HEAD /api/events")).startsWith("200 ");
            }
            // What all of them were about works.
            assertThat(ask(served, id, "POST /api/stop/ID|Authorization: Bearer TOKEN|Origin: http://localhost:PORT"))
                    .startsWith("200 ");
            assertThat(run.awaitExit()).isZero();
        }
    }

    private static String instanceId(Served served) {
        List<String> found = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            String text = served.get("/api/instances");
            assertThat(text).contains("\"instanceId\":\"");
            found.add(text.replaceFirst("(?s).*?\"instanceId\":\"([^\"]+)\".*", "$1"));
        });
        return found.get(0);
    }

    /** The whole answer, from its status on. It is never shown to another origin, nor in a frame, nor kept. */
    private static String ask(Served served, String id, String request) throws IOException {
        String basic = Base64.getEncoder().encodeToString(("x:" + served.token()).getBytes(StandardCharsets.US_ASCII));
        String text = request.replace("|", "\r\n")
                .replace("TOKEN", served.token())
                .replace("BASIC", basic)
                .replace("PORT", String.valueOf(served.port()))
                .replaceAll("\\bID\\b", id)
                .replaceFirst("(\r\n|$)", " HTTP/1.1\r\n");
        String host = text.contains("\r\nHost:") ? "" : "Host: localhost:" + served.port() + "\r\n";
        String length = text.startsWith("POST") ? "Content-Length: 0\r\n" : "";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((text.strip() + "\r\n" + host + length + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).doesNotContainIgnoringCase("Access-Control-").doesNotContain(served.token());
            if (answer.contains("Content-security-policy")) { // else it is the JDK's own refusal
                assertThat(answer)
                        .contains("X-frame-options: DENY", "frame-ancestors 'none'", "Cache-control: no-store");
            }
            return answer.replaceFirst("^HTTP/1.1 ", "");
        }
    }

    /**
     * As that of a peer in another network namespace, whose socket is in no table here: what cannot be seen is not let in. By
     * hand with two namespaces and a veth pair, too.
     */
    @Test
    void aPeerWhoseSocketCannotBeSeenNeedsTheToken() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Programs.require("unshare");
        Programs.require("curl");
        Path empty = Files.createDirectory(home.resolve("empty"));
        ProcessBuilder builder = new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$2\" /proc/$$/net && exec \"$1\" serve --port 0",
                "sh",
                Launcher.executable().toString(),
                empty.toString());
        builder.environment().put("HOLDFAST_HOME", home.toString());
        try (Child serve = Child.start(builder)) {
            String url = "http://localhost:" + serve.awaitOut("serving http://\\S+:([0-9]+)/");
            String script = """
                    ask() { curl -s -m 60 -o /dev/null -w '%{http_code} ' "$@"; }
                    ask "$0/health"
                    ask "$0/api/instances"
                    ask -d '{"name":"get_server_health"}' "$0/mcp"
                    ask -H "Authorization: Bearer $(cat "$1")" "$0/api/instances"
                    """;
            try (Child asking = Child.start(new ProcessBuilder(
                    "sh", "-c", script, url, home.resolve("serve.token").toString()))) {
                asking.awaitExit();
                assertThat(asking.stdout()).as("%s", serve).isEqualTo("200 401 401 200 ");
            }
        }
    }
}
