package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.DrivenServer;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.SocketLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a server shows that it is ready and alive: sd_notify(3), a port, a URL, a line of its output. */
@Timeout(180)
class ReadinessIT {
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
        return launcher.run(List.of(options), server.command());
    }

    private static int freePort() {
        try {
            return SocketLoad.freePort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void serverThatNotifiesIsReadyReloadingAndStoppingWhenItSaysSo() {
        // The grace counts from when it says that it stops, and a look at that takes its time.
        try (Child run = run("--ready-timeout", "50s", "--grace", "5m")) {
            run.awaitServer();
            launcher.awaitState("orders", "starting");
            server.tell("send STATUS=warming up\\nX_OTHER=1");
            await().untilAsserted(() -> assertThat(launcher.statusJson("orders"))
                    .contains("\"statusText\":\"warming up\"", "\"state\":\"starting\""));
            server.tell("send READY=1\\nSTATUS=serving \u001b[2J");
            run.awaitErr("\"orders\" is ready");
            launcher.awaitState("orders", "ready");
            assertThat(launcher.statusJson("orders")).contains("\"statusText\":\"serving ?[2J\"");
            server.tell("send RELOADING=1");
            launcher.awaitState("orders", "reloading");
            server.tell("send READY=1");
            launcher.awaitState("orders", "ready");
            server.tell("send STOPPING=1");
            launcher.awaitState("orders", "stopping");
            server.tell("exit 3");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(3);
        }
    }

    @Test
    void serverThatNotifiesNeedsNoOption() {
        try (Child run = run()) {
            run.awaitServer();
            launcher.awaitState("orders", "running");
            server.tell("send READY=1");
            launcher.awaitState("orders", "ready");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    @Test
    void serverThatIsNotReadyInTimeIsStoppedAndHasFailed() {
        try (Child run = run("--ready-timeout", "2s")) {
            run.awaitServer();
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(69);
            assertThat(run.stdout()).contains("got TERM");
            assertThat(run.stderr()).contains("reason=not-ready");
            assertThat(launcher.leftovers()).containsExactly("commands.fifo");
        }
    }

    @Test
    void serverThatNeedsLongerMayAskForIt() {
        server.tell("send EXTEND_TIMEOUT_USEC=30000000"); // what the server reads first
        try (Child run = run("--ready-timeout", "2s")) {
            run.awaitOut("sent");
            // Nothing tells that a time-out did not happen, but its time: see that it is over.
            assertThat(run.endsWithin(Duration.ofMillis(2500))).as("%s", run).isFalse();
            server.tell("send READY=1");
            launcher.awaitState("orders", "ready");
        }
    }

    @Test
    void watchdogEndsAServerThatFallsSilent() {
        try (Child run = run("--watchdog", "1s", "--ready-timeout", "20s")) {
            assertThat(run.awaitOut("watchdog (.*)")).isEqualTo("1000000 none");
            server.tell("send READY=1");
            run.awaitErr("\"orders\" is ready");
            server.tell("send WATCHDOG=1");
            run.awaitOut("got ABRT");
            server.tell("exit 0");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(69);
            assertThat(run.stderr()).contains("signal=SIGABRT", "reason=watchdog");
        }
    }

    @Test
    void serverThatSaysThatItIsStuckIsEndedAtOnce() {
        try (Child run = run("--watchdog", "50s")) {
            run.awaitServer();
            server.tell("send WATCHDOG=trigger");
            run.awaitOut("got ABRT");
            server.tell("exit 9");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(9);
        }
    }

    @Test
    void portCountsOnlyWhenThisServerListensOnIt() throws IOException {
        int port;
        try (ServerSocket other = new ServerSocket(freePort(), 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            try (Child run = run("--ready-port", Integer.toString(port), "--ready-timeout", "400ms")) {
                assertThat(run.awaitExit()).as("a stranger listens: %s", run).isEqualTo(69);
            }
        }
        try (Child run = run("--ready-port", Integer.toString(port), "--ready-timeout", "20s")) {
            run.awaitServer();
            server.tell("send READY=1"); // not what was asked for
            run.awaitOut("sent");
            launcher.awaitState("orders", "starting");
            server.tell("listen " + port);
            launcher.awaitState("orders", "ready");
        }
    }

    @Test
    void urlMustBeAnsweredWell() {
        int port = freePort();
        launcher.env("TEST_PORT", Integer.toString(port));
        try (Child run = run("--ready-http", "http://127.0.0.1:" + port + "/health", "--ready-timeout", "20s")) {
            run.awaitServer();
            server.tell("http 503");
            run.awaitOut("port " + port);
            launcher.awaitState("orders", "starting");
            server.tell("http 204");
            launcher.awaitState("orders", "ready");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    @Test
    void lineOfTheOutputTells() {
        try (Child run = run("--ready-log", "Listening on .*:\\d+", "--ready-timeout", "20s")) {
            run.awaitServer();
            server.tell("print Listening on nothing");
            run.awaitOut("nothing");
            launcher.awaitState("orders", "starting");
            server.tell("warn [info] Listening on 0.0.0.0:8080");
            run.awaitErr("Listening on 0.0.0.0:8080");
            launcher.awaitState("orders", "ready");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    /** Through the launcher's hands, and still byte for byte: all of it, in order, to the last one before the end. */
    @Test
    void outputThatIsLookedThroughArrivesWhole() {
        List<String> options = new ArrayList<>(List.of("--ready-log", "never"));
        List<String> flood =
                List.of("perl", "-e", "$|=1; for (1..300000) { print \"line $_\\n\" } print STDERR \"end\"");
        try (Child run = launcher.run(options, flood)) {
            assertThat(run.awaitExit()).as("exit").isZero();
            StringBuilder expected = new StringBuilder();
            for (int i = 1; i <= 300_000; i++) {
                expected.append("line ").append(i).append('\n');
            }
            assertThat(run.stdout().equals(expected.toString())).as("whole").isTrue();
            assertThat(run.stderr()).isEqualTo("end");
        }
    }

    /** With a client on stdio, stdout is the protocol's and is not touched. */
    @Test
    void stdoutOfAStdioServerIsNotLookedThrough() {
        try (Child run = run("--transport", "stdio", "--ready-log", "up", "--ready-timeout", "20s")) {
            long pid = run.awaitServer();
            server.tell("print up");
            run.awaitOut("up");
            assertThat(Processes.descriptor(pid, 1)).isEqualTo(Processes.descriptor(run.pid(), 1));
            assertThat(Processes.descriptor(pid, 2)).startsWith("pipe:");
            launcher.awaitState("orders", "starting");
            server.tell("warn up");
            launcher.awaitState("orders", "ready");
        }
    }

    @Test
    void anotherMainProcessTakesTheServersPlace() {
        try (Child run = run()) {
            run.awaitServer();
            server.tell("main");
            long main = Long.parseLong(run.awaitOut("main (\\d+)"));
            await().untilAsserted(
                            () -> assertThat(launcher.statusJson("orders")).contains("\"serverPid\":" + main));
            server.tell("exit 0"); // the one that was started ends, and the server lives on
            await().until(() -> Processes.descendants(run.pid()).size() == 1);
            assertThat(run.isAlive()).isTrue();
            run.signal("USR1");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(7);
        }
    }

    @Test
    void anotherMainProcessGetsTheDeathSignal() {
        try (Child run = run()) {
            run.awaitServer();
            server.tell("main");
            String main = run.awaitOut("main (\\d+)");
            await().untilAsserted(
                            () -> assertThat(launcher.statusJson("orders")).contains("\"serverPid\":" + main));
            run.signal("KILL");
            run.awaitOut("main got TERM");
        }
    }

    @Test
    void strangersPidIsNoMainProcess() {
        try (Child stranger = Child.start(new ProcessBuilder("sleep", "100"));
                Child run = run()) {
            long pid = run.awaitServer();
            server.tell("send MAINPID=" + stranger.pid() + "\\nREADY=1");
            launcher.awaitState("orders", "ready");
            assertThat(launcher.statusJson("orders")).contains("\"serverPid\":" + pid);
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(stranger.isAlive()).isTrue();
        }
    }

    /** As under systemd with Type=notify: what the server says goes on upwards, and READY by the launcher's judgement. */
    @Test
    void managerAboveIsTold() {
        String listener = """
                import os, socket, subprocess, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind('\\0' + sys.argv[1])
                os.environ['NOTIFY_SOCKET'] = '@' + sys.argv[1]
                p = subprocess.Popen(sys.argv[2:])
                while True:
                    print('told', s.recv(4096).decode().strip().replace('\\n', ' '), flush=True)
                """;
        List<String> words = new ArrayList<>(List.of("python3", "-c", listener, "holdfast-test-" + freePort()));
        words.addAll(launcher.wordsOfRun("--ready-timeout", "20s"));
        words.addAll(server.command());
        try (Child run = Child.start(new ProcessBuilder(words))) {
            run.awaitServer();
            server.tell("send STATUS=warm\\nMAINPID=1\\nSECRET=x");
            run.awaitOut("told STATUS=warm\n");
            server.tell("send READY=1");
            run.awaitOut("told READY=1\n");
            server.tell("send WATCHDOG=1");
            run.awaitOut("told WATCHDOG=1\n");
            server.tell("exit 0");
        }
    }

    @Test
    void serverThatSaysThatItStopsGetsTheGraceAndNoMore() {
        try (Child run = run("--grace", "300ms")) {
            run.awaitServer();
            server.tell("stubborn");
            server.tell("linger");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(137);
            assertThat(run.stderr()).contains("reason=server-stopping");
        }
    }

    /** Anybody can send to an abstract name; the kernel tells who it was. */
    @Test
    void strangersWordIsNotTaken() throws IOException {
        String say = "use Socket; my $to = $ARGV[0]; $to =~ s/^@/\\0/; socket(my $s, AF_UNIX, SOCK_DGRAM, 0);"
                + " send($s, \"READY=1\\nSTATUS=stranger\", 0, pack('Sa*', AF_UNIX, $to)) or die $!";
        try (Child run = run("--ready-timeout", "50s")) {
            long pid = run.awaitServer();
            String address = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .flatMap(all -> Arrays.stream(all.split("\0")))
                    .filter(entry -> entry.startsWith("NOTIFY_SOCKET="))
                    .map(entry -> entry.substring("NOTIFY_SOCKET=".length()))
                    .findFirst()
                    .orElseThrow();
            List<String> stranger =
                    List.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "perl", "-e", say, address);
            try (Child sender = Child.start(new ProcessBuilder(stranger))) {
                assertThat(sender.awaitExit()).as("%s", sender).isZero();
            }
            // What is sent later is heard later: when it has come, the stranger's has been passed over.
            server.tell("send STATUS=own word");
            await().untilAsserted(() -> assertThat(launcher.statusJson("orders"))
                    .contains("\"statusText\":\"own word\"", "\"state\":\"starting\""));
        }
    }

    /** The watchdog's time passes while the server is about to end by itself: nobody waits for it any more. */
    @Test
    void watchdogOfAServerThatStopsCostsNoProcessorTime() {
        try (Child run = run("--watchdog", "50s", "--grace", "5m")) {
            long pid = run.awaitServer();
            server.tell("stubborn");
            run.awaitOut("stubborn");
            server.tell("send WATCHDOG_USEC=100000\\nSTOPPING=1");
            launcher.awaitState("orders", "stopping");
            long before = Processes.processorTicks(run.pid());
            assertThat(run.endsWithin(Duration.ofMillis(1200))).as("%s", run).isFalse();
            assertThat(Processes.processorTicks(run.pid()) - before)
                    .as("ticks of 10 ms")
                    .isLessThan(40);
            Processes.signal(pid, "KILL");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(137);
        }
    }
}
