package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.SocketClient;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The control socket harms nobody: whatever comes in by it, and whatever stands at its path, the server runs on, signals
 * are forwarded, and what is not ours is left as it is.
 */
@Timeout(180)
class ControlSocketIT {
    private static final String STATUS = "{\"holdfast\":1,\"request\":\"status\"}";
    private static final int GARBAGE = "long".equals(System.getProperty("holdfast.stress")) ? 100_000 : 10_000;
    private static final long MOST_GROWTH_KILOBYTES = 6 * 1024;

    @TempDir
    Path locks;

    private Launcher launcher;

    @BeforeEach
    void launcher() {
        launcher = Launcher.in(locks);
    }

    private Path socket() {
        return locks.resolve("orders.sock");
    }

    private Child running(String... server) {
        Child run = launcher.run(List.of(), Launcher.server(server));
        run.awaitServer();
        // There is an instant between bind(2) and listen(2).
        await().ignoreExceptions()
                .until(() -> !SocketClient.ask(socket(), STATUS).isEmpty());
        return run;
    }

    private static void assertStops(Child run) {
        run.signal("TERM");
        assertThat(run.awaitExit()).as("%s", run).isZero();
    }

    @Test
    void socketIsItsOwnersAndGoesWithTheLock() throws IOException {
        try (Child run = running()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            assertThat(SocketClient.ask(socket(), STATUS))
                    .startsWith("{\"holdfast\":1,\"instanceId\":\"" + run.pid() + "-")
                    .contains("\"name\":\"orders\"", "\"state\":\"running\"", "\"pid\":" + run.pid())
                    .endsWith("}\n");
            long server = Processes.children(run.pid()).get(0);
            assertThat(descriptorsOf(run.pid())).contains(inode());
            assertThat(descriptorsOf(server)).doesNotContain(inode());
            assertStops(run);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    private String inode() {
        try {
            return Files.readAllLines(Path.of("/proc/net/unix")).stream()
                    .filter(line -> line.endsWith(" " + socket()))
                    .map(line -> "socket:[" + line.trim().split("\\s+")[6] + "]")
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> descriptorsOf(long pid) {
        List<String> targets = new ArrayList<>();
        String[] open = new File("/proc/" + pid + "/fd").list();
        for (String fd : open == null ? new String[0] : open) {
            try {
                targets.add(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + fd))
                        .toString());
            } catch (IOException e) {
                targets.add("closed meanwhile");
            }
        }
        return targets;
    }

    @Test
    void stopByHandNeedsNoHoldfast() throws IOException {
        try (Child run = running("exit=4")) {
            assertThat(SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"stop\"}"))
                    .contains("\"state\":\"stopping\"");
            assertThat(run.awaitExit()).isEqualTo(4);
            // The kernel knows who asked, since it was in the same namespace.
            assertThat(run.stderr())
                    .contains("reason=stop from=" + ProcessHandle.current().pid() + " uid=");
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void garbageIsAnsweredAndOversizedLinesAreCut() throws IOException {
        try (Child run = running()) {
            for (String line : List.of(
                    "",
                    "hello",
                    "{}",
                    "[1]",
                    "{\"holdfast\":1}",
                    "{\"holdfast\":2,\"request\":\"stop\"}",
                    "{\"holdfast\":1,\"request\":\"STOP\"}",
                    "{\"holdfast\":1,\"request\":\"stop\"} {}",
                    "{\"holdfast\":1,\"request\":\"stop\",\"request\":\"status\"}",
                    "{\"holdfast\":1,\"request\":\"stop\",\"x\":\"" + "y".repeat(500) + "\"}",
                    "\u0000\u001b[2J\u00ff",
                    "{".repeat(400))) {
                assertThat(SocketClient.ask(socket(), line)).as(line).contains("\"error\":");
            }
            try (SocketClient endless = SocketClient.connect(socket())) {
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 1000; i++) {
                                endless.send("x".repeat(64 * 1024));
                            }
                        })
                        .isInstanceOf(IOException.class); // hung up on
            }
            assertThat(SocketClient.ask(socket(), STATUS)).contains("\"state\":\"running\"");
            assertThat(run.stdout()).doesNotContain("got ");
            assertStops(run);
        }
    }

    @Test
    void slowAndIdleConnectionsAreClosedAndDelayNoSignal() throws IOException {
        try (Child run = running()) {
            List<SocketClient> idle = new ArrayList<>();
            try {
                // As many as are served at once, and as many as may wait.
                for (int i = 0; i < 16; i++) {
                    SocketClient client = SocketClient.connect(socket());
                    client.send("{");
                    idle.add(client);
                }
                run.signal("USR1");
                run.awaitOut("got USR1");
                for (SocketClient client : idle) {
                    assertThat(client.receive()).isEmpty();
                }
                assertThat(SocketClient.ask(socket(), STATUS)).contains("\"state\":\"running\"");
            } finally {
                for (SocketClient client : idle) {
                    client.close();
                }
            }
            try (SocketClient split = SocketClient.connect(socket())) {
                for (String c : STATUS.split("")) {
                    split.send(c);
                }
                split.send("\n");
                assertThat(split.receive()).contains("\"state\":\"running\"");
            }
            assertStops(run);
        }
    }

