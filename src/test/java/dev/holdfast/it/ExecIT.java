package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --handoff exec}: the launcher becomes the server, and every promise about the lock still holds. */
@Timeout(180)
class ExecIT {
    private static final List<String> EXEC = List.of("--handoff", "exec");

    /** Perl ignores FPE. */
    private static final long PERLS_OWN = 1 << 7;

    @TempDir
    Path locks;

    /** Without 32 and 33, which posix_spawn, by which the test itself starts, leaves ignored. */
    private static long ignored(String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal, 16) & ~0x180000000L;
    }

    private static List<String> exec(String... more) {
        List<String> options = new ArrayList<>(EXEC);
        options.addAll(List.of(more));
        return options;
    }

    @ForEachJava
    void launcherBecomesTheServerWithACleanMaskAndOnlyTheLock(Path java) throws IOException {
        Launcher launcher = Launcher.in(locks).java(java);
        try (Child run = launcher.run(EXEC, Launcher.server())) {
            assertThat(run.awaitServer()).isEqualTo(run.pid());
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + run.pid() + "/exe"))
                            .toString())
                    .doesNotContain("java");
            assertThat(Processes.statusLine(run.pid(), "SigBlk")).isEqualTo("0000000000000000");
            assertThat(ignored(Processes.statusLine(run.pid(), "SigIgn")) & ~PERLS_OWN)
                    .isZero();
            List<String> open = openFiles(run.pid());
            assertThat(open).anyMatch(file -> file.endsWith("orders.lock")).hasSizeBetween(2, 3);
            assertThat(launcher.statusJson("orders"))
                    .contains("\"verdict\":\"running\"", "\"pid\":" + run.pid(), "\"serverPid\":" + run.pid());
        }
    }

    /** What is open above stderr, but perl's own script. */
    private static List<String> openFiles(long pid) throws IOException {
        List<String> targets = new ArrayList<>();
        try (var fds = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path fd : fds) {
                if (Integer.parseInt(fd.getFileName().toString()) > 2) {
                    targets.add(Files.readSymbolicLink(fd).toString());
                }
            }
        }
        return targets;
    }

    @ForEachJava
    void secondStartIsRefusedAndAForcedOneTakesOver(Path java) {
        Launcher launcher = Launcher.in(locks).java(java);
        try (Child first = launcher.run(exec("--grace", "1s"), Launcher.server("child", "exit=3"))) {
            first.awaitServer();
            List<Long> tree = Processes.descendants(first.pid());
            try (Child second = launcher.run(EXEC, Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("already running: pid " + first.pid());
            }
            try (Child third = launcher.run(exec("--force", "--grace", "1s"), Launcher.server())) {
                third.awaitServer();
                assertThat(first.awaitExit()).isEqualTo(3);
                assertThat(tree).hasSize(1).noneMatch(Processes::isAlive);
                assertThat(launcher.statusJson("orders")).contains("\"pid\":" + third.pid());
            }
        }
    }

    @Test
    void stopEndsTheServerAndRemovesTheFile() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(exec("--grace", "500ms"), Launcher.server("ignore=TERM"))) {
            run.awaitServer();
            try (Child stop = launcher.command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(run.awaitExit()).isEqualTo(128 + 9);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    /** Root's lock, and the server is another user's by now: by its environment it is known to be the one. */
    @Test
    void rootReloadsStopsAndTakesOverFromAServerThatRunsAsAnotherUser() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Launcher launcher = Launcher.in(locks);
        List<String> asNobody = exec("--user", "65534", "--group", "65534", "--grace", "1s");
        try (Child run = launcher.run(asNobody, Launcher.server("ignore=HUP", "child"))) {
            run.awaitServer();
            List<Long> tree = Processes.descendants(run.pid());
            assertThat(launcher.statusJson("orders")).contains("\"verdict\":\"running\"", "\"pid\":" + run.pid());
            assertAnswer(0, "reload", launcher);
            run.awaitOut("got HUP");
            try (Child forced =
                    launcher.run(exec("--force", "--user", "65534", "--group", "65534"), Launcher.server())) {
                forced.awaitServer();
                assertThat(run.awaitExit()).isZero();
                assertThat(tree).hasSize(1).noneMatch(Processes::isAlive);
                assertAnswer(0, "stop", launcher);
                assertThat(forced.awaitExit()).isZero();
            }
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void rootStopsAnOrphanThatRunsAsAnotherUser() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Launcher launcher = Launcher.in(locks);
        List<String> options = List.of("--user", "65534", "--group", "65534", "--death-signal", "none");
        try (Child run = launcher.run(options, Launcher.server())) {
            long server = run.awaitServer();
            run.noteTree();
            run.signal("KILL");
            await().until(() -> !Processes.isAlive(run.pid()));
            assertThat(launcher.statusJson("orders")).contains("\"verdict\":\"orphaned\"", Long.toString(server));
            assertAnswer(0, "stop", launcher);
            assertThat(Processes.isAlive(server)).isFalse();
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    /** The record names it, and it holds the lock; but the server may write the record, and pass the lock on. */
    @Test
    void anotherUsersProcessWithoutTheInstanceInItsEnvironmentIsNeverEnded() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Launcher launcher = Launcher.in(locks);
        List<String> server = new ArrayList<>(List.of("env", "-i"));
        server.addAll(Launcher.server());
        try (Child run = launcher.run(exec("--user", "65534", "--group", "65534"), server)) {
            run.awaitServer();
            assertAnswer(75, "stop", launcher);
            try (Child forced = launcher.run(List.of("--force"), Launcher.server())) {
                assertThat(forced.awaitExit()).as("%s", forced).isEqualTo(75);
            }
            assertThat(run.isAlive()).isTrue();
        }
    }

    private void assertAnswer(int code, String verb, Launcher launcher) {
        try (Child command = launcher.command(List.of(verb, "orders", "--lock-dir", locks.toString()))) {
            assertThat(command.awaitExit()).as("%s", command).isEqualTo(code);
        }
    }

    /** The server is the only one left to hold the interlock, whatever is to end with it. */
    @Test
    void removedFileDoesNotLetASecondServerRun() throws IOException {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(exec("--kill-mode", "child"), Launcher.server())) {
            run.awaitServer();
            Files.delete(launcher.lockFile("orders"));
            try (Child second = launcher.run(EXEC, Launcher.server("code=0"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("already running: pid " + run.pid());
            }
        }
    }

    @Test
    void killedServerFreesTheLock() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(EXEC, Launcher.server())) {
            long pid = run.awaitServer();
            run.signal("KILL");
            Processes.awaitDeath(pid);
            try (Child next = launcher.run(List.of(), Launcher.server("code=0"))) {
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(next.stderr()).contains("overwriting the stale record");
            }
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void unusableProgramReleasesTheLock() throws IOException {
        Launcher launcher = Launcher.in(locks);
        Path script = locks.resolve("script");
        Files.writeString(script, "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (Child run = launcher.run(EXEC, List.of(script.toString()))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(126);
            assertThat(run.stderr()).startsWith("holdfast: command \"" + script + "\"");
        }
        assertThat(launcher.leftovers()).containsExactly("script");
    }

    @Test
    void scriptWithoutAFirstLineIsRunByTheShell() throws IOException {
        Launcher launcher = Launcher.in(locks);
        Path script = locks.resolve("script");
        Files.writeString(script, "echo here $1\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (Child run = launcher.run(EXEC, List.of(script.toString(), "now"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("here now\n");
        }
    }

    @Test
    void hangUpStaysIgnoredUnderNohupAndOthersAreReset() {
        ProcessBuilder builder = Launcher.in(locks)
                .builder(List.of(
                        "run",
                        "--lock-dir",
                        locks.toString(),
                        "--handoff",
                        "exec",
                        "--",
                        "grep",
                        "SigIgn",
                        "/proc/self/status"));
        List<String> words = new ArrayList<>(List.of("sh", "-c", "trap '' HUP INT QUIT TERM; exec \"$@\"", "sh"));
        words.addAll(builder.command());
        try (Child run = Child.start(new ProcessBuilder(words))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(ignored(run.stdout().replace("SigIgn:", "").trim())).isEqualTo(1);
        }
    }
}
