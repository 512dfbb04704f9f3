package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two containers and one volume of locks: the holder is named by its container, asked by its control socket, and never
 * signalled. Each server locks a file on the volume, too, and tells when another one lives.
 */
@RunsContainers
class ContainerYieldIT {
    private static final String REFEREE = "/run/holdfast/referee";
    private static final int CONFLICT = 75;

    private final Engine engine;

    ContainerYieldIT(Engine engine) {
        this.engine = engine;
    }

    private static List<String> on(String volume, Arrangement arrangement, String... more) {
        List<String> all = new ArrayList<>(arrangement.options(more));
        all.addAll(List.of("-v", volume + ":/run/holdfast", "-e", "HOLDFAST_LOCK_DIR=/run/holdfast"));
        return all;
    }

    private static List<String> server(String... more) {
        List<String> all = new ArrayList<>(List.of("python3", "/server.py", "referee=" + REFEREE));
        all.addAll(List.of(more));
        return all;
    }

    /** Shell commands in a further container on the volume, and what they said, stdout and stderr together. */
    private String further(String volume, String script) {
        List<String> options =
                List.of("-v", volume + ":/run/holdfast", "-e", "HOLDFAST_LOCK_DIR=/run/holdfast", "--entrypoint=sh");
        try (Child run = engine.run(options, Images.TEST, List.of("-c", "exec 2>&1; " + script))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            return run.stdout();
        }
    }

    private static String host(Container container) {
        return container.inspect("{{.Config.Hostname}}");
    }

