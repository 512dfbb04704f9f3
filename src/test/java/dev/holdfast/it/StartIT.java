package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast start}: whoever starts learns how it went, and nothing of him is left in what runs. */
@Timeout(180)
class StartIT {
    private static final List<String> SERVER =
            List.of("perl", "-e", "$| = 1; $SIG{TERM} = sub { exit 0 }; print qq(serving $$\\n); sleep 1 while 1");

    /** For a server that ends by itself: the start waits no longer than for that. */
    private static final List<String> LONG_SETTLE = List.of("--settle", "60s");

    @TempDir
    Path folder;

    private Launcher launcher() {
        return Launcher.in(folder).env("HOLDFAST_HOME", folder.resolve("home").toString());
    }

    private List<String> words(List<String> options, List<String> command) {
        List<String> words = new ArrayList<>(List.of("start", "--lock-dir", folder.toString(), "--name", "orders"));
        words.addAll(options);
        words.add("--");
        words.addAll(command);
        return words;
    }

    private Child start(List<String> options, List<String> command) {
        return launcher().command(words(options, command));
    }

    private Path log() {
        return folder.resolve("home/logs/orders.log");
    }

    private String logged() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return "";
        }
    }

    @AfterEach
    void stop() {
        if (launcher().leftovers().contains("orders.lock")) {
            try (Child stop = launcher().command(List.of("stop", "orders", "--lock-dir", folder.toString()))) {
                stop.awaitExit();
            }
        }
    }

    /** A start that has done what it should: the launcher's pid. */
    private long started(Child start) {
        assertThat(start.awaitExit()).as("%s", start).isZero();
        assertThat(start.stderr()).isEmpty();
        assertThat(start.stdout()).matches("orders: started, pid \\d+, output " + log() + "\n");
        return Long.parseLong(start.stdout().replaceAll("(?s).*pid (\\d+),.*", "$1"));
    }

    @ForEachJava
    void serverRunsInASessionOfItsOwnWithNothingOfTheCallers(Path java) throws IOException {
        ProcessBuilder builder = launcher()
                .java(java)
                .env("COLOUR", "blue")
                .builder(words(
                        List.of(),
                        List.of("sh", "-c", "ls -l /proc/$$/fd /proc/$PPID/fd; pwd; echo $COLOUR; exec sleep 100")));
        List<String> all =
                new ArrayList<>(List.of("sh", "-c", "exec 7<pom.xml 8>$0/eight; exec \"$@\"", folder.toString()));
        all.addAll(builder.command());
        try (Child start = Child.start(builder.command(all))) {
            long launcher = started(start);
            String[] stat = Processes.stat(launcher).orElseThrow();
            assertThat(stat[3]).as("session").isEqualTo(Long.toString(launcher));
            assertThat(stat[4]).as("terminal").isEqualTo("0");
            await().untilAsserted(
                            () -> assertThat(logged()).contains(Path.of("").toAbsolutePath() + "\nblue\n"));
            assertThat(logged()).doesNotContain("pom.xml", "eight");
            for (int fd = 0; fd < 2; fd++) {
                assertThat(Processes.descriptor(launcher, fd)).isEqualTo("/dev/null");
            }
            assertThat(Processes.descriptor(launcher, 2)).isEqualTo(log().toString());
        }
    }

    @Test
    void sameCommandRunsAlreadyAndAnotherIsRefused() {
        try (Child first = start(List.of(), SERVER)) {
            long launcher = started(first);
            try (Child same = start(List.of(), SERVER)) {
                assertThat(same.awaitExit()).as("%s", same).isZero();
                assertThat(same.stdout())
                        .isEqualTo("orders: already running, pid " + launcher + ", the same command\n");
            }
            for (List<String> options : List.of(List.of("--app-version", "2"), List.of("--cwd", folder.toString()))) {
                try (Child other = start(options, SERVER)) {
                    assertThat(other.awaitExit()).as("%s", other).isEqualTo(75);
                }
            }
            try (Child other = start(List.of(), List.of("sleep", "100"))) {
                assertThat(other.awaitExit()).as("%s", other).isEqualTo(75);
                assertThat(other.stdout()).isEmpty();
                assertThat(other.stderr())
                        .contains("another instance of \"orders\" is already running: pid " + launcher)
                        .contains("\n  stop it    holdfast stop ")
                        .contains("FORCE_TERMINATE=true")
                        .contains("\n  replace it holdfast redeploy --lock-file ")
                        .contains(" -- COMMAND      or start --replace: ")
                        .doesNotContain("did not start");
            }
            assertThat(Processes.isAlive(launcher)).isTrue();
            try (Child replacing = start(List.of("--replace", "--settle", "100ms"), List.of("sleep", "100"))) {
                assertThat(replacing.awaitExit()).as("%s", replacing).isZero();
                assertThat(replacing.stdout()).startsWith("orders: redeployed, server pid ");
            }
            assertThat(Processes.isAlive(launcher)).isTrue();
            List<String> more = List.of("--replace", "--stdin", "hold"); // what is the launcher's needs another one
            try (Child replacing = start(more, SERVER)) {
                assertThat(started(replacing)).isNotEqualTo(launcher);
            }
            assertThat(Processes.isAlive(launcher)).isFalse();
        }
    }

    @Test
    void fiftyStartsAtOnceEndWithOneServerAndAllSayItRuns() {
        List<Child> starts = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                starts.add(start(List.of(), SERVER));
            }
            int winners = 0;
            for (Child start : starts) {
                assertThat(start.awaitExit(Duration.ofSeconds(150)))
                        .as("%s", start)
                        .isZero();
                winners += start.stdout().contains(": started, ") ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
            await().until(() -> logged().contains("serving "));
            assertThat(logged().lines().filter(line -> line.startsWith("serving ")))
                    .hasSize(1);
        } finally {
            starts.forEach(Child::close);
        }
    }

    @Test
    void failureIsToldWithTheLaunchersCodeAndTheLastLines() {
        refused(127, List.of(), List.of("no-such-command"), "command \"no-such-command\" not found in PATH");
        refused(
                3,
                LONG_SETTLE,
                List.of("sh", "-c", "seq 1 30; echo broken; exit 3"),
                "    22\n",
                "    30\n",
                "    broken\n");
        refused(69, LONG_SETTLE, List.of("echo", "done"), "exit code 0", "    done\n");
        refused(69, List.of("--ready-timeout", "2s"), SERVER, "is not ready in time", "    serving ");
        refused(64, List.of("--handoff", "exec"), SERVER, "is not for start");
        refused(64, List.of("--settle", "soon"), SERVER, "must be a duration");
        refused(64, List.of("--output-size", "some"), SERVER, "--output-size \"some\" must be a size from 1K");
        refused(64, List.of("--stdin", "keyboard"), SERVER, "must be one of null, hold");
        try (Child start = launcher().command(List.of("start", "--lock-dir", folder.toString()))) {
            assertThat(start.awaitExit()).isEqualTo(64);
            assertThat(start.stderr()).contains("no command to start").contains("holdfast help start");
        }
    }

    private void refused(int code, List<String> options, List<String> command, String... texts) {
        try (Child start = start(options, command)) {
            assertThat(start.awaitExit()).as("%s", start).isEqualTo(code);
            assertThat(start.stdout()).isEmpty();
            assertThat(start.stderr()).contains(texts).doesNotContain("    21\n");
        }
        assertThat(folder.resolve("orders.lock")).doesNotExist();
    }

    /** By flag alone, for the file need not be named here. */
    @Test
    void logIsRotatedAsTheFlagsSay() {
        String script = "trap 'exit 0' TERM; seq 100000; while :; do sleep 0.05; done";
        List<String> options = List.of("--output-size", "1K", "--output-keep", "2", "--settle", "10ms");
        try (Child start = start(options, List.of("sh", "-c", script))) {
            started(start);
            await().until(() -> logged().endsWith("100000\n"));
            assertThat(log().resolveSibling("orders.log.2")).isNotEmptyFile();
            assertThat(log().resolveSibling("orders.log.3")).doesNotExist();
        }
    }

    @Test
    void deathAfterTheSettleIsNotTheStartsAffair() throws IOException {
        Path go = folder.resolve("go");
        List<String> command = List.of("sh", "-c", "until [ -e " + go + " ]; do sleep 0.05; done; exit 4");
        try (Child start = start(List.of("--settle", "300ms"), command)) {
            long launcher = started(start);
            Files.createFile(go);
            Processes.awaitDeath(launcher);
        }
        Files.delete(go);
        try (Child start = start(LONG_SETTLE, command)) {
            launcher().awaitRecordedServer("orders");
            assertThat(start.endsWithin(Duration.ofMillis(1500)))
                    .as("longer than the usual settle")
                    .isFalse();
            Files.createFile(go);
            assertThat(start.awaitExit()).as("%s", start).isEqualTo(4);
        }
    }

    @Test
    void readinessIsWaitedFor() {
        Path go = folder.resolve("go");
        List<String> command =
                List.of("sh", "-c", "until [ -e " + go + " ]; do sleep 0.05; done; echo up; exec sleep 100");
        try (Child start = start(List.of("--ready-log", "^up$"), command)) {
            launcher().awaitRecordedServer("orders");
            assertThat(start.endsWithin(Duration.ofMillis(1500)))
                    .as("longer than the settle")
                    .isFalse();
            Files.createFile(go);
            started(start);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void restartBeginsTheSettleAnew() {
        Path count = folder.resolve("count");
        List<String> command = List.of(
                "sh",
                "-c",
                "echo x >>" + count + "; [ $(wc -l <" + count + ") -gt 3 ] || { sleep 0.7; exit 1; }; exec sleep 100");
        // Longer than one of the first three lives, however slow the machine, and shorter than all of them.
        List<String> options = List.of("--restart", "on-failure", "--restart-delay", "100ms", "--settle", "2s");
        try (Child start = start(options, command)) {
            started(start);
            assertThat(count).hasContent("x\nx\nx\nx\n");
        }
    }

    /** In the middle of the start, when its whole process group gets HUP. */
    @Test
    void closedTerminalLeavesItRunning() throws IOException {
        Path go = folder.resolve("go");
        List<String> command =
                List.of("sh", "-c", "until [ -e " + go + " ]; do sleep 0.05; done; echo up; exec sleep 100");
        List<String> line = launcher()
                .builder(words(List.of("--ready-log", "^up$"), command))
                .command();
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
        try (Child terminal = Terminal.start(builder)) {
            launcher().awaitRecordedServer("orders");
            Processes.signal(terminal.pid(), "KILL"); // the terminal's other end is closed by that
            Processes.awaitDeath(terminal.pid());
            Files.createFile(go);
            launcher().awaitState("orders", "ready");
        }
    }

    @Test
    void killedCallerLeavesTheStartGoingOn() throws IOException {
        Path go = folder.resolve("go");
        List<String> command =
                List.of("sh", "-c", "until [ -e " + go + " ]; do sleep 0.05; done; echo up; exec sleep 100");
        try (Child start = start(List.of("--ready-log", "^up$"), command)) {
            launcher().awaitRecordedServer("orders");
            Processes.signal(start.pid(), "KILL"); // and not what is below it
            start.awaitExitWithoutOutput();
            Files.createFile(go);
            launcher().awaitState("orders", "ready");
        }
        try (Child status = launcher().command(List.of("status", "orders", "--lock-dir", folder.toString()))) {
            assertThat(status.awaitExit()).as("%s", status).isZero();
        }
    }

    @Test
    void killedLauncherIsToldAtOnce() {
        try (Child start = start(List.of("--ready-log", "never"), SERVER)) {
            launcher().awaitRecordedServer("orders");
            String pid = launcher().statusJson("orders").replaceAll("(?s).*\"pid\":(\\d+).*", "$1");
            Processes.signal(Long.parseLong(pid), "KILL");
            assertThat(start.awaitExit()).as("%s", start).isEqualTo(137);
            assertThat(start.stderr()).contains("died of signal 9");
        }
    }

    @Test
    void heldStdinHasNoEndAndTheNullDeviceHasOne() {
        List<String> command = List.of("sh", "-c", "cat; echo ended; exec sleep 100");
        try (Child start = start(List.of("--transport", "stdio", "--stdin", "hold"), List.of("cat"))) {
            long launcher = started(start);
            assertThat(Processes.descriptor(launcher, 0)).startsWith("pipe:");
            try (Child status = launcher().command(List.of("status", "orders", "--lock-dir", folder.toString()))) {
                assertThat(status.awaitExit())
                        .as("the parent's death is no stop request here: %s", status)
                        .isZero();
            }
        }
        stop();
        try (Child start = start(List.of(), command)) {
            started(start);
            await().untilAsserted(() -> assertThat(logged()).contains("ended"));
        }
    }

    /** Its own lines are in the log, too, where a person looks first. */
    @Test
    void launchersLinesAreInTheLog() throws IOException {
        Path go = folder.resolve("go");
        try (Child start = start(
                List.of("--restart", "always", "--restart-delay", "100ms", "--settle", "0"),
                List.of("sh", "-c", "echo hello; until [ -e " + go + " ]; do sleep 0.05; done; exit 1"))) {
            started(start);
            Files.createFile(go);
            await().atMost(Duration.ofSeconds(20)).until(() -> logged().contains("started \"orders\" again"));
        }
    }

    @Test
    void linesOfBothStreamsKeepTheirOrder() {
        String script = "for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done; exec sleep 100";
        try (Child start = start(List.of("--settle", "0"), List.of("sh", "-c", script))) {
            started(start);
            await().until(() -> logged().contains("err 9"));
            String inOrder = IntStream.rangeClosed(1, 9)
                    .mapToObj(i -> "out " + i + "\nerr " + i + "\n")
                    .collect(Collectors.joining());
            assertThat(logged()).contains(inOrder);
        }
    }

    @Test
    void skipIsQuietWhenAnotherRuns() {
        try (Child first = start(List.of(), SERVER)) {
            started(first);
            try (Child skip = start(List.of("--on-conflict", "skip"), List.of("sleep", "100"))) {
                assertThat(skip.awaitExit()).as("%s", skip).isZero();
                assertThat(skip.stderr()).isEmpty();
            }
        }
    }

    @Test
    void logsFolderIsPrivateAndALinkIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("home"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("home/logs"), elsewhere);
        refused(77, List.of(), SERVER, "is a symbolic link, not a directory");
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertThat(files).isEmpty();
        }
        Files.delete(folder.resolve("home/logs"));
        try (Child start = start(List.of(), SERVER)) {
            started(start);
            assertThat(Files.getPosixFilePermissions(log().getParent())).hasSize(3);
            assertThat(Files.getPosixFilePermissions(log())).hasSize(2);
        }
    }
}
