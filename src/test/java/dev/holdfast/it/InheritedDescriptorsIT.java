package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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

/** What the caller has open besides 0 to 2 reaches the server under its own numbers, and ours are out of the way. */
@Timeout(180)
class InheritedDescriptorsIT {
    /** Number and file of each, but of those that the shell opens for that. */
    private static final String LIST = "for f in /proc/$$/fd/*; do echo fd ${f##*/} $(readlink $f); done; echo end";

    @TempDir
    Path locks;

    /** Starts the launcher by a shell that has opened something. */
    private Child start(String shell, String opened, List<String> options, String server) {
        List<String> words = new ArrayList<>(List.of(shell, "-c", opened + "; exec \"$@\"", "sh"));
        words.add(Launcher.executable().toString());
        words.addAll(List.of("run", "--lock-dir", locks.toString(), "-n", "orders"));
        words.addAll(options);
        words.addAll(List.of("--", "sh", "-c", server));
        return Child.start(new ProcessBuilder(words));
    }

    private static List<String> handOff(String handOff) {
        return List.of("--handoff", handOff);
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void reachTheServerUnderTheirOwnNumbers(String handOff) throws IOException {
        Path file = Files.writeString(locks.resolve("file"), "five\nnext\n");
        String opened = "exec 5<" + file + " 9</dev/zero";
        try (Child run = start("sh", opened, handOff(handOff), "read line <&5; echo got $line; " + LIST)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).contains("got five\n", "fd 5 " + file + "\n", "fd 9 /dev/zero\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void oursLieAtTheTop(String handOff) {
        try (Child run = start("sh", "ulimit -S -n 1024", handOff(handOff), LIST)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).contains("fd 1008 " + locks.resolve("orders.lock"));
            assertThat(ours(run)).allMatch(fd -> fd >= 1008);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128, 4096})
    void oursFollowTheLimit(int limit) {
        try (Child run = start("sh", "ulimit -S -n " + limit, List.of(), LIST)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            int top = Math.min(limit, 1024);
            assertThat(ours(run)).hasSize(3).allMatch(fd -> fd >= Math.max(16, top - 16) && fd < top);
        }
    }

    @Test
    void oursAreNotNextToTheCallers() {
        String bash = Programs.require("bash"); // dash has no numbers above 9
        String opened = "ulimit -S -n 64; exec 48</dev/zero 51</dev/zero";
        try (Child run = start(bash, opened, List.of(), LIST)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).contains("fd 48 /dev/zero", "fd 51 /dev/zero");
            assertThat(ours(run)).hasSize(3).allMatch(fd -> fd > 52 && fd < 64);
        }
    }

    @Test
    void theFileOfTheScriptItselfCanBeOneOfThem() {
        String opened = "exec 7<" + Launcher.executable();
        try (Child run = start("sh", opened, List.of(), LIST)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout())
                    .containsOnlyOnce(Launcher.executable() + "\n")
                    .contains("fd 7 ");
        }
    }

    @Test
    void processSubstitutionsReachIt() {
        String bash = Programs.require("bash");
        String script = "\"$0\" run --lock-dir \"$1\" -n orders -- cat <(echo hi)";
        try (Child run = Child.start(
                new ProcessBuilder(bash, "-c", script, Launcher.executable().toString(), locks.toString()))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("hi\n");
        }
    }

    /** As bash opens them by one redirection, for reading and writing. */
    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void filesAndConnectionsOfBothDirectionsReachIt(String handOff) throws IOException {
        String bash = Programs.require("bash");
        Path file = locks.resolve("both");
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Child run = start(
                        bash,
                        "exec 3<>/dev/tcp/127.0.0.1/" + listening.getLocalPort() + " 4<>'" + file + "'",
                        handOff(handOff),
                        "echo question >&3; read answer <&3; echo $answer >&4");
                Socket connection = listening.accept();
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))) {
            assertThat(in.readLine()).isEqualTo("question");
            connection.getOutputStream().write("answer\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(file).hasContent("answer\n");
        }
    }

    @Test
    void aServerMayUseLowNumbersForItself() {
        String server = "exec 3>&1 4>&1; echo three >&3; " + LIST;
        try (Child run = start("sh", ":", List.of(), server)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).contains("three\n");
            assertThat(ours(run).stream().filter(fd -> fd > 15)).hasSize(3);
        }
    }

    @Test
    void theyReachARestartedServer() throws IOException {
        Path file = Files.writeString(locks.resolve("file"), "first\nsecond\n");
        List<String> options = List.of("--restart", "on-failure", "--restart-delay", "10ms");
        String server = "read line <&5; echo got $line; [ $line = second ]";
        try (Child run = start("sh", "exec 5<" + file, options, server)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("got first\ngot second\n");
        }
    }

    @Test
    void hooksGetNoneOfThem() throws IOException {
        List<String> options = List.of("--pre-start", "! [ -e /proc/$$/fd/5 ]");
        try (Child run = start("sh", "exec 5</dev/zero", options, "[ -e /proc/$$/fd/5 ]")) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    @Test
    void nodeServerKeepsItsChannelToItsParent() throws IOException {
        String node = Programs.require("node");
        Path server = Files.writeString(
                locks.resolve("server.js"),
                "process.on('message', m => { process.send('got ' + m); process.disconnect(); });");
        String parent =
                "const c = require('child_process').spawn(process.argv[1], ['run', '--lock-dir', process.argv[2],"
                        + " '-n', 'orders', '--', process.execPath, process.argv[3]], {stdio: ['inherit', 'inherit', 'inherit', 'ipc']});"
                        + " c.on('message', m => console.log(m)); c.on('exit', code => { process.exitCode = code; }); c.send('hello');";
        try (Child run = Child.start(new ProcessBuilder(
                node, "-e", parent, Launcher.executable().toString(), locks.toString(), server.toString()))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("got hello\n");
        }
    }

    /** Those above 2 that hold the lock, the interlock or the death signal, as far as the server's list says. */
    private static List<Integer> ours(Child run) {
        List<Integer> numbers = new ArrayList<>();
        for (String line : run.stdout().split("\n")) {
            String[] words = line.split(" ");
            if (words[0].equals("fd")
                    && Integer.parseInt(words[1]) > 10
                    && words.length > 2
                    && !words[2].equals("/dev/zero")) {
                numbers.add(Integer.valueOf(words[1]));
            }
        }
        return numbers;
    }
}
