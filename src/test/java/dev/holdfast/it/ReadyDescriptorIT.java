package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The newline by which a server says to s6 that it is ready, to this launcher and to who waits above it. */
@Timeout(180)
class ReadyDescriptorIT {
    /** Goes one step further at each line of its input. */
    private static final String STEPS =
            "echo ready $$; read step; printf text >&3; echo said; read step;" + " echo >&3; exec 3>&-; exec sleep 600";

    @TempDir
    Path folder;

    @Test
    void newlineTells() throws IOException {
        try (Child run = run(List.of("--ready-fd", "3", "--ready-timeout", "30s"), STEPS)) {
            long server = run.awaitServer();
            assertThat(Processes.descriptor(server, 3)).startsWith("pipe:");
            step(run);
            run.awaitOut("said");
            assertThat(state()).contains("\"state\":\"starting\"");
            step(run);
            run.awaitErr("\"orders\" is ready");
            assertThat(state()).contains("\"state\":\"ready\"");
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
            assertThat(run.stderr()).doesNotContain("without a newline");
        }
    }

    /** As s6-supervise has it: its pipe is descriptor 3 of what it runs, and stays open until the newline has come. */
    @Test
    void callersOwnDescriptorGetsTheNewline() throws IOException {
        Path fifo = folder.resolve("fifo");
        try (Child mkfifo = Child.start(new ProcessBuilder("mkfifo", fifo.toString()))) {
            assertThat(mkfifo.awaitExit()).isZero();
        }
        try (Child above = Child.start(new ProcessBuilder("cat", fifo.toString()));
                Child run = through(
                        "exec 3>'" + fifo + "'; exec \"$@\"", List.of("--ready-fd", "3"), List.of("sh", "-c", STEPS))) {
            long server = run.awaitServer();
            assertThat(Processes.descriptor(server, 3)).startsWith("pipe:");
            step(run);
            run.awaitOut("said");
            assertThat(above.stdout()).isEmpty();
            step(run);
            run.awaitErr("\"orders\" is ready");
            assertThat(above.awaitExit()).isZero(); // the end of file, while launcher and server run
            assertThat(above.stdout()).isEqualTo("\n");
            assertThat(run.isAlive()).isTrue();
        }
    }

