package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards what {@code --transport stdio} says: the client's leaving is a stop request. And what it does not say: without
 * it, the end of the input and the parent's death are the server's business alone.
 */
@Timeout(180)
class ClientWatchIT {
    @TempDir
    Path locks;

    /** A client of the given kind, its launcher, and its server. */
    private Child client(String kind, List<String> options, String... server) {
        List<String> words = new ArrayList<>(List.of("run", "--lock-dir", locks.toString(), "--name", "orders"));
        words.addAll(options);
        words.add("--");
        words.addAll(Launcher.server(server));
        ProcessBuilder builder = Launcher.in(locks).builder(words);
        builder.command()
                .addAll(0, List.of("perl", Launcher.resource("client.pl").toString(), kind));
        // The shell stays, and with it the pipes of the output, when the client is killed.
        builder.command().addAll(0, List.of("sh", "-c", "\"$@\" && exit; code=$?; read line; exit $code", "sh"));
        return Child.start(builder);
    }

    private static void killClient(Child client) {
        client.noteTree();
        Processes.signal(Long.parseLong(client.awaitOut("client (\\d+)")), "KILL");
    }

    private void assertNothingLeft() {
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "socketpair"})
    void serverMayEndByItselfWhenItsClientHangsUp(String kind) {
        try (Child client = client(kind, List.of("--transport=stdio", "--grace=50s"), "eof")) {
            client.awaitServer();
            client.closeStdin();
            assertThat(client.awaitExit()).as("%s", client).isZero();
            assertThat(client.stdout()).contains("eof").doesNotContain("got");
            assertNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "socketpair"})
    void serverThatGoesOnIsToldToStopAfterHalfOfTheGrace(String kind) {
        try (Child client = client(kind, List.of("--transport=stdio", "--grace=2s"), "exit=3")) {
            client.awaitServer();
            long start = System.nanoTime();
            client.closeStdin();
            assertThat(client.awaitExit()).as("%s", client).isEqualTo(3);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(client.stdout()).contains("got TERM");
            assertThat(client.stderr()).contains("hung up").contains("reason=stdin-closed");
            assertNothingLeft();
        }
    }

    @Test
    void serverThatIgnoresEverythingIsKilled() {
        try (Child client = client("pipe", List.of("--transport=stdio", "--grace=1s"), "ignore=TERM")) {
            client.awaitServer();
            client.closeStdin();
            assertThat(client.awaitExit()).as("%s", client).isEqualTo(137);
            assertThat(client.stdout()).contains("got TERM");
            assertNothingLeft();
        }
    }

    /** The client's patience is not the server's to extend: a next start waits for what is left of the one budget. */
    @Test
    void serverMayNotExtendTheOneGraceOfAClient() {
        String server = "use IO::Socket::UNIX; $| = 1; $SIG{TERM} = sub { my $s = IO::Socket::UNIX->new("
                + "Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET} =~ s/^@/\\0/r) or die;"
                + " $s->send('EXTEND_TIMEOUT_USEC=30000000'); print \"asked\\n\" }; print \"ready $$\\n\"; select undef, undef, undef, 0.1 while 1";
        try (Child run =
                Launcher.in(locks).run(List.of("--transport=stdio", "--grace=2s"), List.of("perl", "-e", server))) {
            run.awaitServer();
            run.closeStdin();
            run.awaitOut("asked");
            assertThat(run.endsWithin(Duration.ofSeconds(25))).as("%s", run).isTrue();
            assertThat(run.awaitExit()).isEqualTo(137);
            assertNothingLeft();
        }
    }

    @Test
    void signalWhileTheServerDrainsStopsIt() {
        try (Child client = client("pipe", List.of("--transport=stdio", "--grace=50s"), "exit=3")) {
            client.awaitServer();
            long launcher = Long.parseLong(client.awaitOut("launcher (\\d+)"));
            client.closeStdin();
            client.awaitErr("hung up");
            Processes.signal(launcher, "INT");
            assertThat(client.awaitExit()).as("%s", client).isEqualTo(3);
            assertThat(client.stdout()).containsOnlyOnce("got INT");
        }
    }

    /** Stdin is /dev/null, which never hangs up: only the parent's death tells. */
    @Test
    void killedParentStopsTheServer() {
        try (Child client = client("null", List.of("--transport=stdio", "--grace=50s"), "exit=3")) {
            long server = client.awaitServer();
            long launcher = Long.parseLong(client.awaitOut("launcher (\\d+)"));
            killClient(client);
            client.awaitErr("reason=parent-died");
            Processes.awaitDeath(server);
            Processes.awaitDeath(launcher);
            await().untilAsserted(this::assertNothingLeft);
        }
    }

    @Test
    void deadParentDoesNotMatterWithoutTheTransportSaid() {
        try (Child client = client("pipe", List.of("--grace=0"))) {
            client.awaitServer();
            long launcher = Long.parseLong(client.awaitOut("launcher (\\d+)"));
            killClient(client);
            askTwice(client, launcher);
            Processes.signal(launcher, "TERM");
            Processes.awaitDeath(launcher);
        }
    }

    @Test
    void closedStdinDoesNotMatterWithoutTheTransportSaid() {
        try (Child run = Launcher.in(locks).run(List.of("--grace=0"), Launcher.server())) {
            run.awaitServer();
            run.closeStdin();
            askTwice(run, run.pid());
            assertThat(run.stderr()).isEmpty();
        }
    }

    /** The launcher's loop has gone round twice when the server has answered twice; with no grace, it would be dead. */
    private static void askTwice(Child out, long launcher) {
        Processes.signal(launcher, "USR1");
        out.awaitOut("got USR1");
        Processes.signal(launcher, "USR2");
        out.awaitOut("got USR2");
    }

    @Test
    void pipelineIsReadToItsEndAndTheServerGoesOn() {
        Launcher launcher = Launcher.in(locks);
        List<String> server = List.of("sh", "-c", "cat; echo \"all read\"; kill -USR1 $PPID; exit 4");
        ProcessBuilder builder = launcher.builder(List.of("run", "--lock-dir", locks.toString(), "--grace=0", "--"));
        builder.command().addAll(server);
        builder.command().addAll(0, List.of("sh", "-c", "seq 1 5000 | \"$@\"", "sh"));
        try (Child run = Child.start(builder)) {
            int code = run.awaitExit();
            // USR1 comes back from the launcher to a shell that does not handle it, if the shell has not exited yet.
            assertThat(code).as("%s", run).isIn(4, 138);
            assertThat(run.stdout()).startsWith("1\n2\n").endsWith("\n5000\nall read\n");
        }
    }

    @Test
    void streamsPassByteForByte() throws IOException {
        byte[] bytes = new byte[5_000_000];
        new Random(5).nextBytes(bytes);
        Path input = locks.resolve("input");
        Path output = locks.resolve("output");
        Files.write(input, bytes);
        Launcher launcher = Launcher.in(locks);
        ProcessBuilder builder =
                launcher.builder(List.of("run", "--lock-dir", locks.toString(), "--log-level=info", "--", "cat"));
        String script = "in=$1 out=$2; shift 2; cat \"$in\" | \"$@\" | cat >\"$out\"";
        builder.command().addAll(0, List.of("sh", "-c", script, "sh", input.toString(), output.toString()));
        try (Child run = Child.start(builder)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(Files.mismatch(input, output)).isEqualTo(-1);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr()).isEmpty();
        }
    }

    @Test
    void nothingOfTheLauncherIsOnStdout() {
        Launcher launcher = Launcher.in(locks);
        List<String> options = List.of("--log-level=debug", "--transport=stdio", "--grace=200ms");
        try (Child run = launcher.run(options, List.of("sh", "-c", "trap '' TERM; echo ready; exec sleep 1000"))) {
            run.awaitOut("ready");
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(137);
            assertThat(run.stdout()).isEqualTo("ready\n");
            assertThat(run.stderr()).contains("DEBUG").contains("killing");
        }
    }
}
