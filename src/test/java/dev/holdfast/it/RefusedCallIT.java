package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A seccomp filter that refuses what a launcher needs: done in another way where there is one, else named, and neither a
 * running server nor a record is left.
 */
@Timeout(180)
class RefusedCallIT {
    @TempDir
    Path locks;

    /** Known by its last word; it may be ended before it can say who it is. */
    private List<String> sleeper() {
        return List.of("perl", "-e", "sleep 100", locks.toString());
    }

    private void assertNoSleeperIsLeft() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .noneMatch(line -> line.endsWith("sleep 100 " + locks)));
    }

    private Launcher refused(String calls) {
        return Launcher.in(locks).below("perl", Launcher.resource("refuse.pl").toString(), calls);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0   | true
            7   | exit 7
            137 | kill -KILL $$
            129 | kill -HUP $$
            """)
    void endIsToldWithoutWaitid(int code, String script) {
        try (Child run = refused("waitid").run(List.of(), List.of("sh", "-c", script))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
        List<String> lock = List.of("lock", locks.resolve("file").toString(), "--", "sh", "-c", script);
        try (Child locked = refused("waitid").command(lock)) {
            assertThat(locked.awaitExit()).as("%s", locked).isEqualTo(code);
        }
    }

    @Test
    void stopWorksWithoutWaitid() {
        try (Child run = refused("waitid").run(List.of("--grace", "300ms"), List.of("sh", "-c", """
                trap '' TERM; setsid sh -c 'echo $$; while :; do sleep 300; done' & echo up $$; while :; do sleep 300; done"""))) {
            run.awaitOut("up (\\d+)");
            long worker = Long.parseLong(run.awaitOut("(?m)^(\\d+)$"));
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(137);
            assertThat(Processes.isAlive(worker)).isFalse();
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    @Test
    void refusedGroupIsNamed() {
        try (Child run = refused("setpgid").run(List.of(), List.of("echo", "up"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(71);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr()).isEqualTo("holdfast: setpgid: operation not permitted\n");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void launcherThatCannotWaitEndsItsServerAndLeavesNoRecord() {
        try (Child run = refused("poll").run(List.of(), sleeper())) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(71);
            assertThat(run.stderr()).contains("holdfast: p").doesNotContain("\tat ");
            assertNoSleeperIsLeft();
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void commandIsToldToEndWhenItsLockCannotBeKept() {
        List<String> words = List.of("lock", locks.resolve("file").toString(), "--");
        List<String> line = new ArrayList<>(words);
        line.addAll(sleeper());
        try (Child lock = refused("poll").command(line)) {
            assertThat(lock.awaitExit()).as("%s", lock).isEqualTo(71);
            assertThat(lock.stderr()).contains("holdfast: p").hasLineCount(1);
            assertNoSleeperIsLeft();
        }
    }

    @Test
    void waitForALockThatHearsNoSignalEnds() {
        String file = locks.resolve("file").toString();
        try (Child holder =
                Launcher.in(locks).command(List.of("lock", file, "--", "sh", "-c", "echo up; exec sleep 60"))) {
            holder.awaitOut("up");
            try (Child lock = refused("poll").command(List.of("lock", file, "--", "true"))) {
                assertThat(lock.awaitExit()).as("%s", lock).isEqualTo(71);
                assertThat(lock.stderr()).contains("holdfast: p").hasLineCount(1);
            }
        }
    }

    @Test
    void libraryThatCannotAwaitRequestsSaysSoAndGuardsOn() {
        ProcessBuilder builder = EmbeddedServer.in(locks, "activate=1000");
        List<String> words =
                new ArrayList<>(List.of("perl", Launcher.resource("refuse.pl").toString(), "poll"));
        words.addAll(builder.command());
        try (Child server = Child.start(builder.command(words))) {
            server.awaitOut("ready \\d+ launcher=0 held=true");
            server.awaitErr("second launches of .* are not heard: poll: operation not permitted");
            assertThat(server.stderr()).doesNotContain("Exception", "\tat ");
            try (Child second = Launcher.in(locks).run(List.of(), List.of("true"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
            }
        }
    }
}