    private void neverTwo(String volume) {
        assertThat(further(volume, "cat " + REFEREE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "EXEC_UNDER_TINI", mode = EnumSource.Mode.EXCLUDE)
    void forcedStartIsYieldedTo(Arrangement arrangement) {
        String volume = engine.volume();
        String[] force = {"-e", "FORCE_TERMINATE=true"};
        try (Container first = engine.start(
                on(volume, arrangement, "-e", "HOLDFAST_GRACE=8s"), Images.TEST, server("exit=6", "slow=0.3"))) {
            first.awaitOut("ready");
            String seen = further(volume, "holdfast status server; holdfast run --name server -- echo ran; echo $?");
            assertThat(seen)
                    .startsWith("server: running, pid ")
                    .contains("its launcher answers", "already running: pid ", "FORCE_TERMINATE=true")
                    .endsWith("\n" + CONFLICT + "\n")
                    .doesNotContain("ran\n");
            assertThat(seen.split("on host \"" + host(first) + "\"", -1))
                    .as("%s", seen)
                    .hasSize(3);
            try (Container second = engine.start(on(volume, arrangement, force), Images.TEST, server())) {
                second.awaitOut("ready");
                // Its server had ended by then, so what is left is the launcher's end.
                assertThat(first.awaitExit()).as("%s", first).isEqualTo(6);
                assertThat(first.stdout()).containsOnlyOnce("got TERM").doesNotContain("overlap");
                assertThat(first.stderr()).contains("reason=yield from=" + host(second) + "/");
                assertThat(second.stderr()).contains("to yield host=" + host(first) + " pid=");
                assertThat(second.stdout()).doesNotContain("overlap");
                assertThat(further(volume, "holdfast stop server; holdfast status server; echo $?"))
                        .isEqualTo("server: stopped\nserver: not running\n3\n");
                assertThat(second.awaitExit()).as("%s", second).isZero();
                assertThat(second.stderr()).contains("reason=stop from=");
            }
        }
        neverTwo(volume);
    }

    /** There is no launcher that could be asked, and a pid of another container is nobody's to signal. */
    @Test
    void serverInItsLaunchersPlaceStaysAndTheReasonIsTold() {
        String volume = engine.volume();
        List<String> options = on(volume, Arrangement.EXEC_UNDER_TINI);
        try (Container first = engine.start(options, Images.TEST, server())) {
            first.awaitOut("ready");
            assertThat(further(volume, "holdfast run --force --name server -- echo ran; echo $?"))
                    .contains("on host \"" + host(first) + "\"", "without a launcher (--handoff exec)")
                    .endsWith("\n" + CONFLICT + "\n")
                    .doesNotContain("ran\n");
            assertThat(first.stop(10).code()).as("%s", first).isZero();
            assertThat(first.stdout()).containsOnlyOnce("got ");
        }
    }

    /** And what waited in its socket when it goes on is not served any more. */
    @Test
    void pausedHolderStaysAndTheStartIsRefusedInTime() {
        String volume = engine.volume();
        List<String> options = on(volume, Arrangement.SUPERVISE_UNDER_TINI, "-e", "HOLDFAST_GRACE=1s");
        try (Container first = engine.start(options, Images.TEST, server())) {
            first.awaitOut("ready");
            engine.ok(List.of("pause", first.name()));
            String seen = further(volume, """
                    cd /tmp; (holdfast stop server >stop; echo stop $? >>stop) 2>&1 &
                    (holdfast status server >status; echo status $? >>status) 2>&1 &
                    holdfast run --force --name server -- echo ran; echo run $?; wait; cat stop status""");
            engine.ok(List.of("unpause", first.name()));
            assertThat(seen)
                    .contains("on host \"" + host(first) + "\"")
                    .containsOnlyOnce("\n  not forced it was asked to yield, and there was no answer by ")
                    .contains("\n  not ended  there was no answer by ", "run 75\n", "stop 75\n", "status 4\n")
                    .doesNotContain("ran\n");
            assertThat(further(volume, "holdfast status server; echo $?")).endsWith("\n0\n");
            assertThat(first.stdout()).doesNotContain("got ");
            assertThat(first.stop(10).code()).as("%s", first).isZero();
        }
    }

    @Test
    void forcedStartsAtOnceEndWithOneServer() {
        String volume = engine.volume();
        List<Container> all = new ArrayList<>();
        try {
            all.add(engine.start(on(volume, Arrangement.SUPERVISE_UNDER_TINI), Images.TEST, server()));
            all.get(0).awaitOut("ready");
            for (int i = 0; i < 4; i++) {
                Arrangement arrangement = i % 2 == 0 ? Arrangement.PID_ONE : Arrangement.SUPERVISE_UNDER_TINI;
                List<String> options = on(volume, arrangement, "-e", "FORCE_TERMINATE=true");
                all.add(engine.create(options, Images.TEST, server("slow=0.1")));
            }
            engine.startAtOnce(all.subList(1, 5));
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> all.stream().filter(Container::isRunning).count() == 1);
            for (Container each : all) {
                if (each.isRunning()) {
                    each.awaitOut("ready");
                } else {
                    // Refused, or it had the lock and yielded.
                    assertThat(each.exitCode()).as("%s", each).isIn(0, CONFLICT);
                }
            }
            assertThat(all.get(0).isRunning()).isFalse();
            neverTwo(volume);
        } finally {
            all.forEach(Container::close);
        }
    }

    /** Side by side, each with a lock file of its own, and in turns for what they share. */
    @Test
    void instancesSideBySideTakeTurnsForTheirData() {
        String volume = engine.volume();
        List<String> options = on(
                volume,
                Arrangement.PID_ONE,
                "-e",
                "HOLDFAST_COORDINATION_MODE=file_lock",
                "-e",
                "HOLDFAST_DATA_DIR=/run/holdfast");
        List<String> command = List.of("python3", "/server.py", "data");
        try (Container first = engine.start(options, Images.TEST, command)) {
            first.awaitOut("data mine\nready");
            try (Container second = engine.start(options, Images.TEST, command)) {
                second.awaitOut("data busy\nready");
                String seen = further(volume, "ls -A /run/holdfast; holdfast status");
                assertThat(seen.lines().filter(line -> line.matches("server\\.1-[0-9a-f]{8}\\.lock")))
                        .as("%s", seen)
                        .hasSize(2);
                assertThat(seen).contains(".holdfast.lock\n", host(first), host(second));
            }
            List<String> dataOnly = Arrangement.PID_ONE.options(
                    "-v",
                    volume + ":/data",
                    "-e",
                    "HOLDFAST_COORDINATION_MODE=file_lock",
                    "-e",
                    "HOLDFAST_DATA_DIR=/data");
            try (Container third = engine.start(dataOnly, Images.TEST, command)) {
                third.awaitOut("data busy\nready");
            }
        }
    }
}
