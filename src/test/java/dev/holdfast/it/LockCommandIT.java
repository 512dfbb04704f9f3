package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code holdfast lock}: what flock(1) does, and what it cannot. */
@Timeout(180)
class LockCommandIT {
    private static final String PYTHON = """
            import fcntl, sys
            f = open(sys.argv[1], 'a')
            try:
                fcntl.flock(f, fcntl.LOCK_NB | (fcntl.LOCK_SH if sys.argv[2] == 's' else fcntl.LOCK_EX))
            except BlockingIOError:
                sys.exit(9)
            print('held', flush=True)
            sys.stdin.read()
            """;
    /** Tells that it runs, and ends with its input. */
    private static final String RUNS = "echo running $$; read line";

    @TempDir
    Path folder;

    private Child lock(String... words) {
        List<String> all = new ArrayList<>(List.of("lock"));
        all.addAll(Arrays.asList(words));
        return Launcher.in(folder).command(all);
    }

    private String file() {
        return folder.resolve("file").toString();
    }

    private static Child start(String... command) {
        return Child.start(new ProcessBuilder(command));
    }

    private Child flock(String mode) {
        Child holder = start("flock", mode, file(), "sh", "-c", RUNS);
        holder.awaitOut("running");
        return holder;
    }

    private Child python(String mode) {
        return start("python3", "-c", PYTHON, file(), mode);
    }

    private boolean isFree() {
        try (Child probe = start("flock", "-n", "-E", "9", file(), "true")) {
            return probe.awaitExit() == 0;
        }
    }

    private static int exit(Child child) {
        try (child) {
            return child.awaitExit();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0   | true",
                "7   | exit 7",
                "255 | exit 255",
                "137 | kill -KILL $$",
                "143 | kill -TERM $$",
            })
    void endsAsTheCommandEnds(int code, String command) {
        assertThat(exit(lock(file(), "--", "sh", "-c", command))).isEqualTo(code);
        assertThat(exit(lock("--inherit", file(), "--", "sh", "-c", command)) & 0xff)
                .as("it became the command")
                .isEqualTo(code);
        assertThat(isFree()).isTrue();
    }

