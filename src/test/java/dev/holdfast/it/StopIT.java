package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards "bounded stop" and "no lost signal": every signal reaches the server once, every stop ends in time, and
 * nothing of the server's tree or of the lock is left.
 */
@Timeout(180)
class StopIT {
    /** Longer than any of these tests: who waits for it fails. */
    private static final String LONG_GRACE = "--grace=50s";

    @TempDir
    Path locks;

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    private void assertStopped(Launcher launcher, Child run, int code) {
        assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
        assertThat(launcher.leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "QUIT", "HUP"})
    void stopSignalReachesTheServerOnceAndItsCodeIsPassedOn(String signal) {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(LONG_GRACE), Launcher.server("exit=42"))) {
            long server = run.awaitServer();
            run.signal(signal);
            assertStopped(launcher, run, 42);
            assertThat(run.stdout().replaceAll("got CONT\n", ""))
                    .endsWith("ready " + server + "\ngot " + signal + "\n");
            assertThat(Processes.isAlive(server)).isFalse();
        }
    }

    @Test
    void serverThatDiesOfTheSignalGivesTheShellsCode() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(), List.of("sh", "-c", "echo ready $$; exec sleep 1000"))) {
            run.awaitServer();
            run.signal("TERM");
            assertStopped(launcher, run, 143);
        }
    }

    @Test
    void serverThatIgnoresTheSignalIsKilledAtTheEndOfTheGrace() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--grace=700ms"), Launcher.server("ignore=TERM"))) {
            run.awaitServer();
            long start = System.nanoTime();
            run.signal("TERM");
            assertStopped(launcher, run, 137);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
            assertThat(run.stderr()).contains("signal=SIGKILL").contains("grace over");
        }
    }

    @Test
    void repeatedSignalIsForwardedAndEndsNothingBeforeTheGraceDoes() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--grace=50s"), Launcher.server("ignore=TERM,INT"))) {
            long server = run.awaitServer();
            run.signal("TERM");
            run.awaitOut("got TERM");
            run.signal("INT");
            run.awaitOut("got INT");
            for (int repeat = 2; repeat <= 8; repeat++) {
                run.signal("TERM");
                run.awaitOut("(?s)(got TERM.*){" + repeat + "}");
            }
            assertThat(Processes.isAlive(server)).isTrue();
            Processes.signal(server, "KILL"); // what the end of the grace does is seen in shorter ones
            assertStopped(launcher, run, 137);
            assertThat(count(run.stderr(), "stopping \"orders\"")).isEqualTo(1);
        }
    }

    @Test
    void stopSignalOptionReplacesTheReceivedOne() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--stop-signal=INT", LONG_GRACE), Launcher.server("exit=7"))) {
            run.awaitServer();
            run.signal("TERM");
            assertStopped(launcher, run, 7);
            assertThat(run.stdout()).contains("got INT").doesNotContain("got TERM");
        }
    }

    @Test
    void graceOfZeroKillsAtOnce() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--grace=0"), Launcher.server("ignore=TERM"))) {
            run.awaitServer();
            run.signal("TERM");
            assertStopped(launcher, run, 137);
        }
    }

    @ForEachJava
    void otherSignalsAreForwardedOnceAndDoNotStop(Path home) {
        Launcher launcher = Launcher.in(locks).java(home);
        String server = "$| = 1; use POSIX (); "
                + "for my $n (10, 12, 14, 28, 34, 40, 64) { POSIX::sigaction($n, POSIX::SigAction->new("
                + "sub { print \"<$n>\\n\" }, POSIX::SigSet->new, POSIX::SA_RESTART)) }"
                + "$SIG{TERM} = sub { exit 5 }; print \"ready $$\\n\"; select undef, undef, undef, 0.1 while 1";
        try (Child run = launcher.run(List.of(LONG_GRACE), List.of("perl", "-e", server))) {
            run.awaitServer();
            for (int number : new int[] {10, 12, 14, 28, 34, 40, 64}) {
                run.signal(Integer.toString(number));
                run.awaitOut("<" + number + ">");
            }
            assertThat(run.isAlive()).isTrue();
            run.signal("TERM");
            assertStopped(launcher, run, 5);
            assertThat(run.stdout()).doesNotContainPattern("(?s)<(\\d+)>.*<\\1>");
        }
    }

    @Test
    void stubbornChildrenOfAStoppedServerAreKilled() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--grace=1s"), Launcher.server("child", "setsid", "exit=9"))) {
            run.awaitServer();
            run.awaitOut("(?s)child \\d+.*child \\d+");
            long first = Long.parseLong(run.awaitOut("child (\\d+)"));
            long second = Long.parseLong(run.awaitOut("(?s)child \\d+.*child (\\d+)"));
            long start = System.nanoTime();
            run.signal("TERM");
            assertStopped(launcher, run, 9);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(Processes.isAlive(first) || Processes.isAlive(second)).isFalse();
            assertThat(run.stderr()).contains("stopping 2 processes that \"orders\" left behind");
        }
    }

    @Test
    void stubbornChildrenOfAKilledServerAreKilledWithIt() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--grace=300ms"), Launcher.server("child", "setsid", "ignore=TERM"))) {
            run.awaitServer();
            run.awaitOut("(?s)child \\d+.*child \\d+");
            long first = Long.parseLong(run.awaitOut("child (\\d+)"));
            long second = Long.parseLong(run.awaitOut("(?s)child \\d+.*child (\\d+)"));
            run.signal("TERM");
            assertStopped(launcher, run, 137);
            assertThat(Processes.isAlive(first) || Processes.isAlive(second)).isFalse();
        }
    }

    @Test
    void whatAServerLeavesBehindIsStoppedAndItsOwnCodeIsPassedOn() {
        Launcher launcher = Launcher.in(locks);
        String script = "perl \"$0\" child & read line; exit 7";
        List<String> command =
                List.of("sh", "-c", script, Launcher.resource("server.pl").toString());
        try (Child run = launcher.run(List.of("--grace=500ms"), command)) {
            long daemon = run.awaitServer();
            long child = Long.parseLong(run.awaitOut("child (\\d+)"));
            long start = System.nanoTime();
            run.closeStdin();
            assertStopped(launcher, run, 7);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            assertThat(run.stdout()).contains("got TERM");
            assertThat(Processes.isAlive(daemon) || Processes.isAlive(child)).isFalse();
        }
    }

    @Test
    void aDeadChildLeftUnreapedIsNotTalkedAbout() {
        Launcher launcher = Launcher.in(locks);
        String server = "if (!fork) { exit 0 } select undef, undef, undef, 0.1; exit 3";
        try (Child run = launcher.run(List.of(), List.of("perl", "-e", server))) {
            assertStopped(launcher, run, 3);
            assertThat(run.stderr()).isEmpty();
        }
    }

    @Test
    void stoppedServerCanBeStoppedForGood() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(LONG_GRACE), Launcher.server("exit=4"))) {
            long server = run.awaitServer();
            Processes.signal(server, "STOP");
            await().until(() -> Processes.stat(server).orElseThrow()[0].equals("T"));
            run.signal("TERM");
            assertStopped(launcher, run, 4);
            assertThat(run.stdout()).contains("got TERM");
        }
    }

    /** Without a terminal there is nobody who would continue the launcher, if it stopped with its server. */
    @Test
    void launcherOfASuspendedServerStaysAwake() {
        Launcher launcher = Launcher.in(locks);
        ProcessBuilder builder = launcher.builder(words("--grace=50s", Launcher.server("exit=4")));
        builder.command().add(0, "setsid");
        try (Child run = Child.start(builder)) {
            long server = run.awaitServer();
            run.signal("TSTP");
            await().until(() -> Processes.stat(server).orElseThrow()[0].equals("T"));
            run.signal("TERM");
            assertStopped(launcher, run, 4);
        }
    }

    @Test
    void auditLineNamesSignalAndSender() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of(), Launcher.server())) {
            long server = run.awaitServer();
            try (Child sender = Child.start(new ProcessBuilder(
                    "sh", "-c", "echo \"$$ $(id -u)\"; kill -HUP \"$0\"", Long.toString(run.pid())))) {
                sender.awaitExit();
                assertStopped(launcher, run, 0);
                String[] who = sender.stdout().trim().split(" ");
                assertThat(run.stderr())
                        .containsPattern("^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d] \\[INFO] \\[" + run.pid()
                                + "-[0-9a-f]{8}] stopping \"orders\" pid=" + server
                                + " signal=SIGHUP grace=5s reason=SIGHUP from=" + who[0] + " uid=" + who[1] + "\n");
            }
        }
    }

    private List<String> words(String option, List<String> command) {
        return Stream.of(
                        List.of("run", "--lock-dir", locks.toString(), "--name", "orders"),
                        List.of(option),
                        List.of("--"),
                        command)
                .flatMap(List::stream)
                .toList();
    }

    /** Starts the launcher by a Perl program that prepares its own process and then becomes the launcher. */
    private Child prepared(Launcher launcher, String perl, String option, List<String> command) {
        ProcessBuilder builder = launcher.builder(words(option, command));
        builder.command().addAll(0, List.of("perl", "-e", perl + "; exec @ARGV; die"));
        return Child.start(builder);
    }

    private static final String FULL_STDERR = "use Fcntl; $^F = 99; pipe R, W; open STDERR, '>&W';"
            + "my $flags = fcntl STDERR, F_GETFL, 0; fcntl STDERR, F_SETFL, $flags | O_NONBLOCK;"
            + "1 while syswrite STDERR, 'x' x 4096; 1 while syswrite STDERR, 'x';"
            + "fcntl STDERR, F_SETFL, $flags";
    private static final String DEAD_STDERR = "pipe R, W; open STDERR, '>&W'; close R; close W";

    @ParameterizedTest
    @ValueSource(strings = {"--log-format=text", "--log-format=json"})
    void stderrThatNobodyReadsHoldsUpNoStop(String format) {
        Launcher launcher = Launcher.in(locks);
        try (Child run = prepared(launcher, FULL_STDERR, format, Launcher.server("exit=6"))) {
            run.awaitServer();
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(6);
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--log-format=text", "--log-format=json"})
    void deadStderrBringsTheServerNoBrokenPipeSignal(String format) {
        Launcher launcher = Launcher.in(locks);
        String server =
                "$| = 1; $SIG{PIPE} = sub { print \"got PIPE\\n\" }; $SIG{USR1} = sub { print \"got USR1\\n\" };"
                        + "$SIG{TERM} = sub { print \"got TERM\\n\" }; $SIG{INT} = sub { exit 6 };"
                        + "print \"ready $$\\n\"; select undef, undef, undef, 0.1 while 1";
        try (Child run = prepared(launcher, DEAD_STDERR, format, List.of("perl", "-e", server))) {
            run.awaitServer();
            run.signal("TERM");
            run.awaitOut("got TERM");
            run.signal("USR1"); // comes behind whatever the first audit line has brought
            run.awaitOut("got USR1");
            run.signal("INT");
            assertStopped(launcher, run, 6);
            assertThat(run.stdout()).doesNotContain("got PIPE");
        }
    }

    @Test
    void closedStderrHoldsUpNoStop() {
        Launcher launcher = Launcher.in(locks);
        try (Child run = prepared(launcher, "close STDERR", LONG_GRACE, Launcher.server("exit=6"))) {
            run.awaitServer();
            run.signal("TERM");
            assertStopped(launcher, run, 6);
        }
    }

    @Test
    void hangUpIgnoredByTheCallerStaysIgnored() {
        Launcher launcher = Launcher.in(locks);
        List<String> command = List.of("sh", "-c", "echo ready $$; exec sleep 1000");
        try (Child run = prepared(launcher, "$SIG{HUP} = 'IGNORE'", LONG_GRACE, command)) {
            long server = run.awaitServer();
            run.signal("HUP");
            assertThat(Processes.statusLine(server, "SigIgn")).endsWith("1");
            Processes.signal(server, "HUP");
            run.signal("TERM");
            assertStopped(launcher, run, 143);
            assertThat(run.stderr()).doesNotContain("SIGHUP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "QUIT"})
    void keyboardSignalsIgnoredByTheCallerAreHonouredAllTheSame(String signal) {
        Launcher launcher = Launcher.in(locks);
        List<String> command = List.of("sh", "-c", "echo ready $$; exec sleep 1000");
        String ignoring = "$SIG{$_} = 'IGNORE' for qw(INT QUIT TERM PIPE CHLD TSTP USR1)";
        try (Child run = prepared(launcher, ignoring, LONG_GRACE, command)) {
            long server = run.awaitServer();
            assertCleanSignals(server);
            run.signal(signal);
            assertStopped(launcher, run, signal.equals("INT") ? 130 : 131);
        }
    }

    @ForEachJava
    void serverStartsWithCleanSignalsAndOnlyItsDescriptors(Path home) throws IOException {
        Launcher launcher = Launcher.in(locks).java(home);
        List<String> command = List.of("sh", "-c", "echo ready $$; exec sleep 1000");
        try (Child run = launcher.run(List.of(), command)) {
            long server = run.awaitServer();
            await().until(() ->
                    Files.readString(Path.of("/proc/" + server + "/comm")).equals("sleep\n"));
            assertCleanSignals(server);
            // The lock, the interlock, and what tells of the launcher's death. A program that begins has more for a
            // moment.
            await().untilAsserted(
                            () -> assertThat(descriptors(server)).hasSize(6).contains("0", "1", "2"));
            run.signal("TERM");
            assertStopped(launcher, run, 143);
            Processes.awaitDeath(server);
        }
    }

    private static List<String> descriptors(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.map(fd -> fd.getFileName().toString()).toList();
        }
    }

    /** Bits 32 and 33 are the C library's own: its posix_spawn leaves them ignored. */
    private static void assertCleanSignals(long pid) {
        assertThat(Processes.statusLine(pid, "SigBlk")).isEqualTo("0000000000000000");
        long ignored = Long.parseUnsignedLong(Processes.statusLine(pid, "SigIgn"), 16);
        assertThat(ignored & ~0x180000000L).as("SigIgn %x", ignored).isZero();
    }
}
