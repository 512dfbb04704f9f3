package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Processes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stops, signals and zombies, the same for each arrangement. */
@RunsContainers
class ContainerStopIT {
    private static final List<String> SERVER = List.of("python3", "/server.py");

    private final Engine engine;

    ContainerStopIT(Engine engine) {
        this.engine = engine;
    }

    private Container start(Arrangement arrangement, String option, String... server) {
        List<String> command = new java.util.ArrayList<>(SERVER);
        command.addAll(List.of(server));
        return engine.start(arrangement.options("-e", option), Images.TEST, command);
    }

    @ParameterizedTest
    @EnumSource
    void dockerStopIsQuickAndGivesTheServersCode(Arrangement arrangement) {
        try (Container container = start(arrangement, "HOLDFAST_GRACE=60s", "exit=6")) {
            String pid = container.awaitOut("ready (\\d+)");
            Container.Stop stop = container.stop(60);
            assertThat(stop.code()).as("%s", container).isEqualTo(6);
            assertThat(stop.took()).as("nobody waits out the grace").isLessThan(Duration.ofSeconds(60));
            assertThat(container.stdout()).isEqualTo("ready " + pid + "\ngot TERM\n");
            if (arrangement.supervises()) {
                assertThat(container.stderr()).contains("stopping \"server\"", "reason=SIGTERM");
            } else {
                assertThat(container.stderr()).isEmpty();
            }
        }
    }

    /** Supervised, the grace period ends it; in the launcher's place, only the engine's own. */
    @ParameterizedTest
    @EnumSource
    void stubbornServerIsKilledInTime(Arrangement arrangement) {
        try (Container container = start(arrangement, "HOLDFAST_GRACE=1s", "ignore")) {
            container.awaitOut("ready");
            Container.Stop stop = container.stop(arrangement.supervises() ? 20 : 2);
            assertThat(stop.code()).as("%s", container).isEqualTo(137);
            assertThat(stop.took()).isGreaterThan(Duration.ofMillis(900));
            assertThat(container.stdout()).contains("got TERM");
        }
    }

    @ParameterizedTest
    @EnumSource
    void dockerKillReachesTheServerWithAnySignal(Arrangement arrangement) {
        try (Container container = start(arrangement, "HOLDFAST_GRACE=8s", "exit=3")) {
            for (String signal : List.of("INT", "QUIT", "HUP")) {
                container.awaitOut("ready");
                container.kill("USR1");
                container.awaitOut("got USR1\n");
                container.kill(signal);
                assertThat(container.awaitExit()).as("%s", container).isEqualTo(3);
                assertThat(container.stdout()).containsOnlyOnce("got " + signal + "\n");
                if (!signal.equals("HUP")) {
                    container.startAgain();
                    await().until(() -> container.stdout().split("ready", -1).length > (signal.equals("INT") ? 2 : 3));
                }
            }
        }
    }

    /** All die at once, and nothing of it is in the way of the next start, which finds a record with its own pids. */
    @ParameterizedTest
    @EnumSource
    void dockerKillOfEverythingIsForgottenByTheNextStart(Arrangement arrangement) {
        try (Container container = start(arrangement, "HOLDFAST_LOCK_DIR=/run/holdfast")) {
            container.awaitOut("ready");
            container.kill("KILL");
            assertThat(container.awaitExit()).as("%s", container).isEqualTo(137);
            container.startAgain();
            await().until(() -> container.stdout().split("ready", -1).length > 2);
            assertThat(container.stop(10).code()).as("%s", container).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void orphansAreReaped(Arrangement arrangement) {
        try (Container container = start(arrangement, "HOLDFAST_GRACE=8s", "orphan")) {
            container.awaitOut("ready");
            String reaper = container.awaitOut("orphan (\\d+)");
            assertThat(reaper).isEqualTo(arrangement == Arrangement.SUPERVISE_UNDER_TINI ? reaper : "1");
            int all = arrangement == Arrangement.SUPERVISE_UNDER_TINI ? 3 : 2;
            await().untilAsserted(() -> assertThat(container.processes()).hasSize(all));
            assertThat(container.processes()).allMatch(Processes::isAlive);
            assertThat(container.stop(10).code()).as("%s", container).isZero();
        }
    }

    /** With the image's health check; the timer is the engine's affair. */
    @ParameterizedTest
    @EnumSource
    void healthCheckFollowsTheServer(Arrangement arrangement) {
        try (Container container = start(arrangement, "HOLDFAST_SERVER_NAME=orders")) {
            container.awaitOut("ready");
            engine.ok(List.of("healthcheck", "run", container.name()));
            try (Child status = container.exec("holdfast", "status", "orders")) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
                assertThat(status.stdout()).startsWith("orders: running, pid ");
            }
            try (Child other = container.exec("holdfast", "status", "others")) {
                assertThat(other.awaitExit()).as("%s", other).isEqualTo(3);
            }
        }
    }
}
