package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that dies, or cannot be born, is no affair of the server's output and the user's folder. */
@Timeout(180)
class DyingJvmIT {
    @TempDir
    Path folder;

    /** Until it is there each start runs programs to look for it, or begins to make it: more processes than are allowed. */
    @BeforeAll
    static void letArchivesBeMade(@TempDir Path locks) {
        for (Path java : Launcher.javaHomes()) {
            try (Child version = Launcher.in(locks).java(java).command(List.of("--version"))) {
                assertThat(version.awaitExit()).as("%s", version).isZero();
            }
        }
        Path lib = Launcher.executable().resolve("../../lib").normalize();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            try (Stream<Path> files = Files.list(lib)) {
                return files.noneMatch(file -> file.toString().endsWith(".making"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "BUS", "ILL", "FPE"})
    void deadlySignalWritesNothingOfTheJvmsAnywhere(String signal) throws IOException {
        Path locks = Files.createDirectory(folder.resolve("locks"));
        Path here = Files.createDirectory(folder.resolve("here"));
        for (Path java : Launcher.javaHomes()) {
            ProcessBuilder builder = Launcher.in(locks)
                    .java(java)
                    .builder(List.of(), List.of("sh", "-c", "echo ready $$; exec sleep 300"));
            builder.directory(here.toFile());
            try (Child run = Child.start(builder)) {
                long server = run.awaitServer();
                // Before that its launcher may not have named it to the kernel yet.
                Launcher.in(locks).awaitRecordedServer("orders");
                Processes.signal(run.pid(), signal);
                run.awaitExitWithoutOutput();
                Processes.awaitDeath(server);
                assertThat(run.stdout()).isEqualTo("ready " + server + "\n");
                try (Stream<Path> files = Files.list(here)) {
                    // Where the machine keeps core dumps in the folder, that one is the kernel's.
                    assertThat(files.filter(
                                    file -> !file.getFileName().toString().startsWith("core")))
                            .isEmpty();
                }
            }
        }
    }

    /** What each command answers where it works. */
    private static final Map<String, Integer> ANSWERS =
            Map.of("run -- true", 0, "status orders", 3, "stop orders", 0, "--version", 0);

    @ParameterizedTest
    @ValueSource(strings = {"-v 1000000", "-v 500000", "-Sv 700000", "-n 64"})
    void lowLimitLeavesRoomEnough(String limit) {
        for (Path java : Launcher.javaHomes()) {
            ANSWERS.forEach((command, code) -> {
                try (Child run = limited("ulimit " + limit + "; exec \"$@\"", java, command)) {
                    assertThat(run.awaitExit()).as("%s: %s", command, run).isEqualTo(code);
                    assertThat(run.stderr()).isEmpty();
                }
            });
        }
    }

    /** Only the host of a shared server may have more. */
    @Test
    void launcherInTheBackgroundNeedsNoMoreRoomThanOneInTheForeground() {
        for (Path java : Launcher.javaHomes()) {
            String words = "start --name orders --output " + folder.resolve("log") + " --settle 0s -- sleep 1000";
            try (Child start = limited("ulimit -v 500000; exec \"$@\"", java, words)) {
                assertThat(start.awaitExit()).as("%s", start).isZero();
            } finally {
                try (Child stop = limited("exec \"$@\"", java, "stop orders")) {
                    assertThat(stop.awaitExit()).as("%s", stop).isZero();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ulimit -v 200000", "ulimit -v 100000", "ulimit -Sv 300000"})
    void limitThatLeavesNoRoomIsToldInOneLine(String limit) {
        for (Path java : Launcher.javaHomes()) {
            for (String command : ANSWERS.keySet()) {
                try (Child run = limited(limit + "; exec \"$@\"", java, command)) {
                    assertThat(run.awaitExit()).as("%s: %s", command, run).isEqualTo(71);
                    assertThat(run.stderr()).matches("holdfast: Java does not start with ulimit -v \\d+.*; allow .*\n");
                }
            }
        }
    }

    @Test
    void limitOfDataIsToldLikeThatOfAddressSpace() {
        for (Path java : Launcher.javaHomes()) {
            try (Child none = limited("ulimit -d 20000; exec \"$@\"", java, "status orders");
                    Child enough = limited("ulimit -Sd 200000; exec \"$@\"", java, "status orders")) {
                assertThat(none.awaitExit()).as("%s", none).isEqualTo(71);
                assertThat(none.stderr())
                        .matches("holdfast: Java does not start with ulimit -d 20000 .*; allow -d 200000 or more\n");
                assertThat(enough.awaitExit()).as("%s", enough).isEqualTo(3);
                assertThat(enough.stderr()).isEmpty();
            }
        }
    }

    /** dash and busybox cannot even open a script then, and end before its first line. */
    @Test
    void tooFewOpenFilesAreToldInOneLine() {
        Programs.require("bash");
        for (String command : ANSWERS.keySet()) {
            try (Child run = limited(
                    "ulimit -n 8; exec bash \"$@\"", Launcher.javaHomes().get(0), command)) {
                assertThat(run.awaitExit()).as("%s: %s", command, run).isEqualTo(71);
                assertThat(run.stderr()).matches("holdfast: too few open files are allowed .*\n");
            }
        }
    }

    /** From where a shell can read the script to where there is room for everything. */
    @ParameterizedTest
    @ValueSource(ints = {13, 14, 16, 18, 20, 22, 24, 26, 28, 30})
    void openFilesThatDoNotSufficeAreAnAnswerInOneLine(int limit) {
        for (Path java : Launcher.javaHomes()) {
            ANSWERS.forEach((command, code) -> {
                try (Child run = limited("ulimit -n " + limit + "; exec \"$@\"", java, command)) {
                    assertAnswered(run, command, code, "ulimit -n");
                }
            });
        }
    }

    /** The limit counts processes and threads; root has none. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9, 11, 12, 13, 14, 15, 16, 17, 18, 20, 40})
    void processesThatDoNotSufficeAreAnAnswerInOneLine(int limit) {
        assumeTrue(Self.effectiveUser() == 0, "needs root, to become somebody who has no processes");
        // Root's power over files stays: the application and the locks may be in root's own folders.
        // Nobody else's: what other tests run as one of their users would count.
        long user = 55_000 + ProcessHandle.current().pid() % 5000;
        String other = "setpriv --reuid " + user + " --regid " + user + " --clear-groups --inh-caps +dac_override"
                + " --ambient-caps +dac_override prlimit --nproc=" + limit;
        for (Path java : Launcher.javaHomes()) {
            ANSWERS.forEach((command, code) -> {
                try (Child run = limited("exec " + other + " \"$@\"", java, command)) {
                    assertAnswered(run, command, code, "ulimit -u");
                    if (limit > 30) {
                        assertThat(run.stderr()).isEmpty();
                    }
                }
            });
        }
    }

    private Child limited(String script, Path java, String command) {
        String place = command.startsWith("--") ? "" : " --lock-dir " + folder;
        List<String> words =
                List.of(command.replaceFirst("^(\\w+)", "$1" + place).split(" "));
        ProcessBuilder builder = Launcher.in(folder).java(java).builder(words);
        List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        all.addAll(builder.command());
        return Child.start(builder.command(all));
    }

    private static void assertAnswered(Child run, String command, int code, String limit) {
        assertThat(run.awaitExit()).as("%s: %s", command, run).isIn(code, 71);
        if (run.awaitExit() == code) {
            assertThat(run.stderr()).isEmpty();
        } else {
            assertThat(run.stderr()).as("%s", command).matches("holdfast: .*\\Q" + limit + "\\E.*\n");
        }
    }

    @Test
    void limitIsTheServersAndWhatItNeededIsNot() {
        Path java = Launcher.javaHomes().get(0);
        String print = "run -- sh -c ulimit${IFS}-v;env|grep${IFS}MALLOC;true";
        try (Child run = limited("ulimit -v 1000000; exec \"$@\"", java, print)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("1000000\n");
        }
        try (Child run = limited("ulimit -v 1000000; MALLOC_ARENA_MAX=7 exec \"$@\"", java, print)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("1000000\nMALLOC_ARENA_MAX=7\n");
        }
    }

    /** One that was opened before the limit was lowered: it stays open, and is passed on. */
    @Test
    void descriptorAboveTheLimitIsPassedOn() {
        Programs.require("bash");
        String script = "exec 200<<<hello; ulimit -n 64; exec \"$@\"";
        List<String> words = List.of("bash", "-c", script, "bash");
        ProcessBuilder builder = Launcher.in(folder)
                .builder(List.of("run", "--lock-dir", folder.toString(), "--", "bash", "-c", "cat <&200"));
        List<String> all = new ArrayList<>(words);
        all.addAll(builder.command());
        try (Child run = Child.start(builder.command(all))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("hello\n");
        }
    }

    /** Before Linux 5.8 there was no such call, and a filter of that age refuses it with EPERM: then no shell can ask. */
    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash", "busybox"})
    void javaIsFoundWhereAccessCannotBeAsked(String shell) {
        Programs.require(shell);
        Launcher launcher = Launcher.in(folder).shell("perl");
        launcher.shell(Launcher.resource("refuse.pl").toString())
                .shell("faccessat2")
                .shell(shell);
        if (shell.equals("busybox")) {
            launcher.shell("sh");
        }
        List<String> echo = List.of("sh", "-c", "cat <&5");
        for (String java : List.of("", Launcher.javaHomes().get(0).toString())) {
            List<String> words = new ArrayList<>(List.of("run", "--lock-dir", folder.toString(), "--"));
            words.addAll(echo);
            ProcessBuilder builder = launcher.builder(words);
            builder.environment().put("JAVA_HOME", java);
            List<String> all = new ArrayList<>(List.of("sh", "-c", "echo hello >f; exec 5<f; exec \"$@\"", "sh"));
            all.addAll(builder.command());
            builder.command(all).directory(folder.toFile());
            try (Child run = Child.start(builder)) {
                assertThat(run.awaitExit()).as("%s", run).isZero();
                assertThat(run.stdout()).isEqualTo("hello\n");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status orders, 3",
        "stop orders, 0",
        "restart orders, 3",
        "reload orders, 3",
        "--version, 0",
        "run -- true, 71",
        "redeploy orders -- true, 71"
    })
    void folderThatWasDeletedNeedsNoStackTrace(String words, int code) throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        String place = words.startsWith("--") ? "" : " --lock-dir " + folder;
        String command = words.replaceFirst("^(\\w+)", "$1" + place);
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "cd " + gone + "; rmdir " + gone + "; exec " + Launcher.executable() + " " + command);
        try (Child run = Child.start(builder)) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            assertThat(run.stderr()).doesNotContain("\tat ", "Exception", "Error occurred");
            assertThat(run.stderr().contains("working folder does not exist")).isEqualTo(code == 71);
        }
    }

    /** In the root folder, where the JVM runs then, they would be something else, and not running. */
    @ParameterizedTest
    @ValueSource(strings = {"stop --lock-file ./orders.lock", "status --lock-dir locks", "ps --tracking-dir locks"})
    void relativePathInAFolderThatWasDeletedIsRefused(String words) throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "cd " + gone + "; rmdir " + gone + "; exec " + Launcher.executable() + " " + words);
        try (Child run = Child.start(builder)) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr())
                    .contains("holdfast: the path \"")
                    .contains("is relative, and the working folder does not exist any more; write the whole path");
        }
    }
}
