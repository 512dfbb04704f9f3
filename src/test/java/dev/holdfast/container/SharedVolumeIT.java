package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers beside each other and after each other, with a volume of locks and without. */
@RunsContainers
class SharedVolumeIT {
    private static final List<String> SERVER = List.of("python3", "/server.py");

    private final Engine engine;

    SharedVolumeIT(Engine engine) {
        this.engine = engine;
    }

    private static List<String> on(String volume, Arrangement arrangement, String... more) {
        return java.util.stream.Stream.of(
                        arrangement.options(more),
                        List.of("-v", volume + ":/run/holdfast", "-e", "HOLDFAST_LOCK_DIR=/run/holdfast"))
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void secondContainerIsRefusedUntilTheFirstOneHasEnded(Arrangement arrangement) {
        String volume = engine.volume();
        try (Container first = engine.start(on(volume, arrangement), Images.TEST, SERVER)) {
            first.awaitOut("ready");
            try (Child second = engine.run(on(volume, arrangement), Images.TEST, SERVER)) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout()).isEmpty();
                assertThat(second.stderr()).startsWith("holdfast: another instance of \"server\" is already running");
            }
            first.kill("KILL");
            assertThat(first.awaitExit()).isEqualTo(137);
            try (Container third = engine.start(on(volume, arrangement), Images.TEST, SERVER)) {
                third.awaitOut("ready");
                assertThat(third.stop(10).code()).as("%s", third).isZero();
            }
        }
    }

    /** Each with a JVM whose pid is the same: its performance data would be one file, and a warning on stdout. */
    @ParameterizedTest
    @EnumSource
    void containersThatShareTmpLeaveNothingThereButTheLock(Arrangement arrangement) {
        String volume = engine.volume();
        List<String> options = arrangement.options("-v", volume + ":/tmp", "--user=0");
        try (Container first = engine.start(options, Images.TEST, SERVER)) {
            String pid = first.awaitOut("ready (\\d+)");
            try (Child other = engine.run(options, Images.TEST, List.of("sh", "-c", "ls -A /tmp"))) {
                assertThat(other.awaitExit()).as("%s", other).isZero();
                // The shell's own, which is guarded under another name, and the first one's; second names, and sockets
                // beside.
                assertThat(other.stdout().lines().map(name -> name.replaceFirst("-[0-9a-f]{8}", "")))
                        .as("%s", other)
                        .contains("server.lock", "sh.lock")
                        .isSubsetOf(
                                "server.lock",
                                ".server.lock.held",
                                "server.sock",
                                "sh.lock",
                                ".sh.lock.held",
                                "sh.sock");
                assertThat(other.stderr()).isEmpty();
            }
            assertThat(first.stdout()).isEqualTo("ready " + pid + "\n");
        }
    }

    /** The next container has the same pids as the one that died, and pid 1 always runs. */
    @Test
    void recordOfADeadContainerWithTheSamePidsNeverStopsTheNext() {
        String volume = engine.volume();
        String[] name = {"-e", "HOLDFAST_SERVER_NAME=orders"};
        // tini's child can be killed from inside, PID 1 only from outside.
        List<String> kills = List.of("sh", "-c", "echo ready; kill -KILL $PPID; sleep 100");
        List<String> stays = List.of("sh", "-c", "echo ready; sleep 100");
        try (Container inside = engine.create(on(volume, Arrangement.SUPERVISE_UNDER_TINI, name), Images.TEST, kills);
                Container outside = engine.create(on(volume, Arrangement.PID_ONE, name), Images.TEST, stays)) {
            for (int i = 0; i < 20; i++) {
                Container container = i / 2 % 2 == 0 ? inside : outside;
                int starts = i / 4 * 2 + i % 2 + 1;
                container.startAgain();
                if (container == outside) {
                    await().until(() ->
                            container.stderr().split("overwriting the stale record", -1).length == starts + 1);
                    await().until(() -> container.stdout().equals("ready\n".repeat(starts)));
                    container.kill("KILL");
                }
                assertThat(container.awaitExit()).as("%d: %s", i, container).isEqualTo(137);
                assertThat(container.stdout()).as("%d", i).isEqualTo("ready\n".repeat(starts));
            }
        }
    }

    /** What the documentation says is not guarded. */
    @Test
    void withoutASharedVolumeBothRun() {
        try (Container first = engine.start(List.of(), Images.TEST, SERVER);
                Container second = engine.start(List.of(), Images.TEST, SERVER)) {
            first.awaitOut("ready");
            second.awaitOut("ready");
        }
    }

    /** Same lock, same pid namespace: all that works on one machine works here. */
    @ParameterizedTest
    @ValueSource(strings = {"host", "container"})
    void sharedPidNamespaceAllowsTakingOver(String kind) {
        String volume = engine.volume();
        List<String> options = on(volume, Arrangement.PID_ONE, kind.equals("host") ? "--pid=host" : "--pid=private");
        try (Container first = engine.start(options, Images.TEST, SERVER)) {
            first.awaitOut("ready");
            String same = kind.equals("host") ? "--pid=host" : "--pid=container:" + first.name();
            // The first one's end ends its pid namespace, and the second with it: there it is asked only.
            String force = kind.equals("host") ? "true" : "false";
            List<String> second = on(volume, Arrangement.PID_ONE, same, "-e", "FORCE_TERMINATE=" + force);
            try (Child run = engine.run(second, Images.TEST, List.of("--name", "server", "true"))) {
                run.awaitExit();
            }
            List<String> command = kind.equals("host") ? List.of("echo", "mine") : List.of("echo", "no");
            List<String> named = on(
                    volume,
                    Arrangement.PID_ONE,
                    same,
                    "-e",
                    "FORCE_TERMINATE=" + force,
                    "-e",
                    "HOLDFAST_SERVER_NAME=server");
            try (Child run = engine.run(named, Images.TEST, command)) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(kind.equals("host") ? 0 : 75);
                assertThat(run.stdout()).isEqualTo(kind.equals("host") ? "mine\n" : "");
                if (!kind.equals("host")) {
                    assertThat(run.stderr()).contains("(held, verified)");
                }
            }
            if (kind.equals("host")) {
                assertThat(first.awaitExit()).as("%s", first).isZero();
                assertThat(first.stdout()).contains("got TERM");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--init", "--pid=host"})
    void underAnotherFirstProcessItStopsAsWell(String option) {
        try (Container container = engine.start(
                List.of(option, "--entrypoint", "[\"holdfast\",\"run\",\"--\"]"),
                Images.TEST,
                List.of("python3", "/server.py", "exit=4", "orphan"))) {
            String pid = container.awaitOut("ready (\\d+)");
            container.awaitOut("orphan");
            assertThat(container.stop(10).code()).as("%s", container).isEqualTo(4);
            assertThat(container.stdout()).startsWith("ready " + pid + "\n").endsWith("got TERM\n");
        }
    }
}
