package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.RecordedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A launcher that is SIGKILLed takes its server along, unless it was told not to. */
@Timeout(180)
class DeathSignalIT {
    @TempDir
    Path locks;

    @TempDir
    Path output;

    private RecordedServer recorded;

    @BeforeEach
    void make() {
        recorded = new RecordedServer(output);
    }

    @AfterEach
    void endServers() {
        recorded.end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TERM", "term"})
    void serverGetsTermAndTheNextStartSucceeds(String said) {
        try (Child launcher = start(said, "slow=200")) {
            long server = recorded.awaitServer();
            kill(launcher);
            Processes.awaitDeath(server);
            assertThat(recorded.output()).containsOnlyOnce("got TERM").doesNotContain("got HUP");
            assertNextStartTakesOverTheFileOf(launcher);
        }
    }

    @Test
    void serverThatIgnoresTermIsKilledWhenThatWasSaid() {
        try (Child launcher = start("KILL", "ignore=TERM")) {
            long server = recorded.awaitServer();
            kill(launcher);
            Processes.awaitDeath(server);
            assertThat(recorded.output()).doesNotContain("got");
            assertNextStartTakesOverTheFileOf(launcher);
        }
    }

    @Test
    void serverLivesOnWithTheLockWhenNoSignalWasAskedFor() {
        try (Child launcher = start("none")) {
            long server = recorded.awaitServer();
            kill(launcher);
            assertOrphanIsNamed(server);
            assertThat(recorded.output()).doesNotContain("got");
        }
    }

    /** It lets go of the lock, of the interlock, and of what would tell it of the launcher's death. */
    @Test
    void serverThatClosesAllThatItInheritsGetsItToo() {
        try (Child launcher = start("TERM", "close")) {
            long server = recorded.awaitServer();
            kill(launcher);
            Processes.awaitDeath(server);
            assertThat(recorded.output()).containsOnlyOnce("got TERM");
            assertNextStartTakesOverTheFileOf(launcher);
        }
    }

    /** Also who closed all that it inherited, as what Node starts does. */
    @Test
    void wholeProcessGroupGetsIt() throws IOException {
        List<String> server = List.of(
                "sh",
                "-c",
                "sh -c 'trap \"echo worker >&2; exit 0\" TERM; echo child $$ >&2;"
                        + " while :; do sleep 0.1; done' 3>&- 4>&- 5>&- & trap 'echo server >&2; wait; exit 0' TERM; echo ready $$ >&2; wait");
        List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>>'" + recorded.file() + "'", "sh"));
        words.addAll(server);
        try (Child launcher = Launcher.in(locks).run(List.of(), words)) {
            long main = recorded.awaitServer();
            long worker = recorded.awaitPid("child");
            kill(launcher);
            Processes.awaitDeath(main);
            Processes.awaitDeath(worker);
            assertThat(recorded.output()).contains("server\n", "worker\n");
            assertNextStartTakesOverTheFileOf(launcher);
        }
    }

    /** What left the group is not reached, and keeps the next start from running a second server beside it. */
    @Test
    void whatLeftTheProcessGroupIsNotReachedAndKeepsTheLock() {
        try (Child launcher = start("TERM", "setsid")) {
            long server = recorded.awaitServer();
            long child = recorded.awaitPid("child");
            kill(launcher);
            Processes.awaitDeath(server);
            assertOrphanIsNamed(child);
            try (Child forced = Launcher.in(locks).run(List.of("--force", "--grace", "200ms"), List.of("true"))) {
                assertThat(forced.awaitExit()).as("%s", forced).isZero();
            }
            assertThat(Processes.isAlive(child)).isFalse();
        }
    }

    @Test
    void launcherThatIsKilledWhileItStopsItsServerSendsASecondTerm() {
        try (Child launcher = start("TERM", "ignore=HUP,TERM")) {
            long server = recorded.awaitServer();
            launcher.signal("HUP");
            await().until(() -> recorded.output().contains("got HUP"));
            kill(launcher);
            await().until(() -> recorded.output().contains("got TERM"));
            assertOrphanIsNamed(server);
        }
    }

    @Test
    void launcherThatEndsInOrderSendsNothing() {
        try (Child launcher = start("TERM", "ignore=TERM,HUP", "slow=100")) {
            long server = recorded.awaitServer();
            launcher.signal("INT");
            assertThat(launcher.awaitExit()).isZero();
            assertThat(Processes.isAlive(server)).isFalse();
            assertThat(recorded.output()).containsOnlyOnce("got").contains("got INT");
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    @Test
    void socketsThatArePassedOnStayWhereTheyAreBelowIt() throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "perl",
                "-e",
                // descriptors 3 and 4, as systemd passes sockets
                "open(A, '<', '/dev/null'); open(B, '<', '/dev/zero'); $^F = 9; use POSIX; dup2(fileno(A), 10);"
                        + " dup2(fileno(B), 11); dup2(10, 3); dup2(11, 4); POSIX::close($_) for 5..30;"
                        + " $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 2; exec { $ARGV[0] } @ARGV or die",
                Launcher.executable().toString()));
        words.addAll(List.of("run", "--lock-dir", locks.toString(), "-n", "orders", "--"));
        words.addAll(recorded.command());
        try (Child launcher = Child.start(new ProcessBuilder(words))) {
            long server = recorded.awaitServer();
            assertThat(descriptor(server, 3)).isEqualTo("/dev/null");
            assertThat(descriptor(server, 4)).isEqualTo("/dev/zero");
            kill(launcher);
            Processes.awaitDeath(server);
            assertThat(recorded.output()).containsOnlyOnce("got TERM");
        }
    }

    private static String descriptor(long pid, int fd) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + fd)).toString();
    }

    private Child start(String deathSignal, String... arguments) {
        List<String> options = deathSignal.isEmpty()
                ? List.of("--grace", "1s")
                : List.of("--grace", "1s", "--death-signal", deathSignal);
        return Launcher.in(locks).run(options, recorded.command(arguments));
    }

    /** Once it has said what its server shall get then, and only then has written down who that is. */
    private void kill(Child launcher) {
        Launcher.in(locks).awaitRecordedServer("orders");
        Processes.signal(launcher.pid(), "KILL");
        assertThat(launcher.awaitExitWithoutOutput()).isEqualTo(137);
    }

    private void assertNextStartTakesOverTheFileOf(Child launcher) {
        try (Child next = Launcher.in(locks).run(List.of(), List.of("echo", "next"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
            assertThat(next.stdout()).isEqualTo("next\n");
            assertThat(next.stderr()).contains("overwriting the stale record", "pid=" + launcher.pid());
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    private void assertOrphanIsNamed(long pid) {
        try (Child next = Launcher.in(locks).run(List.of(), List.of("echo", "next"))) {
            assertThat(next.awaitExit()).as("%s", next).isEqualTo(75);
            assertThat(next.stdout()).isEmpty();
            assertThat(next.stderr()).contains("pid " + pid, "orphaned");
        }
        assertThat(Processes.isAlive(pid)).isTrue();
    }
}
