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
@ContainerTest
class OrchestrationIT {
    private static final Path COMPOSE = Path.of("docker/compose.yaml");
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

    private Child compose(String... words) {
        List<String> all = new ArrayList<>(List.of("podman-compose", "-p", "hf", "-f", COMPOSE.toString()));
        all.addAll(List.of(words));
        return Child.start(engine.builder(all));
    }

    /** This version of podman-compose knows no profiles, and so starts the stand-by, too. */
    @Test
    void standByOfTheComposeFileTakesOverWhenTheFirstOneStops() {
        try (Container orders = new Container(engine, "hf_orders_1");
                Container standby = new Container(engine, "hf_standby_1")) {
            Engine.ok(compose("up", "-d", "--no-build", "orders"));
            orders.awaitOut("orders: ready");
            Engine.ok(compose("up", "-d", "--no-build", "standby"));
            try (Child status = orders.exec("holdfast", "status", "orders")) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
            }
            assertThat(standby.stdout()).isEmpty();
            Container.Stop stop = orders.stop(12);
            assertThat(stop.took()).isLessThan(Duration.ofSeconds(10));
            standby.awaitOut("orders: ready");
        } finally {
            try (Child down = compose("down", "-v")) {
                down.awaitExit();
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