    @Test
    void takesTheWordsThatFlockTakes() {
        for (List<String> words : List.of(
                List.of("-x", "-n", file(), "true"),
                List.of("-e", "-w", "5", file(), "true"),
                List.of("-sn", file(), "true"),
                List.of("-w5", "-E9", "-o", file(), "true"),
                List.of(file(), "-c", "true"),
                List.of("-n", file(), "--command", "test $((1 + 1)) = 2"),
                List.of("--", file(), "true"),
                List.of("--nb", "-F", file(), "true"),
                List.of(file(), "--shared", "--timeout=1s", "--", "true"))) {
            try (Child child = lock(words.toArray(String[]::new))) {
                assertThat(child.awaitExit()).as("%s %s", words, child).isZero();
                assertThat(child.stderr()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64  |                          | no file to lock",
                "64  | FILE                     | no command to run",
                "64  | 9                        | locks on a descriptor of your shell are flock(1)'s",
                "64  | -u 9                     | there is no option -u here",
                "64  | --fcntl FILE true        | there is no option --fcntl here",
                "64  | --shard FILE true        | did you mean --shared?",
                "64  | -s -x FILE true          | --shared and --exclusive exclude each other",
                "64  | -n -w 1 FILE true        | --nonblock and --timeout exclude each other",
                "64  | -F -o FILE true          | --inherit and --close exclude each other",
                "64  | -w soon FILE true        | must be a duration",
                "64  | -E 256 FILE true         | must be a number from 0 to 255",
                "64  | --on-timeout maybe FILE true | must be one of fail, skip",
                "66  | DIR/none/file true       | cannot open lock file",
                "77  | DIR/fifo true            | is a FIFO",
                "77  | DIR/link true            | is a symbolic link",
                "126 | FILE -- DIR/fifo         | cannot be run",
                "127 | FILE -- no-such-command  | not found in PATH",
            })
    void saysWhatIsWrong(int code, String words, String message) throws IOException {
        assertThat(exit(start("mkfifo", folder.resolve("fifo").toString()))).isZero();
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));
        String line = words == null ? "" : words.replace("FILE", file()).replace("DIR", folder.toString());
        try (Child child = lock(line.isEmpty() ? new String[0] : line.split(" "))) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(code);
            assertThat(child.stderr()).contains(message).doesNotContain("Exception");
        }
    }

    @Test
    void excludesFlockAndIsExcludedByIt() {
        try (Child holder = flock("-x")) {
            assertThat(exit(lock("-n", file(), "true"))).isEqualTo(1);
            assertThat(exit(lock("-ns", file(), "true"))).isEqualTo(1);
            assertThat(exit(lock("-n", "-E", "33", file(), "true"))).isEqualTo(33);
            holder.closeStdin();
            holder.awaitExit();
        }
        try (Child holder = flock("-s")) {
            assertThat(exit(lock("-n", file(), "true"))).isEqualTo(1);
            assertThat(exit(lock("-ns", file(), "true"))).isZero();
            holder.closeStdin();
        }
        try (Child holder = lock(file(), "--", "sh", "-c", RUNS)) {
            holder.awaitOut("running");
            assertThat(isFree()).isFalse();
            holder.closeStdin();
            assertThat(holder.awaitExit()).isLessThan(2);
        }
        assertThat(isFree()).isTrue();
    }

    @Test
    void excludesPythonAndIsExcludedByIt() {
        try (Child holder = python("x")) {
            holder.awaitOut("held");
            assertThat(exit(lock("-n", file(), "true"))).isEqualTo(1);
            holder.closeStdin();
            holder.awaitExit();
        }
        try (Child holder = python("s")) {
            holder.awaitOut("held");
            assertThat(exit(lock("-ns", file(), "true"))).isZero();
            holder.closeStdin();
        }
        try (Child holder = lock("-s", file(), "--", "sh", "-c", RUNS)) {
            holder.awaitOut("running");
            assertThat(exit(python("x"))).isEqualTo(9);
            try (Child together = python("s")) {
                together.awaitOut("held");
            }
            holder.closeStdin();
        }
    }

    @Test
    void tellsWhoHasTheLock() {
        try (Child holder = flock("-x");
                Child refused = lock("-w", "0.2", file(), "true")) {
            assertThat(refused.awaitExit()).isEqualTo(1);
            assertThat(refused.stderr())
                    .contains("lock \"" + file() + "\" is held by")
                    .containsPattern("pid " + holder.pid() + " \\(flock, started \\d{4}-\\d\\d-\\d\\dT[0-9:]+Z, ")
                    .contains("after 200ms");
        }
    }

    @ParameterizedTest
    @CsvSource({"./file, /file", "././x/.././file, /x/../file", ".,''", ".., /.."})
    void pathIsShownWithoutDotsThatMeanNothing(String path, String shown) throws IOException {
        Files.createDirectory(folder.resolve("x"));
        try (Child lock = start(
                "sh",
                "-c",
                "cd " + folder + "; exec \"$@\"",
                "sh",
                Launcher.executable().toString(),
                "lock",
                "-v",
                path,
                "true")) {
            assertThat(lock.awaitExit()).as("%s", lock).isZero();
            assertThat(lock.stderr()).contains("got exclusive lock on \"" + folder + shown + "\" after");
        }
    }

    @Test
    void tellsTheInstanceThatHasTheLock() {
        try (Child server = Launcher.in(folder).run(List.of(), Launcher.server())) {
            server.awaitServer();
            try (Child refused = lock("-v", "-n", folder.resolve("orders.lock").toString(), "true")) {
                assertThat(refused.awaitExit()).isEqualTo(1);
                assertThat(refused.stderr()).contains("held by instance \"orders\" of holdfast run: pid ");
            }
            server.signal("TERM");
            server.awaitExit();
        }
    }

    @Test
    void skipsTheCommandWithOneWarning() {
        try (Child holder = flock("-x");
                Child skipped = lock("--timeout", "100ms", "--on-timeout", "skip", file(), "echo", "ran")) {
            assertThat(skipped.awaitExit()).as("%s %s", skipped, holder).isZero();
            assertThat(skipped.stdout()).isEmpty();
            assertThat(skipped.stderr().lines()).singleElement().asString().contains("warning: command skipped");
        }
    }

    @Test
    void waitsForItsTurn() {
        try (Child holder = flock("-x");
                Child waiting = lock("-v", file(), "--", "sh", "-c", RUNS)) {
            waiting.awaitErr("waiting for exclusive lock on .*pid " + holder.pid());
            assertThat(waiting.stdout()).isEmpty();
            holder.closeStdin();
            waiting.awaitOut("running");
            waiting.awaitErr("got exclusive lock");
            waiting.closeStdin();
            waiting.awaitExit();
        }
    }

    @Test
    void goesOnWithTheFileThatReplacesTheLockedOne() throws IOException {
        try (Child holder = flock("-x");
                Child waiting = lock("-v", file(), "--", "sh", "-c", RUNS)) {
            waiting.awaitErr("waiting");
            Path next = Files.createFile(folder.resolve("next"));
            Files.move(next, Path.of(file()), StandardCopyOption.ATOMIC_MOVE);
            waiting.awaitOut("running");
            assertThat(holder.isAlive()).isTrue();
            assertThat(isFree()).as("the new file is what is locked").isFalse();
            waiting.closeStdin();
            waiting.awaitExit();
        }
    }

    @Test
    void whatTheCommandLeavesBehindDoesNotHoldTheLock() {
        try (Child child = lock(file(), "--", "sh", "-c", "setsid sleep 60 >/dev/null 2>&1 & echo left $!")) {
            long left = Long.parseLong(child.awaitOut("left (\\d+)"));
            try {
                assertThat(child.awaitExit()).isZero();
                assertThat(Processes.isAlive(left)).isTrue();
                assertThat(isFree()).isTrue();
            } finally {
                Processes.signal(left, "KILL");
            }
        }
    }

    @Test
    void inheritedItIsHeldAsLongAsAnyOfThemLives() {
        try (Child child =
                lock("--inherit", file(), "--", "sh", "-c", "setsid sleep 60 >/dev/null 2>&1 & echo left $!")) {
            long left = Long.parseLong(child.awaitOut("left (\\d+)"));
            try {
                assertThat(child.awaitExit()).isZero();
                assertThat(isFree()).isFalse();
            } finally {
                Processes.signal(left, "KILL");
            }
        }
    }

    @Test
    void inheritingTheCommandIsThisVeryProcess() {
        try (Child child = lock("--inherit", file(), "--", "sh", "-c", RUNS)) {
            assertThat(child.awaitOut("running (\\d+)")).isEqualTo(Long.toString(child.pid()));
            child.closeStdin();
            child.awaitExit();
        }
    }

    @Test
    void theCommandHasTheDescriptorsThatFlockWouldGiveIt() {
        String list = "exec 5<" + folder + " 8</dev/null; %s sh -c 'cd /proc/self/fd; echo fds *'";
        String ours = Launcher.executable() + " lock " + file();
        try (Child theirs = start("sh", "-c", list.formatted("flock -o " + file()));
                Child here = start("sh", "-c", list.formatted(ours))) {
            String expected = theirs.awaitOut("fds .*");
            assertThat(expected).contains(" 5 ").contains(" 8");
            assertThat(here.awaitOut("fds .*")).isEqualTo(expected);
        }
    }

    @Test
    void aServersOwnLockPassesThroughUnchanged() {
        String find = "for f in /proc/$$/fd/*; do readlink $f; done | grep orders.lock";
        String inside = Launcher.executable() + " lock " + file() + " -- sh -c 'echo within $(" + find + ")'";
        try (Child server = Launcher.in(folder).run(List.of(), List.of("sh", "-c", inside))) {
            assertThat(server.awaitOut("within (.*)"))
                    .isEqualTo(folder.resolve("orders.lock").toString());
            server.awaitExit();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "QUIT", "USR1"})
    void passesSignalsOn(String signal) {
        String command = "trap 'echo got; exit 42' " + signal + "; echo running; while :; do sleep 0.05; done";
        try (Child child = lock(file(), "--", "sh", "-c", command)) {
            child.awaitOut("running");
            child.signal(signal);
            child.awaitOut("got");
            assertThat(child.awaitExit()).isEqualTo(42);
            assertThat(isFree()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "HUP,129", "QUIT,131"})
    void aSignalEndsTheWaitAndTheCommandIsNotRun(String signal, int code) {
        try (Child holder = flock("-x");
                Child waiting = lock("-v", file(), "echo", "ran")) {
            waiting.awaitErr("waiting");
            waiting.signal(signal);
            assertThat(waiting.awaitExit()).as("%s %s", waiting, holder).isEqualTo(code);
            assertThat(waiting.stdout()).isEmpty();
        }
    }

    @Test
    void whenItIsKilledTheCommandIsToldToEnd() {
        String command = "trap 'echo told; exit' TERM; echo running $$; while :; do sleep 0.05; done";
        try (Child child = lock(file(), "--", "sh", "-c", command)) {
            child.awaitOut("running");
            await().until(() -> Processes.hasAimedItsDeathSignal(child.pid()));
            child.signal("KILL");
            child.awaitOut("told");
            child.awaitExitWithoutOutput();
        }
    }

    @Test
    void whatIsIgnoredStaysIgnored() {
        String script = "trap '' INT HUP; exec " + Launcher.executable() + " lock " + file()
                + " -- sh -c 'grep SigIgn /proc/self/status'";
        try (Child child = start("sh", "-c", script)) {
            long ignored = Long.parseLong(child.awaitOut("SigIgn:\\s+([0-9a-f]+)"), 16);
            assertThat(ignored & 0b11).isEqualTo(0b11);
        }
    }

    @Test
    void aFolderCanBeLocked() {
        try (Child child = lock(folder.toString(), "--", "sh", "-c", RUNS)) {
            child.awaitOut("running");
            assertThat(exit(start("flock", "-n", folder.toString(), "true"))).isEqualTo(1);
            child.closeStdin();
            child.awaitExit();
        }
    }
}