    @Test
    void floodOfGarbageLeavesDescriptorsAndMemoryAsTheyWere() throws IOException {
        try (Child run = running()) {
            flood(GARBAGE / 10);
            int descriptors = descriptorsOf(run.pid()).size();
            long kilobytes = anonymous(run.pid());
            flood(GARBAGE);
            run.signal("USR1");
            run.awaitOut("got USR1");
            await().untilAsserted(() ->
                    assertThat(descriptorsOf(run.pid())).as("descriptors").hasSizeLessThanOrEqualTo(descriptors));
            assertThat(anonymous(run.pid())).as("RssAnon").isLessThan(kilobytes + MOST_GROWTH_KILOBYTES);
            assertStops(run);
        }
    }

    private void flood(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            try (SocketClient client = SocketClient.connect(socket())) {
                switch (i % 4) {
                    case 0 -> client.send("garbage\n");
                    case 1 -> client.send("no newline");
                    case 2 -> client.send("x".repeat(2000));
                    default -> {
                        client.send("garbage\n");
                        assertThat(client.receive()).contains("\"error\":");
                    }
                }
            } catch (IOException e) {
                // The queue is full (EAGAIN), or we were hung up on: what a flood is told.
                assertThat(run(e)).containsAnyOf("temporarily unavailable", "reset", "Broken pipe");
            }
        }
    }

    private static String run(IOException e) {
        return String.valueOf(e.getMessage());
    }

    private static long anonymous(long pid) {
        return Long.parseLong(Processes.statusLine(pid, "RssAnon").replaceAll("\\D", ""));
    }

    @Test
    void processorRestsWhileNoDescriptorIsLeft() throws IOException {
        try (Child run = running()) {
            assertThat(SocketClient.ask(socket(), STATUS)).contains("running"); // all is loaded
            setDescriptorLimit(run.pid(), limitThatLeaves(run.pid(), 3));
            List<SocketClient> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 6; i++) {
                    waiting.add(SocketClient.connect(socket()));
                }
                long before = Processes.processorTicks(run.pid());
                run.signal("USR1");
                run.awaitOut("got USR1");
                waiting.get(5).send(STATUS + "\n");
                assertThat(waiting.get(5).receive())
                        .as("once the first ones' time is over")
                        .contains("running");
                assertThat(Processes.processorTicks(run.pid()) - before).isLessThan(40);
            } finally {
                for (SocketClient client : waiting) {
                    client.close();
                }
            }
            assertStops(run);
        }
    }

    private static int limitThatLeaves(long pid, int free) {
        int fd = 0;
        for (int left = free; left > 0; fd++) {
            boolean isOpen =
                    Files.exists(Path.of("/proc/" + pid + "/fd/" + fd), java.nio.file.LinkOption.NOFOLLOW_LINKS);
            left -= isOpen ? 0 : 1;
        }
        return fd;
    }

    private static void setDescriptorLimit(long pid, int limit) {
        List<String> words = List.of("prlimit", "--pid", Long.toString(pid), "--nofile=" + limit + ":1024");
        try (Child prlimit = Child.start(new ProcessBuilder(words))) {
            assumeTrue(prlimit.awaitExit() == 0, "needs prlimit: " + prlimit.stderr());
        }
    }

    @Test
    void strangersAreSentAwayAlsoWhenTheFileLetsThemIn() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        String talk =
                "$SIG{PIPE} = 'IGNORE'; $) = $( = 65534; $> = $< = 65534; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]);"
                        + " if (!$s) { print \"refused: $!\\n\"; exit } print $s '{\"holdfast\":1,\"request\":\"stop\"}', \"\\n\";"
                        + " my $a = <$s>; print defined $a ? \"answer $a\" : \"no answer\\n\";";
        try (Child run = running()) {
            Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThat(stranger(talk)).isEqualTo("refused: Permission denied\n");
            Files.setPosixFilePermissions(socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
            assertThat(stranger(talk)).isEqualTo("no answer\n");
            assertThat(SocketClient.ask(socket(), STATUS)).contains("\"state\":\"running\"");
            assertStops(run);
        }
    }

    private String stranger(String script) {
        List<String> words = List.of("perl", "-MIO::Socket::UNIX", "-e", "$| = 1; " + script, socket().toString());
        try (Child perl = Child.start(new ProcessBuilder(words))) {
            assertThat(perl.awaitExit()).as("%s", perl).isZero();
            return perl.stdout();
        }
    }

    @Test
    void deadSocketOfAKilledLauncherIsReplacedOrRemoved() throws IOException {
        for (boolean isShort : List.of(false, true)) {
            try (Child killed = running()) {
                killed.signal("KILL");
                killed.awaitExit();
            }
            assertThat(launcher.leftovers()).containsExactly(".orders.lock.held", "orders.lock", "orders.sock");
            assertThatThrownBy(() -> SocketClient.connect(socket())).isInstanceOf(ConnectException.class);
            try (Child next = launcher.run(List.of("--force"), Launcher.server(isShort ? "code=0" : "child"))) {
                if (!isShort) {
                    next.awaitServer();
                    await().ignoreExceptions()
                            .until(() -> SocketClient.ask(socket(), STATUS).contains("running"));
                    next.signal("QUIT");
                }
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(next.stderr()).doesNotContain("no control socket");
            }
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    @Test
    void stopRemovesTheDeadSocketOfAKilledInstance() {
        try (Child killed = running()) {
            killed.signal("KILL");
            killed.awaitExit();
        }
        try (Child stop = launcher.command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
            assertThat(stop.awaitExit()).as("%s", stop).isZero();
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void whatIsNotOursAtThePathIsLeftAloneAndToldOnce() throws IOException {
        Path target = Files.writeString(locks.resolve("target"), "precious");
        Files.createSymbolicLink(socket(), target);
        assertRunsWithout("a symbolic link");
        assertThat(target).hasContent("precious");
        Files.delete(socket());
        Files.createSymbolicLink(socket(), locks.resolve("nowhere"));
        assertRunsWithout("a symbolic link");
        assertThat(locks.resolve("nowhere")).doesNotExist();
        Files.delete(socket());
        Files.writeString(socket(), "mine");
        assertRunsWithout("a regular file");
        assertThat(socket()).hasContent("mine");
        Files.delete(socket());
        Files.createDirectory(socket());
        assertRunsWithout("a directory");
        Files.delete(socket());
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket()));
            assertRunsWithout("a socket that another process listens on");
            assertThat(socket()).exists();
        }
        if (System.getProperty("user.name").equals("root")) {
            // Dead by now, but another user's.
            Files.setAttribute(socket(), "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
            assertRunsWithout("a socket of another user (uid 65534)");
        }
    }

    private void assertRunsWithout(String obstacle) {
        try (Child run = launcher.run(List.of(), Launcher.server())) {
            run.awaitServer();
            run.awaitErr("\\[WARN] .*no control socket, .*: " + java.util.regex.Pattern.quote(obstacle) + " file=");
            assertStops(run);
            assertThat(run.stderr()).containsOnlyOnce("no control socket");
            assertThat(locks.resolve("orders.lock")).doesNotExist();
            assertThat(Files.exists(socket(), java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .isTrue();
        }
    }

    @Test
    void serverThatPutsItsOwnSocketThereKeepsIt() throws IOException {
        String script = "IO::Socket::UNIX->new(Listen => 1, Local => $ARGV[0]) or die; print \"ready $$\\n\";"
                + " sleep 1 while 1";
        try (Child run = running()) {
            Files.delete(socket());
            try (Child other = Child.start(new ProcessBuilder(
                    "perl", "-MIO::Socket::UNIX", "-e", "$| = 1; our $s = " + script, socket().toString()))) {
                other.awaitServer();
                assertStops(run);
                assertThat(socket()).exists();
            }
        }
    }

    @Test
    void longPathGoesThroughItsFolder() throws IOException {
        Path deep = locks.resolve("d".repeat(120));
        Files.createDirectory(deep);
        Launcher there = Launcher.in(deep);
        try (Child run = there.run(List.of(), Launcher.server())) {
            run.awaitServer();
            await().until(() -> Files.exists(deep.resolve("orders.sock")));
            // Java's own client cannot name it.
            Path near = Files.createSymbolicLink(locks.resolve("near"), deep);
            assertThat(SocketClient.ask(near.resolve("orders.sock"), STATUS)).contains("running");
            assertStops(run);
            assertThat(run.stderr()).doesNotContain("no control socket");
        }
        assertThat(there.leftovers()).isEmpty();
    }

    @Test
    void nameThatNoSocketCanHaveIsToldAndDoesNotMatter() {
        Path file = locks.resolve("n".repeat(150));
        try (Child run = launcher.run(List.of("--lock-file", file.toString()), Launcher.server())) {
            run.awaitServer();
            run.awaitErr("no control socket, .*: file name too long file=" + file + "\\.sock");
            assertStops(run);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void lockFileOfAnotherNameHasTheSocketBehindIt() {
        Path file = locks.resolve("orders.pid");
        try (Child run = launcher.run(List.of("--lock-file", file.toString()), Launcher.server())) {
            run.awaitServer();
            await().until(() -> Files.exists(locks.resolve("orders.pid.sock")));
            assertStops(run);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void shortRunMakesNoSocket() {
        try (Child run = launcher.run(List.of("--log-level", "debug"), List.of("true"))) {
            assertThat(run.awaitExit()).isZero();
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    /** Takes a minute, so in the long form only. */
    @Test
    @Tag("long")
    void socketIsMadeAgainWithinAMinute() throws IOException {
        try (Child run = running()) {
            Files.delete(socket());
            await().atMost(Duration.ofSeconds(70)).until(() -> Files.exists(socket()));
            assertThat(SocketClient.ask(socket(), STATUS)).contains("running");
            assertStops(run);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }
}
