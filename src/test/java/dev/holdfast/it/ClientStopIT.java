package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long the stop of a server takes that was started for a client, and what a later start does about the rest. */
@Timeout(180)
class ClientStopIT {
    private static final String DEAF = "trap '' TERM; echo pid $$; while :; do sleep 300 <&- >&- 2>&-; done";

    @TempDir
    Path locks;

    private Child start(List<String> options, String script) {
        return Launcher.in(locks).run(options, List.of("sh", "-c", script));
    }

    /** Many servers take a second TERM as a reason to give up what they are finishing. */
    @Test
    void termOfTheClientAfterItsIntIsNotRepeated() {
        String script = "trap 'echo int' INT; trap 'echo term' TERM; echo up; while :; do sleep 0.1; done";
        try (Child run = start(List.of("--transport=stdio", "--grace=3s"), script)) {
            run.awaitOut("up");
            run.signal("INT");
            run.awaitOut("int");
            run.signal("TERM");
            run.awaitOut("term");
            assertThat(run.awaitExit()).isEqualTo(137);
            assertThat(run.stdout()).as("%s", run).containsOnlyOnce("term");
        }
    }

    /**
     * The server ends in time, but not what it started: that has what is left of the grace. Not more, either, which
     * {@code ServerLifeTest} sees ("hangup 10, left 1 20, ends 0 900"): here a busy machine would look like more.
     */
    @Test
    void whatIsLeftAfterTheServerSharesTheBudget() {
        String script = "(trap '' TERM; echo up; while :; do sleep 300; done) & cat";
        try (Child run = start(List.of("--transport=stdio", "--grace=2s"), script)) {
            run.awaitOut("up");
            long start = System.nanoTime();
            run.closeStdin();
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            assertThat(run.stderr()).contains("signal=SIGKILL");
        }
    }

    @Test
    void leftoverWithALongGraceDoesNotKeepItsClientWaiting() {
        try (Child first = start(List.of("--transport=stdio", "--grace=10m", "--death-signal=none"), DEAF)) {
            long server = Long.parseLong(first.awaitOut("pid (\\d+)"));
            Launcher.in(locks).awaitRecordedServer("orders");
            first.noteTree();
            first.signal("KILL");
            try (Child next = start(List.of("--transport=stdio", "--log-level=info"), "echo next")) {
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(next.stderr()).contains("grace=9s").contains("its client and its launcher are gone");
                assertThat(Processes.isAlive(server)).isFalse();
            }
        }
    }

    /** It has waited for the launcher, which nobody can wait for any more. */
    @Test
    void startThatWaitsEndsALeftoverThatAppearsMeanwhile() {
        try (Child first = start(List.of("--transport=stdio", "--grace=300ms", "--death-signal=none"), DEAF)) {
            first.awaitOut("pid (\\d+)");
            Launcher.in(locks).awaitRecordedServer("orders");
            first.noteTree();
            List<String> options = List.of("--transport=stdio", "--on-conflict=wait", "--log-level=info");
            try (Child next = start(options, "echo next")) {
                next.awaitErr("waiting for");
                first.signal("KILL");
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(next.stdout()).isEqualTo("next\n");
            }
        }
    }

    /** The one for which it began to wait had no client, and the next holder came while it did not look. */
    @Test
    void startThatWaitsEndsALeftoverOfAHolderThatCameMeanwhile() {
        List<String> waits = List.of("--on-conflict=wait", "--log-level=info", "--transport=stdio");
        try (Child first = start(List.of(), "echo up; exec sleep 300")) {
            first.awaitOut("up");
            try (Child third = start(waits, "echo third")) {
                third.awaitErr("waiting for");
                Processes.stop(third.pid());
                List<String> options = new ArrayList<>(waits);
                options.addAll(List.of("--grace=300ms", "--death-signal=none"));
                try (Child second = start(options, DEAF)) {
                    second.awaitErr("waiting for");
                    first.terminate();
                    first.awaitExit();
                    second.awaitOut("pid (\\d+)");
                    Launcher.in(locks).awaitRecordedServer("orders");
                    second.noteTree();
                    third.signal("CONT");
                    second.signal("KILL");
                    assertThat(third.awaitExit()).as("%s", third).isZero();
                    assertThat(third.stdout()).isEqualTo("third\n");
                }
            }
        }
    }

    /** Nobody's client is gone: it is waited for. */
    @Test
    void startThatWaitsDoesNotEndALeftoverThatNoClientStarted() {
        try (Child first = start(List.of("--death-signal=none", "--grace=300ms"), "echo pid $$; exec sleep 300")) {
            long server = Long.parseLong(first.awaitOut("pid (\\d+)"));
            first.noteTree();
            List<String> options = List.of("--on-conflict=wait", "--wait-timeout=2s", "--log-level=info");
            try (Child next = start(options, "echo next")) {
                next.awaitErr("waiting for");
                first.signal("KILL");
                assertThat(next.awaitExit()).as("%s", next).isEqualTo(75);
                assertThat(Processes.isAlive(server)).isTrue();
            }
        }
    }
}
