package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docker/compose.yaml} and {@code docker/kubernetes.yaml}: run, and their figures compared. */
@RunsContainers
class OrchestrationIT {
    private static final Path COMPOSE = Path.of("docker/compose.yaml");
    /** The names of two projects. */
    private static final String OLD = "hf";

    private static final String NEXT = "hfnext";
    private static final Path KUBERNETES = Path.of("docker/kubernetes.yaml");

    private final Engine engine;

    OrchestrationIT(Engine engine) {
        this.engine = engine;
    }

    private static int seconds(Path file, String regex) throws IOException {
        Matcher matcher = Pattern.compile(regex).matcher(Files.readString(file));
        assertThat(matcher.find()).as("%s in %s", regex, file).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** What stops the container from outside must wait longer than Holdfast does, or the server is cut short. */
    @Test
    void gracePeriodsFitIntoEachOther() throws IOException {
        assertThat(seconds(COMPOSE, "stop_grace_period: (\\d+)s"))
                .isGreaterThan(seconds(COMPOSE, "HOLDFAST_GRACE: (\\d+)s"));
        assertThat(seconds(KUBERNETES, "terminationGracePeriodSeconds: (\\d+)"))
                .isGreaterThan(seconds(KUBERNETES, "command: \\[\"sleep\", \"(\\d+)\"]")
                        + seconds(KUBERNETES, "name: HOLDFAST_GRACE\\s+value: (\\d+)s"));
    }

    private Child compose(String project, String... words) {
        List<String> all = new ArrayList<>(List.of("podman-compose", "-p", project, "-f", COMPOSE.toString()));
        all.addAll(List.of(words));
        ProcessBuilder builder = engine.builder(all);
        builder.environment().put("FORCE_TERMINATE", Boolean.toString(project.equals(NEXT)));
        return Child.start(builder);
    }

    /** The file's own story: a stand-by, a redeploy that takes over from both, and its end. */
    @Test
    void redeployOfTheComposeFileTakesOverAndItsStandByIsLeft() {
        try (Container orders = new Container(engine, OLD + "_orders_1");
                Container standby = new Container(engine, OLD + "_standby_1");
                Container next = new Container(engine, NEXT + "_orders_1")) {
            Engine.ok(compose(OLD, "up", "-d", "--no-build", "orders"));
            orders.awaitOut("orders: ready");
            Engine.ok(compose(OLD, "up", "-d", "--no-build", "standby"));
            standby.awaitErr("waiting for ");
            Engine.ok(compose(NEXT, "up", "-d", "--no-build", "orders"));
            next.awaitOut("orders: ready");
            assertThat(orders.awaitExit()).as("%s", orders).isZero();
            assertThat(orders.stdout()).isEqualTo("orders: ready on http://localhost:8080/orders\norders: stopped\n");
            assertThat(orders.stderr()).contains("reason=yield from=");
            Container.Stop stop = next.stop(60);
            assertThat(stop.code()).as("%s", next).isZero();
            assertThat(next.stdout()).endsWith("orders: stopped\n");
            // It may have been the quicker one before, and have yielded.
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                try (Child status = standby.exec("holdfast", "status", "orders")) {
                    assertThat(status.awaitExit()).as("%s %s", status, standby).isZero();
                    assertThat(status.stdout()).doesNotContain("on host");
                }
            });
            // Nobody started it again.
            assertThat(orders.isRunning()).isFalse();
        } finally {
            for (String project : List.of(OLD, NEXT)) {
                try (Child down = compose(project, "down", "-v")) {
                    down.awaitExit();
                }
            }
        }
    }

    @Test
    void kubernetesManifestRuns() {
        try {
            engine.ok(List.of("kube", "play", KUBERNETES.toString()));
            Container orders = new Container(engine, "orders-pod-0-orders");
            orders.awaitOut("orders: ready");
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                try (Child probe = orders.exec("holdfast", "status", "orders")) {
                    assertThat(probe.awaitExit()).as("%s", probe).isZero();
                }
            });
            assertThat(orders.inspect("{{.HostConfig.ReadonlyRootfs}} {{.Config.User}}"))
                    .isEqualTo("true 65532:65532");
        } finally {
            try (Child down = engine.podman(List.of("kube", "down", KUBERNETES.toString()))) {
                down.awaitExit();
            }
        }
    }
}
