package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.WakeUps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast wait}: scripts wait for what happens, and learn when it does not. */
@Timeout(180)
class WaitIT {
    @TempDir
    Path folder;

    private Child waiting(String... options) {
        List<String> words = new ArrayList<>(List.of("wait", "orders", "--lock-dir", folder.toString()));
        words.addAll(List.of(options));
        return Launcher.in(folder).command(words);
    }

    private Child run(List<String> options, String script) {
        return Launcher.in(folder).run(options, List.of("sh", "-c", script));
    }

    private static void assertEnds(Child wait, int code, String stdout) {
        assertThat(wait.awaitExit()).as("%s", wait).isEqualTo(code);
        assertThat(wait.stdout()).isEqualTo(stdout);
    }

    @Test
    void readyIsWaitedForAlsoBeforeThereIsAnInstance() throws IOException {
        Path go = folder.resolve("go");
        try (Child wait = waiting()) {
            assertThat(wait.endsWithin(Duration.ofSeconds(1))).isFalse();
            try (Child run = run(
                    List.of("--ready-log", "^up$"),
                    "until [ -e " + go + " ]; do sleep 0.05; done; echo up; exec sleep 100")) {
                Launcher.in(folder).awaitRecordedServer("orders");
                assertThat(wait.endsWithin(Duration.ofMillis(500)))
                        .as("not ready yet")
                        .isFalse();
                Files.createFile(go);
                assertEnds(wait, 0, "orders: ready\n");
                try (Child again = waiting("--ready", "--timeout", "0")) {
                    assertEnds(again, 0, "orders: ready\n");
                }
                run.signal("TERM");
                run.awaitExit();
            }
        }
    }

    @Test
    void runningCountsWhereNothingWasSaidOfReadiness() {
        try (Child run = run(List.of(), "exec sleep 100")) {
            try (Child wait = waiting("--timeout", "20s")) {
                assertEnds(wait, 0, "orders: ready\n");
            }
            run.signal("TERM");
            run.awaitExit();
        }
    }

    @Test
    void waitingSleeps() {
        try (Child wait = waiting()) {
            WakeUps.assertNone(wait);
        }
    }

    @Test
    void instanceThatEndsBeforeItIsReadyIsGivenUp() {
        try (Child run = run(List.of("--ready-log", "never"), "exec sleep 100")) {
            Launcher.in(folder).awaitRecordedServer("orders");
            try (Child wait = waiting()) {
                assertThat(wait.endsWithin(Duration.ofSeconds(1))).isFalse();
                run.signal("TERM");
                run.awaitExit();
                assertEnds(wait, 69, "");
                assertThat(wait.stderr()).contains("\"orders\" ended before it was ready");
            }
        }
    }

    @Test
    void timeIsOver() {
        try (Child wait = waiting("--timeout", "200ms")) {
            assertEnds(wait, 75, "");
            assertThat(wait.stderr()).contains("\"orders\" is not ready after 200ms: it is not running");
        }
        try (Child run = run(List.of("--ready-log", "never"), "exec sleep 100")) {
            Launcher.in(folder).awaitRecordedServer("orders");
            try (Child wait = waiting("--timeout", "200ms")) {
                assertEnds(wait, 75, "");
                assertThat(wait.stderr()).contains("it is running");
            }
            try (Child wait = waiting("--gone", "--timeout", "200ms")) {
                assertEnds(wait, 75, "");
                assertThat(wait.stderr()).contains("\"orders\" is not gone after 200ms");
            }
            run.signal("TERM");
            run.awaitExit();
        }
    }

    @Test
    void goneIsWaitedForAndNothingIsGone() {
        try (Child wait = waiting("--gone")) {
            assertEnds(wait, 0, "orders: not running\n");
        }
        try (Child run = run(List.of(), "trap 'sleep 1; exit 0' TERM; echo up; while :; do sleep 0.1; done")) {
            run.awaitOut("up");
            Launcher.in(folder).awaitRecordedServer("orders");
            try (Child wait = waiting("--gone")) {
                assertThat(wait.endsWithin(Duration.ofSeconds(1))).isFalse();
                run.signal("TERM");
                assertEnds(wait, 0, "orders: not running\n");
                assertThat(folder.resolve("orders.lock")).doesNotExist();
                run.awaitExit();
            }
        }
    }

    /** A server whose launcher was killed is not gone. */
    @Test
    void orphanIsNotGone() {
        try (Child run = run(List.of("--death-signal", "none"), "echo ready $$; exec sleep 100")) {
            long server = run.awaitServer();
            Launcher.in(folder).awaitRecordedServer("orders");
            try (Child wait = waiting("--gone")) {
                assertThat(wait.endsWithin(Duration.ofSeconds(1))).isFalse();
                run.signal("KILL");
                assertThat(wait.endsWithin(Duration.ofSeconds(1))).isFalse();
                Processes.signal(server, "KILL");
                assertEnds(wait, 0, "orders: not running\n");
            }
        }
    }

    @Test
    void wrongWordsAreRefused() {
        for (List<String> words : List.of(
                List.of("wait"),
                List.of("wait", "orders", "billing"),
                List.of("wait", "orders", "--ready", "--gone"),
                List.of("wait", "orders", "--timeout", "soon"))) {
            try (Child wait = Launcher.in(folder).command(words)) {
                assertThat(wait.awaitExit()).as("%s", wait).isEqualTo(64);
                assertThat(wait.stderr()).contains("holdfast help wait");
            }
        }
    }
}
