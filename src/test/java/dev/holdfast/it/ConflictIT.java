package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promises 1 and 3: a second start is refused, waits, goes away or takes over, and signals nobody unless it was told to. */
@Timeout(180)
class ConflictIT {
    @TempDir
    Path locks;

    @ForEachJava
    void refusedStartNamesTheHolderAndTheRemedies(Path java) {
        Launcher launcher = Launcher.in(locks).java(java);
        try (Child first = launcher.run(List.of("--transport", "http", "--app-version", "2.1"), Launcher.server())) {
            first.awaitServer();
            try (Child second = launcher.run(List.of(), Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout()).isEmpty();
                String path = launcher.lockFile("orders").toString();
                assertThat(second.stderr().lines().toList()).hasSize(4).satisfies(lines -> {
                    assertThat(lines.get(0))
                            .matches(
                                    "holdfast: another instance of \"orders\" is already running: pid "
                                            + first.pid()
                                            + ", started 20..-..-..T..:..:..Z \\((just now|\\d+ s ago)\\), transport http, version 2\\.1");
                    assertThat(lines.get(1)).isEqualTo("  lock file  " + path + " (held, verified)");
                    assertThat(lines.get(2)).isEqualTo("  look       holdfast status --lock-file " + path);
                    assertThat(lines.get(3))
                            .isEqualTo("  stop it    holdfast stop --lock-file " + path
                                    + "      or start with FORCE_TERMINATE=true to take over");
                });
            }
            assertThat(first.isAlive()).isTrue();
            assertThat(first.stdout()).doesNotContain("got");
        }
    }

