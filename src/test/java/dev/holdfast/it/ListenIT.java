package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.SocketLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets that the launcher owns: no connection is refused while one server ends and the next one starts. */
@Timeout(180)
class ListenIT {
    private static final int UNAVAILABLE = 69;
    private static final int CANNOT_CREATE = 73;
    private static final int UNSAFE = 77;
    private static final int NOT_RUNNABLE = 126;

    @TempDir
    Path locks;

    private Launcher launcher() {
        return Launcher.in(locks);
    }

    private static List<String> listener(String... arguments) {
        return Stream.concat(Stream.of("perl", Launcher.resource("listener.pl").toString()), Stream.of(arguments))
                .toList();
    }

    private Child command(String... words) {
        return launcher()
                .command(Stream.concat(Stream.of(words), Stream.of("orders", "--lock-dir", locks.toString()))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void serverGetsThemInTheirOrder(String handOff) throws IOException {
        int port = SocketLoad.freePort();
        Path path = locks.resolve("web.sock");
        List<String> options =
                List.of("--handoff", handOff, "--listen", "web=127.0.0.1:" + port, "--listen", path.toString());
        String server = "print readlink(\"/proc/$$/fd/$_\") =~ /socket/ ? \"$_ \" : '- ' for 3 .. 5; exec @ARGV";
        List<String> command = Stream.concat(Stream.of("perl", "-e", "$| = 1; " + server), listener().stream())
                .toList();
        try (Child run = launcher().env("HOLDFAST_LISTEN", "1").run(options, command)) {
            run.awaitOut("3 4 - listening LISTEN_FDS=2 LISTEN_FDNAMES=web:unknown HOLDFAST_LISTEN= mine");
            String pid = SocketLoad.get("127.0.0.1", port);
            assertThat(pid.equals(Long.toString(run.pid()))).isEqualTo(handOff.equals("exec"));
            assertThat(path).exists();
            run.terminate();
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
        assertThat(Files.exists(path)).as("after an exec nobody removes it").isEqualTo(handOff.equals("exec"));
    }

    @Test
    void bothFamiliesOfAllAddressesAreServedByOneSocket() throws IOException {
        int port = SocketLoad.freePort();
        try (Child run = launcher().run(List.of("--listen", Integer.toString(port)), listener())) {
            run.awaitOut("listening LISTEN_FDS=1 ");
            assertThat(SocketLoad.get("127.0.0.1", port)).matches("[0-9]+");
            if (Files.exists(Path.of("/proc/net/if_inet6"))
                    && Files.readString(Path.of("/proc/net/if_inet6")).contains(" lo")) {
                assertThat(SocketLoad.get("::1", port)).matches("[0-9]+");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void onlySocketCanBeStdin(String handOff) throws IOException {
        int port = SocketLoad.freePort();
        List<String> options = List.of("--handoff", handOff, "--listen", "127.0.0.1:" + port, "--listen-stdin");
        try (Child run = launcher().run(options, listener("0"))) {
            run.awaitOut("listening LISTEN_FDS= LISTEN_FDNAMES= ");
            assertThat(SocketLoad.get("127.0.0.1", port)).matches("[0-9]+");
        }
    }

    /** The JVM's own files have the low numbers, and are needed again when the exec fails. */
    @Test
    void execThatFailsIsToldAsEver() throws IOException {
        Path script = Files.writeString(locks.resolve("broken"), "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        String sockets = IntStream.range(0, 12)
                .mapToObj(n -> locks.resolve("s" + n).toString())
                .collect(Collectors.joining(","));
        List<String> options = List.of("--handoff", "exec", "--listen", sockets);
        try (Child run = launcher().run(options, List.of(script.toString()))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(NOT_RUNNABLE);
            assertThat(run.stderr()).contains("broken").doesNotContain("NoClassDefFoundError");
        }
    }

    @Test
    void connectionWaitsThroughABackOff() throws IOException {
        int port = SocketLoad.freePort();
        Path began = locks.resolve("began");
        List<String> options =
                List.of("--listen", "127.0.0.1:" + port, "--restart", "on-failure", "--restart-delay", "400ms");
        String server = "[ -e \"$0\" ] && exec \"$@\"; : >\"$0\"; exit 3";
        List<String> command = Stream.concat(Stream.of("sh", "-c", server, began.toString()), listener().stream())
                .toList();
        try (Child run = launcher().run(options, command)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(began));
            assertThat(SocketLoad.get("127.0.0.1", port)).matches("[0-9]+");
            run.awaitErr("code=3");
        }
    }

    /** The flag belongs to the open socket, not to the server that sets it: Node does, and Python does not expect it. */
    @Test
    void eachServerFindsTheSocketBlocking() throws IOException {
        String server = "use Fcntl; open(my $s, '+<&=', 3); my $f = fcntl($s, F_GETFL, 0);"
                + " print $f & O_NONBLOCK ? \"non-blocking\\n\" : \"blocking\\n\"; fcntl($s, F_SETFL, $f | O_NONBLOCK); exit 3";
        List<String> options = List.of(
                "--listen",
                "127.0.0.1:" + SocketLoad.freePort(),
                "--restart",
                "on-failure",
                "--restart-limit",
                "2",
                "--restart-delay",
                "10ms");
        try (Child run = launcher().run(options, List.of("perl", "-e", server))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(3);
            assertThat(run.stdout()).isEqualTo("blocking\nblocking\nblocking\n");
        }
    }

    @Test
    void whoHasTheAddressIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + other.getLocalPort();
            try (Child run = launcher().run(List.of("--listen", address), List.of("echo", "ran"))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(UNAVAILABLE);
                assertThat(run.stdout()).isEmpty();
                assertThat(run.stderr())
                        .isEqualTo("holdfast: cannot listen on " + address + ": pid "
                                + ProcessHandle.current().pid() + " (\"java\") listens there already\n");
            }
        }
        assertThat(launcher().leftovers()).isEmpty();
    }

    /** In a network namespace of its own: a container may have freed all ports in its. */
    @Test
    void lowPortsNeedTheRight() {
        Programs.require("setpriv");
        List<String> options = List.of("--listen", "0.0.0.0:1023");
        try (Child run = launcher()
                .below("unshare", "-n", "setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service")
                .run(options, List.of("echo", "ran"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(UNSAFE);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr()).contains("cannot listen on 0.0.0.0:1023: ports below 1024 are for root");
        }
    }

    @Test
    void explainShowsThem() {
        try (Child run = launcher().run(List.of("--explain", "--listen", "web=8080,/run/x"), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout())
                    .containsPattern("sockets +opened before the server runs.*: 8080, /run/x; .*LISTEN_FDS");
        }
    }

    @Test
    void onlyADeadSocketOfOursIsReplaced() throws IOException {
        Path path = locks.resolve("web.sock");
        List<String> options = List.of("--listen", path.toString());
        try (ServerSocketChannel living = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            living.bind(UnixDomainSocketAddress.of(path));
            try (Child run = launcher().run(options, List.of("echo", "ran"))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(UNAVAILABLE);
                assertThat(run.stderr())
                        .contains("pid " + ProcessHandle.current().pid() + " listens there already");
            }
        }
        assertThat(path).as("left by its dead listener").exists();
        try (Child run = launcher().run(options, listener())) {
            run.awaitOut("listening");
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                assertThat(client.isConnected()).isTrue();
            }
            run.terminate();
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
        Files.writeString(path, "precious");
        try (Child run = launcher().run(options, List.of("echo", "ran"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(CANNOT_CREATE);
            assertThat(run.stderr()).contains("a regular file stands there");
        }
        assertThat(path).hasContent("precious");
    }

    /** The first server never accepts: what waits in its backlog would be reset if the socket closed. */
    @Test
    void forcedStartServesWhatWaitedForTheServerBefore() throws IOException {
        int port = SocketLoad.freePort();
        Path path = locks.resolve("web.sock");
        List<String> options = List.of("--listen", path + ",127.0.0.1:" + port);
        try (Child first = launcher().run(options, Launcher.server())) {
            first.awaitServer();
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(locks.resolve("orders.sock")));
            try (Socket client = SocketLoad.connect("127.0.0.1", port);
                    Child second = launcher()
                            .run(List.of("--force", "--listen", "127.0.0.1:" + port + "," + path), listener())) {
                second.awaitOut("listening");
                assertThat(SocketLoad.exchange(client)).as("%s", first).matches("[0-9]+");
                first.awaitExit();
                assertThat(first.stderr()).contains("handing over 2 listening sockets reason=sockets from=");
                assertThat(path).as("its file is the second one's now").exists();
                second.terminate();
                assertThat(second.awaitExit()).as("%s", second).isZero();
                assertThat(path).doesNotExist();
            }
        }
    }

    /** A launcher that is stopped answers nothing; it is ended by signals, and the address is opened anew. */
    @Test
    @Tag("long")
    void holderThatDoesNotAnswerIsEndedAllTheSame() throws IOException {
        int port = SocketLoad.freePort();
        List<String> options = List.of("--grace", "200ms", "--listen", "127.0.0.1:" + port);
        try (Child first = launcher().run(options, Launcher.server())) {
            first.awaitServer();
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(locks.resolve("orders.sock")));
            Processes.stop(first.pid());
            try (Child second = launcher().run(List.of("--force", "--listen", "127.0.0.1:" + port), listener())) {
                second.awaitOut("listening");
                assertThat(SocketLoad.get("127.0.0.1", port)).matches("[0-9]+");
            }
        }
    }

    /** As systemd passes them, and one of our own behind them. */
    @Test
    void callersSocketsComeFirst() throws IOException {
        int port = SocketLoad.freePort();
        String caller = "use Socket; use POSIX (); socket($a, AF_INET, SOCK_STREAM, 0);"
                + " bind($a, sockaddr_in(0, INADDR_LOOPBACK)); listen($a, 5);"
                + " POSIX::dup2(fileno $a, 20); POSIX::dup2(20, 3); POSIX::close(20);"
                + " $ENV{LISTEN_FDS} = 1; $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDNAMES} = 'one'; exec @ARGV";
        try (Child run = launcher()
                .below("perl", "-e", caller)
                .run(List.of("--listen", "two=127.0.0.1:" + port), listener("4"))) {
            run.awaitOut("listening LISTEN_FDS=2 LISTEN_FDNAMES=one:two HOLDFAST_LISTEN= mine");
            assertThat(SocketLoad.get("127.0.0.1", port)).matches("[0-9]+");
        }
    }

    /** A number can be one thing only in the server: what has to give way is told, and the rest is passed on. */
    @Test
    void descriptorThatGivesWayToASocketIsTold() throws IOException {
        Path socket = locks.resolve("web.sock");
        String script = "test -S /proc/self/fd/3 && cat <&4";
        Path passed = Files.writeString(locks.resolve("passed"), "passed on");
        try (Child run = launcher()
                .below("sh", "-c", "exec \"$@\" 3<" + passed + " 4<" + passed, "sh")
                .run(List.of("--listen", socket.toString()), List.of("sh", "-c", script))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("passed on");
            assertThat(run.stderr())
                    .contains("descriptor 3, which was passed on to holdfast, is not passed on to the server: ")
                    .doesNotContain("descriptor 4");
        }
    }

    /** Readiness that only the server itself can show. */
    @Test
    void backgroundStartIsReadyWhenTheServerAnswers() throws IOException {
        int port = SocketLoad.freePort();
        List<String> words = Stream.concat(
                        Stream.of(
                                "start",
                                "--name",
                                "orders",
                                "--lock-dir",
                                locks.toString(),
                                "--output",
                                locks.resolve("log").toString(),
                                "--listen",
                                "127.0.0.1:" + port,
                                "--ready-http",
                                "http://127.0.0.1:" + port + "/",
                                "--"),
                        listener().stream())
                .toList();
        try (Child start = launcher().command(words)) {
            try {
                assertThat(start.awaitExit()).as("%s", start).isZero();
                assertThat(SocketLoad.get("127.0.0.1", port)).matches("[0-9]+");
            } finally {
                try (Child stop = command("stop")) {
                    assertThat(stop.awaitExit()).as("%s", stop).isZero();
                }
            }
        }
    }

    @Test
    void noConnectionFailsWhileTheServerIsRestarted() throws IOException {
        load(1, 200, number -> List.of("restart", "orders"));
    }

    @Test
    void noConnectionFailsWhileNewVersionsAreDeployed() throws IOException {
        load(2, 200, number -> redeploy(number));
    }

    @Test
    @Tag("long")
    void noConnectionFailsInTenRedeploysAtFiveHundredRequestsASecond() throws IOException {
        load(10, 500, number -> redeploy(number));
    }

    /** Both servers accept for a while, and the one that is told to stop finishes what it has accepted. */
    @Test
    void noConnectionFailsWhileNewVersionsAreDeployedWithAnOverlap() throws IOException {
        load(2, 200, number -> redeploy(number, "--overlap"));
    }

    @Test
    @Tag("long")
    void noConnectionFailsInTenOverlapsAtFiveHundredRequestsASecond() throws IOException {
        load(10, 500, number -> redeploy(number, "--overlap"));
    }

    private static List<String> redeploy(int number, String... options) {
        List<String> words =
                new ArrayList<>(List.of("redeploy", "orders", "--settle", "0s", "--app-version", "2." + number));
        words.addAll(List.of(options));
        words.add("--");
        words.addAll(listener());
        return words;
    }

    @Test
    @Tag("long")
    void noConnectionFailsInTenRestartsAtFiveHundredRequestsASecond() throws IOException {
        load(10, 500, number -> List.of("restart", "orders"));
    }

    /** Commands that put another server into the old one's place, each while clients connect. */
    private void load(int restarts, int requestsPerSecond, IntFunction<List<String>> words) throws IOException {
        int port = SocketLoad.freePort();
        try (Child run = launcher().run(List.of("--listen", "127.0.0.1:" + port), listener())) {
            run.awaitOut("listening");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(locks.resolve("orders.sock")));
            SocketLoad load = SocketLoad.begin(port, requestsPerSecond);
            try (load) {
                for (int i = 0; i < restarts; i++) {
                    int before = load.answered();
                    await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() > before + 20);
                    List<String> command = new ArrayList<>(words.apply(i));
                    command.addAll(1, List.of("--lock-dir", locks.toString()));
                    try (Child replaced = launcher().command(command)) {
                        assertThat(replaced.awaitExit()).as("%s", replaced).isZero();
                    }
                }
                int last = load.answered();
                await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() > last + 20);
            }
            assertThat(load.failures()).as("%s", run).isEmpty();
            assertThat(run.stdout().split("listening", -1)).hasSize(restarts + 2);
            System.out.println("listen: " + load.answered() + " requests, " + restarts + " times "
                    + words.apply(0).get(0) + (words.apply(0).contains("--overlap") ? " --overlap" : "")
                    + ", 0 failed, longest wait " + load.longestMillis() + " ms");
        }
    }
}
