package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.DrivenServer;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that ended is started again where that is wanted, with the lock held all the time. */
@Timeout(180)
class RestartIT {
    /** More than a test has: whoever has to wait for it fails. */
    private static final String LONG_BACK_OFF = "5m";

    @TempDir
    Path folder;

    private Launcher launcher;
    private DrivenServer server;

    @BeforeEach
    void make() {
        launcher = Launcher.in(folder);
        server = new DrivenServer(folder);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Child run(String... options) {
        List<String> all = new ArrayList<>(List.of("--restart-delay", "10ms"));
        all.addAll(List.of(options));
        return launcher.run(all, server.command());
    }

    private Child control(String verb) {
        return launcher.command(List.of(verb, "orders", "--lock-dir", folder.toString()));
    }

    /** Waits for the n-th start, and gives its pid. */
    private static long awaitStart(Child run, int n) {
        return Long.parseLong(run.awaitOut("(?s)(?:ready \\d+.*){" + (n - 1) + "}ready (\\d+)"));
    }

    @Test
    void failedServerIsStartedAgainAndASuccessfulOneIsNot() {
        try (Child run = run("--restart", "on-failure")) {
            long first = awaitStart(run, 1);
            server.tell("exit 3");
            long second = awaitStart(run, 2);
            assertThat(second).isNotEqualTo(first);
            await().untilAsserted(() -> assertThat(launcher.statusJson("orders"))
                    .contains("\"serverPid\":" + second, "\"state\":\"running\""));
            server.tell("die KILL");
            awaitStart(run, 3);
            server.tell("exit 0");
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).contains("code=3 in=", "signal=SIGKILL in=");
            assertThat(launcher.leftovers()).containsExactly("commands.fifo");
        }
    }

    /** As systemd.service(5) has it: a death by a signal that asks programs to end is no failure. */
    @Test
    void deathByTermIsNoFailureAndMappedCodesAreNone() {
        try (Child run = run("--restart", "on-failure")) {
            run.awaitServer();
            server.tell("die TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
        }
        try (Child run = run("--restart", "on-failure", "--map-exit", "7=0")) {
            run.awaitServer();
            server.tell("exit 7");
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    @Test
    void alwaysMeansAfterASuccessTooButNotAfterAStop() {
        try (Child run = run("--restart", "always")) {
            awaitStart(run, 1);
            server.tell("exit 0");
            awaitStart(run, 2);
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout().split("ready", -1)).hasSize(3);
        }
    }

    /** supervisord S7: a stop from BACKOFF. */
    @Test
    void stopDuringTheBackOffEndsAtOnceAndTheLockWasHeldUntilThen() {
        try (Child run =
                run("--restart", "always", "--restart-delay", LONG_BACK_OFF, "--restart-max-delay", LONG_BACK_OFF)) {
            run.awaitServer();
            server.tell("exit 1");
            launcher.awaitState("orders", "restarting");
            try (Child second = run()) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
            }
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(launcher.leftovers()).containsExactly("commands.fifo");
        }
    }

    @Test
    void clientThatHangsUpDuringTheBackOffEndsItAtOnce() {
        try (Child run = run(
                "--transport",
                "stdio",
                "--restart",
                "always",
                "--restart-delay",
                LONG_BACK_OFF,
                "--restart-max-delay",
                LONG_BACK_OFF)) {
            run.awaitServer();
            server.tell("exit 4");
            launcher.awaitState("orders", "restarting");
            run.closeStdin();
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(4);
        }
    }

    /** supervisord S11: after startretries FATAL; and S19, that ends the supervisor. */
    @Test
    void tooManyRestartsEndInGivingUpWithTheLastStatus() {
        List<String> dying = List.of("sh", "-c", "echo up; exit 9");
        try (Child run = launcher.run(
                List.of("--restart", "on-failure", "--restart-delay", "5ms", "--restart-limit", "3"), dying)) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(9);
            assertThat(run.stdout()).isEqualTo("up\n".repeat(4));
            assertThat(run.stderr()).contains("ended too often and is not started again restarts=3");
        }
    }

    @Test
    void serverThatIsNotReadyInTimeIsStartedAgain() {
        String second = "[ -e again ] || { : >again; exec sleep 300; }; echo up; exec sleep 300";
        List<String> options = List.of("--restart", "on-failure", "--restart-delay", "10ms", "--restart-limit", "1");
        List<String> ready = List.of("--cwd", folder.toString(), "--ready-log", "^up$", "--ready-timeout", "2s");
        try (Child run =
                launcher.run(Stream.concat(options.stream(), ready.stream()).toList(), List.of("sh", "-c", second))) {
            launcher.awaitState("orders", "ready");
            assertThat(run.stderr()).contains("reason=not-ready", "started \"orders\" again");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
        }
    }

    @Test
    void nothingOfTheOldTreeIsLeftWhenTheNewServerStarts() throws IOException {
        Path go = folder.resolve("go");
        List<String> forking = List.of(
                "sh",
                "-c",
                "setsid sh -c 'trap \"\" TERM; echo stray $$; while :; do sleep 0.05; done' &" + " until [ -e " + go
                        + " ]; do sleep 0.05; done; exit 1");
        try (Child run =
                launcher.run(List.of("--restart", "always", "--restart-delay", "10ms", "--grace", "200ms"), forking)) {
            long stray = Long.parseLong(run.awaitOut("stray (\\d+)"));
            Files.createFile(go);
            run.awaitErr("started \"orders\" again");
            assertThat(Processes.isAlive(stray)).isFalse();
            run.signal("TERM");
            run.awaitExit();
        }
    }