    @Test
    void conflictExitCodeCanBeChosen() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            first.awaitServer();
            try (Child second = launcher.run(List.of("--conflict-exit-code", "3"), Launcher.server())) {
                assertThat(second.awaitExit()).isEqualTo(3);
            }
        }
    }

    @Test
    void skipExitsQuietly() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            first.awaitServer();
            try (Child second = launcher.run(List.of("--on-conflict", "skip"), Launcher.server())) {
                assertThat(second.awaitExit()).isZero();
                assertThat(second.stdout() + second.stderr()).isEmpty();
            }
        }
    }

    @ForEachJava
    void waiterStartsWhenTheHolderEnds(Path java) {
        Launcher launcher = Launcher.in(locks).java(java);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            first.awaitServer();
            try (Child waiter = launcher.run(List.of("--on-conflict", "wait"), Launcher.server())) {
                waiter.awaitErr("waiting for \"orders\"");
                first.signal("TERM");
                waiter.awaitServer();
                assertThat(first.awaitExit()).isZero();
                waiter.signal("TERM");
                assertThat(waiter.awaitExit()).isZero();
            }
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void waiterStartsWhenLauncherAndServerAreKilled() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of("--death-signal", "none"), Launcher.server())) {
            long server = first.awaitServer();
            try (Child waiter = launcher.run(List.of("--on-conflict", "wait"), Launcher.server())) {
                waiter.awaitErr("waiting for \"orders\"");
                first.signal("KILL");
                first.awaitExitWithoutOutput();
                // The orphaned server still holds the lock.
                assertThat(launcher.statusJson("orders")).contains("\"verdict\":\"orphaned\"");
                assertThat(waiter.stdout()).isEmpty();
                Processes.signal(server, "KILL");
                waiter.awaitServer();
                waiter.awaitErr("overwriting the stale record");
            }
        }
    }

    @Test
    void manyWaitersRunOneAfterTheOther() {
        Launcher launcher = Launcher.in(locks);
        List<Child> children = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                children.add(launcher.run(List.of("--on-conflict", "wait"), Launcher.server("code=0")));
            }
            for (Child child : children) {
                assertThat(child.awaitExit()).as("%s", child).isZero();
                assertThat(child.stdout()).contains("ready");
            }
        } finally {
            children.forEach(Child::close);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void waiterGivesUpAfterItsTimeout() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            first.awaitServer();
            long start = System.nanoTime();
            try (Child waiter =
                    launcher.run(List.of("--on-conflict", "wait", "--wait-timeout", "700ms"), Launcher.server())) {
                assertThat(waiter.awaitExit()).isEqualTo(75);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(700));
                assertThat(waiter.stderr()).contains("another instance of \"orders\" is already running");
            }
        }
    }

    @Test
    void waiterObeysAStopRequest() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            first.awaitServer();
            try (Child waiter = launcher.run(List.of("--on-conflict", "wait"), Launcher.server())) {
                waiter.awaitErr("waiting for");
                waiter.signal("QUIT");
                assertThat(waiter.awaitExit()).isEqualTo(128 + 3);
                assertThat(waiter.stdout()).isEmpty();
            }
            assertThat(first.stdout()).doesNotContain("got");
        }
    }

    @ForEachJava
    void forcedStartStopsTheHolderGracefullyFirst(Path java) {
        Launcher launcher = Launcher.in(locks).java(java);
        try (Child first = launcher.run(List.of(), Launcher.server("exit=9"))) {
            long server = first.awaitServer();
            try (Child second = launcher.env("FORCE_TERMINATE", "true").run(List.of(), Launcher.server())) {
                second.awaitServer();
                assertThat(Processes.isAlive(server)).isFalse();
                assertThat(first.awaitExit()).as("%s", first).isEqualTo(9);
                assertThat(first.stdout()).contains("got TERM");
                assertThat(first.stderr()).contains("reason=SIGTERM from=" + second.pid());
                second.awaitErr("taking over \"orders\" from pid=" + first.pid());
            }
        }
    }

    @Test
    void forcedStartKillsWhatIgnoresItsGrace() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(
                List.of("--grace", "300ms", "--death-signal", "none"),
                Launcher.server("ignore=TERM", "child", "setsid"))) {
            long server = first.awaitServer();
            List<Long> tree = Processes.descendants(first.pid());
            assertThat(tree).hasSize(3);
            try (Child second = launcher.run(List.of("--force"), Launcher.server())) {
                second.awaitServer();
                assertThat(tree).noneMatch(Processes::isAlive).contains(server);
                assertThat(first.awaitExit()).isEqualTo(128 + 9);
            }
        }
    }

    @Test
    void forcedStartEndsALauncherThatIsStopped() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of("--grace", "300ms"), Launcher.server("ignore=TERM", "setsid"))) {
            first.awaitServer();
            List<Long> tree = Processes.descendants(first.pid());
            first.signal("STOP");
            try (Child second = launcher.run(List.of("--force"), Launcher.server())) {
                second.awaitServer();
                assertThat(tree).noneMatch(Processes::isAlive);
                first.awaitExit();
            }
        }
    }

    @Test
    void forcedStartEndsAnOrphanedServerAndItsTree() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(
                List.of("--grace", "300ms", "--death-signal", "none"),
                Launcher.server("ignore=TERM", "child", "setsid"))) {
            long server = first.awaitServer();
            List<Long> tree = Processes.descendants(first.pid());
            launcher.awaitRecordedServer("orders");
            first.signal("KILL");
            first.awaitExitWithoutOutput();
            try (Child refused = launcher.run(List.of(), Launcher.server())) {
                assertThat(refused.awaitExit()).isEqualTo(75);
                assertThat(refused.stderr())
                        .contains("the server of \"orders\" is still running: pid " + server)
                        .contains("orphaned (its launcher was killed)");
                assertThat(tree).allMatch(Processes::isAlive);
            }
            try (Child forced = launcher.run(List.of("--force"), Launcher.server())) {
                forced.awaitServer();
                assertThat(tree).noneMatch(Processes::isAlive);
                forced.awaitErr("orphaned server pid=" + server);
            }
        }
    }

    @Test
    void forcedStartObeysAStopRequestAndTheHolderIsNotKilled() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = launcher.run(List.of("--grace", "20s"), Launcher.server("ignore=TERM"))) {
            first.awaitServer();
            try (Child second = launcher.run(List.of("--force"), Launcher.server())) {
                first.awaitOut("got TERM");
                second.signal("INT");
                assertThat(second.awaitExit()).isEqualTo(130);
            }
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void launcherInsideItsOwnServerNeverEndsItself() {
        Launcher launcher = Launcher.in(locks);
        List<String> inner = launcher.wordsOfRun("--force");
        inner.add("true");
        try (Child outer = launcher.run(List.of(), inner)) {
            assertThat(outer.awaitExit()).as("%s", outer).isEqualTo(75);
            assertThat(outer.stderr()).contains("this start runs inside \"orders\" itself");
        }
    }

    @Test
    void guardedServersMayGuardOthers() {
        Launcher launcher = Launcher.in(locks);
        List<String> inner = launcher.wordsOfRun("--name", "inner");
        inner.addAll(List.of("sh", "-c", "echo $HOLDFAST_NAME"));
        try (Child outer = launcher.run(List.of(), inner)) {
            assertThat(outer.awaitExit()).as("%s", outer).isZero();
            assertThat(outer.stdout()).isEqualTo("inner\n");
        }
    }
}