    /** The newline comes when the server is ready by all that was asked for. */
    @Test
    void callersNewlineWaitsForTheRestOfTheConditions() throws IOException {
        Path told = folder.resolve("told");
        Path up = folder.resolve("up");
        try (Child run = through(
                "exec 7>'" + told + "'; exec \"$@\"",
                List.of("--ready-fd", "7", "--ready-command", "test -e '" + up + "'"),
                List.of("sh", "-c", "echo >&7; echo ready $$; exec sleep 600"))) {
            run.awaitServer();
            assertThat(state()).contains("\"state\":\"starting\"");
            assertThat(told).isEmptyFile();
            Files.createFile(up);
            run.awaitErr("\"orders\" is ready");
            await().untilAsserted(() -> assertThat(told).hasContent("\n"));
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        try (Child run = run(List.of("--ready-fd", "3", "--ready-timeout", "300ms"), "exec sleep 600")) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stderr()).contains("is not ready in time: no newline came on its descriptor 3");
        }
        try (Child run =
                run(List.of("--ready-fd", "3", "--ready-timeout", "2s"), "printf up >&3; exec sleep 600 3>&-")) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stderr())
                    .contains(
                            "\"orders\" closed its descriptor 3 without a newline, so it does not become ready",
                            "is not ready in time: its descriptor 3 was closed without a newline");
        }
    }

    /** Neither the end nor the word of one server counts for the next one. */
    @Test
    void eachServerHasItsOwnPipe() throws IOException {
        Path lives = folder.resolve("lives");
        String server = "echo life >> '" + lives + "'; case $(wc -l < '" + lives + "') in *1) exit 1;; *2) echo >&3;"
                + " read step; exit 2;; *) echo ready $$; read step; echo >&3; exec sleep 600; esac";
        try (Child run = run(List.of("--ready-fd", "3", "--restart", "on-failure", "--restart-delay", "0"), server)) {
            run.awaitErr("\"orders\" is ready");
            step(run);
            long third = run.awaitServer();
            await().untilAsserted(() -> assertThat(state()).contains("\"serverPid\":" + third));
            assertThat(state()).contains("\"state\":\"starting\"");
            step(run);
            await().untilAsserted(() -> assertThat(state()).contains("\"state\":\"ready\""));
        }
    }

    /** Whatever the launcher itself has under that number, or would put there. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 12, 15, 24, 1007, 1008, 1009, 1010, 1023})
    void anyNumberWillDo(int number) throws IOException {
        String server = "echo > /dev/fd/" + number + "; echo ready $$; exec sleep 600";
        try (Child run = through(
                "ulimit -n 1024; exec \"$@\"",
                List.of("--ready-fd", Integer.toString(number), "--death-signal", "TERM"),
                List.of("sh", "-c", server))) {
            long pid = run.awaitServer();
            run.awaitErr("\"orders\" is ready");
            assertThat(Processes.descriptor(pid, number)).startsWith("pipe:");
            // The lock's, the interlock's, the death signal's and this one. A program that begins has more for a
            // moment.
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(descriptors(pid))
                            .contains(folder.resolve("orders.lock").toString())
                            .hasSize(3 + 4));
        }
    }

    @Test
    void numbersThatCannotBeAreRefused() {
        for (String number : List.of("2", "-1", "three", "", "1024", "999999999")) {
            try (Child run = through("ulimit -n 1024; exec \"$@\"", List.of("--ready-fd", number), List.of("true"))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
                assertThat(run.stderr()).contains("--ready-fd", "must be a number from 3 to 1023");
            }
        }
        try (Child run = through(
                "exec 3</dev/null 4</dev/null; export LISTEN_PID=$$ LISTEN_FDS=2; exec \"$@\"",
                List.of("--ready-fd", "4"),
                List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
            assertThat(run.stderr())
                    .contains("--ready-fd \"4\" is one of the sockets that LISTEN_FDS passes on, 3 to 4");
        }
        try (Child run = run(List.of("--ready-fd", "3", "--handoff", "exec"), "true")) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
            assertThat(run.stderr()).contains("--ready-fd \"3\" needs --handoff supervise");
        }
    }

    @Test
    void socketsAndTheNewlineGoTogether() {
        try (Child run = through(
                "exec 3</dev/null; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$@\"",
                List.of("--ready-fd", "4"),
                List.of("sh", "-c", "echo >&4; echo ready $LISTEN_PID; exec sleep 600"))) {
            long server = run.awaitServer();
            run.awaitErr("\"orders\" is ready pid=" + server);
            assertThat(Processes.descriptor(server, 3)).isEqualTo("/dev/null");
        }
    }

    @Test
    void explained() {
        try (Child run = run(List.of("--ready-fd", "3", "--explain"), "true")) {
            assertThat(run.awaitExit()).isZero();
            assertThat(run.stdout()).contains("ready when it writes a newline to its descriptor 3");
        }
    }

    private static void step(Child run) throws IOException {
        run.stdin().write("step\n".getBytes(StandardCharsets.US_ASCII));
        run.stdin().flush();
    }

    private static List<String> descriptors(long pid) throws IOException {
        List<String> targets = new ArrayList<>();
        try (var all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path fd : all.toList()) {
                targets.add(Files.readSymbolicLink(fd).toString());
            }
        }
        return targets;
    }

    private String state() {
        return Launcher.in(folder).statusJson("orders");
    }

    private Child run(List<String> options, String server) {
        return Launcher.in(folder).run(options, List.of("sh", "-c", server));
    }

    /** The launcher as a shell starts it. */
    private Child through(String script, List<String> options, List<String> command) {
        List<String> words = new ArrayList<>(List.of("run", "--lock-dir", folder.toString(), "--name", "orders"));
        words.addAll(options);
        words.add("--");
        words.addAll(command);
        ProcessBuilder builder = Launcher.in(folder).builder(words);
        List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        all.addAll(builder.command());
        return Child.start(builder.command(all));
    }
}