    /** supervisord S4: a start that fails leads to the next back-off, not to the end. */
    @Test
    void programThatIsGoneForAMomentIsTriedAgain() throws IOException {
        Path program = folder.resolve("program");
        String text = "#!/bin/sh\necho up $$\nread line < " + folder.resolve("go") + "\nexit 1\n";
        write(program, text);
        new ProcessBuilder("mkfifo", folder.resolve("go").toString())
                .start()
                .onExit()
                .join();
        try (Child run =
                launcher.run(List.of("--restart", "always", "--restart-delay", "20ms"), List.of(program.toString()))) {
            run.awaitOut("up");
            Files.delete(program);
            Files.writeString(folder.resolve("go"), "x\n");
            run.awaitErr("not found");
            write(program, text.replace("echo up", "echo again"));
            run.awaitOut("again");
            run.signal("TERM");
            run.awaitExit();
        }
    }

    private static void write(Path program, String text) throws IOException {
        Path made = program.resolveSibling("made");
        Files.writeString(made, text);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(made, program);
    }

    @Test
    void restartCommandBringsANewServerUnderTheSameLock() {
        try (Child run = run()) {
            long first = awaitStart(run, 1);
            try (Child restart = control("restart")) {
                assertThat(restart.awaitExit()).as("%s %s", restart, run).isZero();
                long second = awaitStart(run, 2);
                assertThat(second).isNotEqualTo(first);
                assertThat(restart.stdout()).isEqualTo("orders: restarted, server pid " + second + "\n");
            }
            assertThat(run.stdout()).contains("got TERM");
            run.awaitErr("reason=restart from=");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    @Test
    void restartCommandWaitsUntilTheNewServerIsReady() {
        try (Child run = run("--ready-timeout", "40s")) {
            awaitStart(run, 1);
            server.tell("send READY=1");
            launcher.awaitState("orders", "ready");
            try (Child restart = control("restart")) {
                awaitStart(run, 2);
                assertThat(restart.endsWithin(Duration.ofMillis(300)))
                        .as("%s", restart)
                        .isFalse();
                server.tell("send READY=1");
                assertThat(restart.awaitExit()).as("%s", restart).isZero();
            }
        }
    }

    @Test
    void restartDuringTheBackOffStartsAtOnce() {
        try (Child run =
                run("--restart", "always", "--restart-delay", LONG_BACK_OFF, "--restart-max-delay", LONG_BACK_OFF)) {
            awaitStart(run, 1);
            server.tell("exit 1");
            launcher.awaitState("orders", "restarting");
            try (Child restart = control("restart")) {
                assertThat(restart.awaitExit()).as("%s", restart).isZero();
            }
            awaitStart(run, 2);
        }
    }

    /** The server is younger than the forced start then, the instance is not. */
    @Test
    void forcedStartEndsAnInstanceWhoseServerWasRestartedMeanwhile() {
        try (Child run = run("--grace", "20s")) {
            awaitStart(run, 1);
            server.tell("stubborn");
            run.awaitOut("stubborn");
            try (Child restart = control("restart")) {
                run.awaitOut("got TERM");
                try (Child forced = launcher.run(List.of("--force"), Launcher.server("code=5"))) {
                    // The forced start runs, and only now does the old server end and the new one start.
                    forced.awaitErr("taking over");
                    server.tell("exit 0");
                    assertThat(forced.awaitExit()).as("%s", forced).isEqualTo(5);
                }
                // The old server's end may come before the forced start's request, and then there was a new one.
                if (restart.awaitExit() != 0) {
                    assertThat(restart.awaitExit()).as("%s", restart).isEqualTo(69);
                    assertThat(restart.stderr()).contains("ended instead of being started again");
                }
            }
        }
    }

    @Test
    void reloadReachesTheServerAndStopsNothing() {
        try (Child run = run("--map-signal", "HUP=USR2")) {
            run.awaitServer();
            try (Child reload = control("reload")) {
                assertThat(reload.awaitExit()).as("%s", reload).isZero();
            }
            run.awaitOut("got USR2");
            assertThat(run.isAlive()).isTrue();
        }
    }

    @Test
    void whatDoesNotRunOrHasNoLauncherCannotBeRestarted() {
        for (String verb : List.of("restart", "reload")) {
            try (Child none = control(verb)) {
                assertThat(none.awaitExit()).isEqualTo(3);
                assertThat(none.stdout()).isEqualTo("orders: not running\n");
            }
        }
        try (Child run = launcher.run(List.of("--handoff", "exec"), server.command())) {
            run.awaitServer();
            try (Child restart = control("restart");
                    Child reload = control("reload")) {
                assertThat(restart.awaitExit()).isEqualTo(75);
                assertThat(restart.stderr()).contains("it runs without a launcher, pid " + run.pid());
                assertThat(reload.awaitExit()).isZero();
                run.awaitOut("got HUP");
            }
        }
    }

    /** The same signal without the request is the server's, like any other. */
    @Test
    void lastRealTimeSignalIsStillForwarded() {
        List<String> trap = List.of("sh", "-c", "trap 'echo got 64' 64; echo up; while :; do sleep 0.05; done");
        try (Child run = launcher.run(List.of(), trap)) {
            run.awaitOut("up");
            run.signal("64");
            run.awaitOut("got 64");
        }
    }
}
