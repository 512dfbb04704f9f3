package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.Served;
import dev.holdfast.testkit.SocketLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of {@code holdfast serve}, as Prometheus reads them. */
@Timeout(180)
class MetricsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path home;

    @TempDir
    Path work;

    private Launcher launcher() {
        return Launcher.in(home).env("HOLDFAST_HOME", home.toString());
    }

    private void restart() {
        try (Child restart = launcher().command(List.of("restart", "orders", "--lock-dir", home.toString()))) {
            assertThat(restart.awaitExit()).as("%s", restart).isZero();
        }
    }

    private Child refused() {
        Child second = launcher().run(List.of(), List.of("true"));
        assertThat(second.awaitExit()).isEqualTo(75);
        return second;
    }

    @Test
    void prometheusReadsTheNumbersOfEachInstanceUntilItEnds() throws IOException {
        Programs.require("promtool");
        Programs.require("prometheus");
        try (Served served = Served.of(home);
                Child prometheus = prometheus(served)) {
            try (Child run = launcher().run(List.of(), Launcher.server())) {
                run.awaitServer();
                restart();
                refused().close();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(served.get("/metrics"))
                                .containsPattern(
                                        "holdfast_restarts_total\\{instance=\"[0-9a-f-]+\",name=\"orders\"} 1.0")
                                .containsPattern("holdfast_refusals_total\\{.*} 1.0")
                                .containsPattern("holdfast_stops_total\\{.*reason=\"[a-z]+.*\"} 1.0")
                                .containsPattern("holdfast_stop_duration_seconds_count\\{.*} 1")
                                .containsPattern("holdfast_state\\{.*holdfast_state=\"running\"} 1")
                                .containsPattern("holdfast_lock_wait_seconds\\{.*} 0\\.\\d")
                                .containsPattern("holdfast_memory_bytes\\{.*} \\d\\.\\d+E[67]"));
                assertThat(served.get("/metrics", "-H", "Accept: application/openmetrics-text; version=1.0.0"))
                        .contains("# TYPE holdfast_state stateset", "# EOF");
                assertThat(served.shell("curl -s http://localhost:9090/metrics | promtool check metrics 2>&1; echo $?"))
                        .isEqualTo("0\n");
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(query(prometheus)).contains("\"name\":\"orders\"", "\"1\"]"));
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(served.get("/metrics")).doesNotContain("name=\"orders\""));
            assertThat(served.shell("curl -s http://localhost:9090/metrics | promtool check metrics 2>&1; echo $?"))
                    .isEqualTo("0\n");
        }
    }

    /** The document's variables. */
    @Test
    void variablesServeTheMetricsOfOneInstanceWhileItRuns() throws IOException {
        Programs.require("curl");
        int port = SocketLoad.freePort();
        Launcher launcher = launcher()
                .env("HOLDFAST_METRICS__ENABLED", "true")
                .env("HOLDFAST_METRICS__PORT", Integer.toString(port));
        try (Child other = launcher().run(List.of("--name", "other"), Launcher.server())) {
            other.awaitServer();
            try (Child run = launcher.run(List.of("--grace", "20s"), Launcher.server())) {
                run.awaitServer();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(metrics(port))
                                .contains("holdfast_uptime_seconds{", "name=\"orders\"")
                                .doesNotContain("name=\"other\""));
                restart();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(metrics(port)).containsPattern("restarts_total\\{.*} 1.0"));
                // A second one finds the port taken: it says so once, and serves its clients.
                try (Child taken = launcher.run(List.of("--name", "second"), Launcher.server())) {
                    taken.awaitServer();
                    taken.awaitErr("metrics are not served: it cannot listen on 127.0.0.1:" + port);
                    taken.terminate();
                    assertThat(taken.awaitExit()).isZero();
                    assertThat(taken.stderr().split("metrics", -1)).hasSize(2);
                }
                run.terminate();
                assertThat(run.awaitExit()).isZero();
                assertThat(run.stderr()).doesNotContain("left", "WARN");
            }
            assertThat(metrics(port)).isEmpty();
        }
    }

    /** Once it is free; there is one warning for all tries. */
    @Test
    @SuppressWarnings("try") // closed before its end, which frees the port
    void portThatWasTakenIsTriedAgain() throws IOException {
        Programs.require("curl");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            Launcher launcher = launcher()
                    .env("HOLDFAST_METRICS__ENABLED", "true")
                    .env("HOLDFAST_METRICS__PORT", Integer.toString(port));
            try (Child run = launcher.run(List.of(), List.of("sleep", "1000"))) {
                run.awaitErr("metrics are not served: it cannot listen on 127.0.0.1:" + port);
                other.close();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(metrics(port)).contains("holdfast_uptime_seconds{"));
                run.signal("TERM");
                assertThat(run.awaitExit()).isEqualTo(143);
                assertThat(run.stderr().split("metrics", -1)).hasSize(2);
            }
        }
    }

    /** What serves them is nothing that the old server has left. */
    @Test
    void metricsAreServedAfterAnOverlap() throws IOException {
        Programs.require("curl");
        int port = SocketLoad.freePort();
        List<String> server = List.of("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done");
        try (Child run = launcher().run(List.of("--metrics", "--metrics-port", Integer.toString(port)), server)) {
            await().atMost(SOON).untilAsserted(() -> assertThat(metrics(port)).contains("name=\"orders\""));
            List<String> line = new ArrayList<>(List.of(
                    "redeploy", "orders", "--overlap", "--settle", "100ms", "--lock-dir", home.toString(), "--"));
            line.addAll(server);
            line.add("new");
            try (Child redeploy = launcher().command(line)) {
                assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(metrics(port)).containsPattern("restarts_total\\{.*} 1.0"));
            run.signal("TERM");
            run.awaitExit();
            assertThat(run.stderr()).doesNotContain("left behind", "WARN");
        }
    }

    private static String metrics(int port) {
        try (Child curl = Child.start(new ProcessBuilder("curl", "-s", "http://localhost:" + port + "/metrics"))) {
            curl.awaitExit();
            return curl.stdout();
        }
    }

    private Child prometheus(Served served) throws IOException {
        Path config = Files.writeString(work.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                  - job_name: holdfast
                    honor_labels: true
                    static_configs: [{targets: ["localhost:%d"]}]
                """.formatted(served.port()));
        return Child.start(new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + work.resolve("data"),
                "--web.listen-address=127.0.0.1:0",
                "--log.level=info"));
    }

    /** It tells the port that it has taken. */
    private static String query(Child prometheus) {
        String port = prometheus.awaitErr("Listening on.*address=127.0.0.1:([0-9]+)");
        try (Child curl = Child.start(new ProcessBuilder(
                "curl", "-s", "http://127.0.0.1:" + port + "/api/v1/query?query=holdfast_restarts_total"))) {
            curl.awaitExit();
            return curl.stdout();
        }
    }
}
