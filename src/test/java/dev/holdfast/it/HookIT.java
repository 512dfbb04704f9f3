package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.SocketClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shell commands before the server, after it, and instead of it. */
@Timeout(180)
class HookIT {
    @TempDir
    Path locks;

    @TempDir
    Path folder;

    private Launcher launcher() {
        return Launcher.in(locks);
    }

    private void assertNothingLeft() {
        assertThat(launcher().leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void preStartRunsUnderTheLockBeforeTheServer(String handOff) throws IOException {
        String hook = "echo hook $HOLDFAST_HOOK $HOLDFAST_NAME $HOLDFAST_LOCK_FILE; ls /proc/self/fd | tr '\\n' ' ';"
                + " cat; pwd; flock -n $HOLDFAST_LOCK_FILE true || echo held";
        try (Child run = launcher()
                .run(
                        List.of("--handoff", handOff, "--cwd", folder.toString(), "--pre-start", hook),
                        List.of("sh", "-c", "echo server"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("server\n");
            assertThat(run.stderr())
                    .isEqualTo("hook pre-start orders " + locks.resolve("orders.lock") + "\n0 1 2 3 "
                            + folder.toRealPath() + "\nheld\n");
            Files.deleteIfExists(locks.resolve("orders.lock"));
        }
    }

    @Test
    void failingPreStartStartsNothing() {
        try (Child run = launcher().run(List.of("--pre-start", "exit 3"), List.of("echo", "s3cret"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(69);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr())
                    .isEqualTo("holdfast: cannot start \"orders\": its pre-start command failed code=3\n");
            assertNothingLeft();
        }
        try (Child run = launcher().run(List.of("--pre-start", "kill -9 $$"), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(69);
            assertThat(run.stderr()).contains("failed signal=SIGKILL");
        }
    }

    @Test
    void preStartThatTakesTooLongIsKilledWithItsTree() {
        String hook = "trap '' TERM; setsid sleep 1000 & echo child $! >&2; sleep 1000";
        try (Child run =
                launcher().run(List.of("--pre-start", hook, "--hook-timeout", "2s"), List.of("echo", "server"))) {
            long child = Long.parseLong(run.awaitErr("child (\\d+)"));
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(69);
            assertThat(run.stderr()).contains("its pre-start command took longer than 2s");
            assertThat(run.stdout()).isEmpty();
            assertThat(Processes.isAlive(child)).isFalse();
            assertNothingLeft();
        }
    }

    @Test
    void whatPreStartLeavesBehindIsEndedBeforeTheServerStarts() {
        try (Child run = launcher()
                .run(
                        List.of("--pre-start", "(setsid sleep 1000 & echo child $!)"),
                        List.of("sh", "-c", "echo ready $$; read x"))) {
            long child = Long.parseLong(run.awaitErr("child (\\d+)"));
            run.awaitServer();
            assertThat(Processes.isAlive(child)).isFalse();
            run.closeStdin();
            run.awaitExit();
            assertNothingLeft();
        }
    }

    @Test
    void stopRequestDuringPreStartEndsItAndTheStart() {
        String polite = "trap 'echo got term; exit 0' TERM; echo waiting; while :; do sleep 0.05; done";
        try (Child run = launcher().run(List.of("--pre-start", polite), List.of("echo", "server"))) {
            run.awaitErr("waiting");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stderr()).contains("got term");
            assertThat(run.stdout()).isEmpty();
            assertNothingLeft();
        }
        String stubborn = "trap '' TERM INT; echo waiting; while :; do sleep 1; done";
        try (Child run =
                launcher().run(List.of("--grace", "200ms", "--pre-start", stubborn), List.of("echo", "server"))) {
            run.awaitErr("waiting");
            List<Long> tree = Processes.descendants(run.pid());
            run.signal("INT");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(130);
            assertThat(tree).isNotEmpty().noneMatch(Processes::isAlive);
            assertNothingLeft();
        }
    }

    @Test
    void launcherThatIsKilledTakesItsCommandAlong() {
        try (Child run =
                launcher().run(List.of("--pre-start", "echo pid $$; while :; do sleep 0.1; done"), List.of("true"))) {
            long hook = Long.parseLong(run.awaitErr("pid (\\d+)"));
            await().until(() -> Processes.hasAimedItsDeathSignal(run.pid()));
            Processes.signal(run.pid(), "KILL");
            Processes.awaitDeath(hook);
            try (Child next = launcher().run(List.of(), List.of("true"))) {
                assertThat(next.awaitExit()).as("%s", next).isZero();
            }
        }
    }

    @Test
    void postStopRunsUnderTheLockWhenNothingIsLeft() {
        String hook = "echo stop $HOLDFAST_SERVER_PID code=$HOLDFAST_EXIT_CODE signal=$HOLDFAST_EXIT_SIGNAL;"
                + " flock -n $HOLDFAST_LOCK_FILE true || echo held";
        List<String> options = List.of("--grace", "1s", "--post-stop", hook);
        try (Child run = launcher().run(options, Launcher.server("child", "exit=7"))) {
            long server = run.awaitServer();
            List<Long> tree = new ArrayList<>(Processes.descendants(run.pid()));
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(7);
            assertThat(run.stderr()).contains("stop " + server + " code=7 signal=\nheld\n");
            assertThat(tree).hasSize(2).noneMatch(Processes::isAlive);
            assertNothingLeft();
        }
        try (Child run = launcher().run(options, List.of("sh", "-c", "kill -9 $$"))) {
            assertThat(run.awaitExit()).isEqualTo(137);
            assertThat(run.stderr()).contains("code= signal=KILL\nheld\n");
        }
    }

    @Test
    void failingPostStopIsToldAndChangesNothing() {
        for (String hook : List.of("exit 5", "sleep 1000")) {
            try (Child run = launcher()
                    .run(List.of("--hook-timeout", "200ms", "--post-stop", hook), Launcher.server("code=3"))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(3);
                assertThat(run.stderr())
                        .containsPattern("\\[WARN] .* the post-stop command of \"orders\" (failed|took)");
                assertNothingLeft();
            }
        }
    }

    /** The loop goes on: who asks is answered, and a second stop request does not disturb what is part of the stop. */
    @Test
    void launcherAnswersWhileThePostStopCommandRuns() throws IOException {
        Path go = locks.resolve("go");
        String hook = "echo hooking; while [ ! -e " + go + " ]; do sleep 0.05; done; echo done";
        try (Child run = launcher().run(List.of("--post-stop", hook), Launcher.server("exit=7"))) {
            run.awaitServer();
            Path socket = locks.resolve("orders.sock");
            await().until(() -> Files.exists(socket));
            run.signal("TERM");
            run.awaitErr("hooking");
            assertThat(SocketClient.ask(socket, "{\"holdfast\":1,\"request\":\"status\"}"))
                    .contains("\"state\":");
            run.signal("TERM");
            assertThat(SocketClient.ask(socket, "{\"holdfast\":1,\"request\":\"restart\"}"))
                    .contains("\"state\":");
            assertThat(run.stderr()).doesNotContain("done");
            Files.createFile(go);
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(7);
            assertThat(run.stderr()).contains("done");
            Files.delete(go);
            assertNothingLeft();
        }
    }

    @Test
    void stopRequestDuringThePostStopCommandPreventsTheNextStart() throws IOException {
        Path go = locks.resolve("go");
        String hook = "echo hooking; while [ ! -e " + go + " ]; do sleep 0.05; done; echo done";
        try (Child run = launcher()
                .run(
                        List.of("--restart=always", "--restart-delay=10ms", "--post-stop", hook),
                        List.of("sh", "-c", "echo server >&2; exit 4"))) {
            run.awaitErr("hooking");
            run.signal("TERM");
            Files.createFile(go);
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stderr().lines().filter("server"::equals)).hasSize(1);
            Files.delete(go);
            assertNothingLeft();
        }
    }

    @Test
    void restartRunsBothCommandsAgain() {
        List<String> options = List.of(
                "--restart=always",
                "--restart-limit=2",
                "--restart-delay=10ms",
                "--pre-start",
                "echo before",
                "--post-stop",
                "echo after $HOLDFAST_EXIT_CODE");
        try (Child run = launcher().run(options, List.of("sh", "-c", "echo server >&2; exit 4"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(4);
            assertThat(run.stderr()
                            .lines()
                            .filter(line -> !line.startsWith("["))
                            .toList())
                    .isEqualTo(List.of(
                            "before", "server", "after 4", "before", "server", "after 4", "before", "server",
                            "after 4"));
            assertNothingLeft();
        }
    }

    @Test
    void stopRequestDuringPreStartOfARestartEndsIt() {
        String hook =
                "test -e " + folder + "/again || { touch " + folder + "/again; exit 0; }; echo waiting $$; sleep 1000";
        try (Child run = launcher()
                .run(List.of("--restart=always", "--restart-delay=10ms", "--pre-start", hook), List.of("true"))) {
            run.awaitErr("waiting");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertNothingLeft();
        }
    }

    @Test
    void stopWaitsForPostStop() {
        Path done = folder.resolve("done");
        String hook = "sleep 1.2; touch " + done;
        try (Child run = launcher().run(List.of("--grace", "700ms", "--post-stop", hook), Launcher.server())) {
            run.awaitServer();
            try (Child stop = launcher().command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(done).exists();
            assertThat(run.awaitExit()).isZero();
            assertNothingLeft();
        }
    }

    @Test
    void postStopLeavesAloneWhatTheServerWasToldToLeave() {
        try (Child run = launcher()
                .run(List.of("--kill-mode", "child", "--post-stop", "sleep 1000 & true"), Launcher.server("child"))) {
            run.awaitServer();
            long child = Long.parseLong(run.awaitOut("child (\\d+)"));
            run.signal("TERM");
            assertThat(run.awaitExitWithoutOutput()).isZero();
            assertThat(Processes.isAlive(child)).isTrue();
            Processes.signal(child, "KILL");
        }
    }

    @Test
    void startThatGivesWayRunsItsOwnCommand() {
        String hook = "echo $HOLDFAST_HOOK $HOLDFAST_HOLDER_PID";
        try (Child first = launcher().run(List.of(), Launcher.server())) {
            first.awaitServer();
            try (Child second = launcher().run(List.of("--on-conflict-command", hook), List.of("echo", "server"))) {
                assertThat(second.awaitExit()).isEqualTo(75);
                assertThat(second.stdout()).isEmpty();
                // The user is told first: the command may take its time.
                assertThat(second.stderr())
                        .startsWith("holdfast: another instance")
                        .endsWith("\non-conflict " + first.pid() + "\n");
            }
            List<String> skip = List.of("--on-conflict", "skip", "--on-conflict-command", hook + "; exit 1");
            try (Child second = launcher().run(skip, List.of("echo", "server"))) {
                assertThat(second.awaitExit()).isZero();
                assertThat(second.stderr())
                        .startsWith("on-conflict " + first.pid() + "\n")
                        .contains("the on-conflict command of \"orders\" failed code=1");
            }
            first.signal("TERM");
            assertThat(first.awaitExit()).isZero();
        }
        try (Child alone = launcher().run(List.of("--on-conflict-command", hook), List.of("true"))) {
            assertThat(alone.awaitExit()).isZero();
            assertThat(alone.stderr()).isEmpty();
        }
    }
}
