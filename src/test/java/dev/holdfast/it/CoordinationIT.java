package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances side by side: each with a lock of its own, all with one for their data, and nothing left of any. */
@Timeout(180)
class CoordinationIT {
    private static final String OWN_LOCK = "orders\\.\\d+-[0-9a-f]{8}\\.lock";

    @TempDir
    Path locks;

    @Test
    void anyNumberRunsSideBySideAndEachIsFoundAndStopped() {
        Launcher launcher = Launcher.in(locks);
        List<Child> all = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                all.add(launcher.run(List.of("--coordination", "file_lock"), Launcher.server()));
            }
            all.forEach(Child::awaitServer);
            all.forEach(this::awaitRecordedServer);
            assertThat(lockFiles()).hasSize(3).allMatch(name -> name.matches(OWN_LOCK));
            String file = lockFiles().stream()
                    .filter(name -> name.startsWith("orders." + all.get(1).pid() + "-"))
                    .findFirst()
                    .orElseThrow();
            String instance = file.substring(0, file.length() - ".lock".length());
            try (Child status = launcher.command(List.of("status", "--lock-dir", locks.toString()))) {
                assertThat(status.awaitExit()).isZero();
                assertThat(status.stdout())
                        .contains("orders: running, pid " + all.get(0).pid());
                assertThat(status.stdout())
                        .contains("orders: running, pid " + all.get(2).pid());
            }
            try (Child stop = launcher.command(List.of("stop", instance, "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(all.get(1).awaitExit()).isZero();
            assertThat(all.get(0).isAlive() && all.get(2).isAlive()).isTrue();
            all.get(0).terminate();
            all.get(2).terminate();
            assertThat(all.get(0).awaitExit() + all.get(2).awaitExit()).isZero();
            assertThat(launcher.leftovers()).isEmpty();
        } finally {
            all.forEach(Child::close);
        }
    }

    @Test
    void allHaveOneLockForTheirDataAndLoseNothing() throws IOException {
        Path data = Files.createDirectory(locks.resolve("data"));
        Path counter = Files.writeString(data.resolve("counter"), "0\n");
        // Not atomic: what two of them read at once is counted once.
        String count = "for i in $(seq 25); do flock \"$HOLDFAST_DATA_LOCK\" sh -c "
                + "'n=$(cat \"$0\"); echo $((n + 1)) > \"$0\"' '" + counter + "'; done";
        Launcher launcher = Launcher.in(locks);
        List<Child> all = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                all.add(launcher.run(
                        List.of("--coordination=file_lock", "--data-dir", data.toString()),
                        List.of("sh", "-c", count)));
            }
            for (Child child : all) {
                assertThat(child.awaitExit()).as("%s", child).isZero();
            }
            assertThat(Files.readString(counter)).isEqualTo("100\n");
            assertThat(data.resolve(".holdfast.lock")).exists();
        } finally {
            all.forEach(Child::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void dataLockIsBesideTheInstancesUnlessAFolderIsNamed(String handOff) {
        List<String> options = List.of("--coordination", "file_lock", "--handoff", handOff);
        List<String> print = List.of("sh", "-c", "echo \"$HOLDFAST_DATA_LOCK\"");
        try (Child server = Launcher.in(locks).run(options, print)) {
            assertThat(server.awaitExit()).isZero();
            assertThat(server.stdout()).isEqualTo(locks.resolve("orders.data-lock") + "\n");
        }
    }

    @Test
    void noneIsOffAndSaysSo() {
        // The variable of a server around this one is not passed on as if it were ours.
        Launcher launcher = Launcher.in(locks).env("HOLDFAST_DATA_LOCK", "/tmp/around.lock");
        List<String> print = List.of("sh", "-c", "echo \"[$HOLDFAST_DATA_LOCK]\"");
        try (Child first = launcher.run(List.of("--coordination", "none"), Launcher.server());
                Child second = launcher.run(List.of("--coordination", "none"), print)) {
            first.awaitServer();
            assertThat(second.awaitExit()).isZero();
            assertThat(second.stdout()).isEqualTo("[]\n");
            assertThat(second.stderr())
                    .contains("coordination is off: nothing keeps instances of \"orders\" from running at once");
        }
    }

    /** Nothing can be written anywhere: home, the folder of locks, the working folder and all others. */
    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void noneNeedsNoFolder(String handOff) throws IOException {
        for (Path java : Launcher.javaHomes()) {
            for (String mode : List.of("none", "file_lock")) {
                boolean isOff = mode.equals("none");
                ProcessBuilder builder = nowhereToWrite(Launcher.in(locks)
                        .java(java)
                        .builder(List.of(
                                "run",
                                "--coordination",
                                mode,
                                "--handoff",
                                handOff,
                                "--",
                                "sh",
                                "-c",
                                "echo ran; exit 5")));
                try (Child run = Child.start(builder)) {
                    assertThat(run.awaitExit()).as("%s", run).isEqualTo(isOff ? 5 : 73);
                    assertThat(run.stdout()).isEqualTo(isOff ? "ran\n" : "");
                    assertThat(run.stderr()).contains("read-only file system");
                    assertThat(run.stderr().contains("status and stop do not find this instance"))
                            .isEqualTo(isOff);
                }
            }
        }
    }

    @Test
    void instanceWithoutAFileIsStoppedAndRestartedLikeAnyOther() throws IOException {
        List<String> words = new ArrayList<>(
                List.of("run", "--coordination", "none", "--restart", "on-failure", "--restart-delay", "10ms", "--"));
        words.addAll(
                List.of("sh", "-c", "trap 'echo stopped; exit 0' TERM; echo ready $$; while :; do sleep 0.1; done"));
        try (Child run = Child.start(nowhereToWrite(Launcher.in(locks).builder(words)))) {
            long first = run.awaitServer();
            Processes.signal(first, "KILL");
            long second = Long.parseLong(run.awaitOut("ready " + first + "\nready (\\d+)"));
            run.awaitErr("status and stop do not find this instance");
            Processes.signal(run.pid(), "TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).endsWith("stopped\n");
            assertThat(Processes.isAlive(second)).isFalse();
            assertThat(run.stderr()).doesNotContain("control socket", "removed or replaced");
        }
        List<String> explain = List.of("run", "--coordination", "none", "--explain", "--", "true");
        try (Child run = Child.start(nowhereToWrite(Launcher.in(locks).builder(explain)))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).contains("where it can be made");
        }
    }

    private ProcessBuilder nowhereToWrite(ProcessBuilder builder) throws IOException {
        // The bind mount of a folder onto itself, made read-only, is where everything of this start would be.
        String script =
                "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && cd \"$0\" && ! touch x 2>/dev/null"
                        + " && exec \"$@\"";
        try (Child probe =
                Child.start(new ProcessBuilder("unshare", "--mount", "sh", "-c", script, locks.toString(), "true"))) {
            assumeTrue(probe.awaitExit() == 0, "needs root, and unshare and mount: " + probe.stderr());
        }
        List<String> all = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, locks.toString()));
        all.addAll(builder.command());
        builder.command(all);
        builder.environment().put("HOME", locks.toString());
        builder.environment().put("HOLDFAST_HOME", "/dev/null");
        builder.environment().put("HOLDFAST_LOCK_DIR", locks.toString());
        return builder;
    }

    @Test
    void whatMeansOneLockIsRefusedOrHasNoEffect() {
        try (Child refused = Launcher.in(locks)
                        .run(
                                List.of(
                                        "--coordination",
                                        "file_lock",
                                        "--lock-file",
                                        locks.resolve("x.lock").toString()),
                                List.of("true"));
                Child singleton =
                        Launcher.in(locks).run(List.of("--data-dir", "/tmp", "--data-dir", "/srv"), List.of("true"));
                Child noFolder = Launcher.in(locks)
                        .run(
                                List.of(
                                        "--coordination",
                                        "file_lock",
                                        "--data-dir",
                                        locks.resolve("missing").toString()),
                                List.of("true"));
                Child forced = Launcher.in(locks)
                        .env("FORCE_TERMINATE", "true")
                        .run(List.of("--coordination", "file_lock"), List.of("true"));
                Child notForced = Launcher.in(locks)
                        .env("FORCE_TERMINATE", "false")
                        .run(List.of("--coordination", "file_lock"), List.of("true"))) {
            assertThat(refused.awaitExit()).isEqualTo(64);
            assertThat(refused.stderr()).contains("--lock-file").contains("each instance has its own; use --lock-dir");
            assertThat(singleton.awaitExit())
                    .as("its data is only recorded: %s", singleton)
                    .isZero();
            assertThat(noFolder.awaitExit()).isEqualTo(73);
            assertThat(noFolder.stderr()).contains(locks.resolve("missing") + "/.holdfast.lock");
            assertThat(forced.awaitExit()).isZero();
            assertThat(forced.stderr()).contains("FORCE_TERMINATE has no effect with --coordination file_lock");
            assertThat(notForced.awaitExit()).isZero();
            assertThat(notForced.stderr()).isEmpty();
        }
    }

    /** Also with one that ends at once, or whose launcher does not stay. */
    @ParameterizedTest
    @CsvSource({"supervise,sleep 60", "supervise,true", "exec,true"})
    void filesOfKilledInstancesGoWithTheNextStart(String handOff, String command) throws IOException {
        Launcher launcher = Launcher.in(locks);
        List<String> options = List.of("--coordination", "file_lock", "--handoff", handOff);
        try (Child killed = launcher.run(List.of("--coordination", "file_lock"), Launcher.server());
                Child orphaning = launcher.run(
                        List.of("--coordination", "file_lock", "--death-signal", "none"), Launcher.server())) {
            long killedServer = killed.awaitServer();
            long orphan = orphaning.awaitServer();
            awaitRecordedServer(killed);
            killed.signal("KILL");
            orphaning.signal("KILL");
            killed.awaitExitWithoutOutput();
            orphaning.awaitExitWithoutOutput();
            Processes.awaitDeath(killedServer); // or it would be found alive
            Path foreign = Files.writeString(locks.resolve("orders.backup.lock"), "mine");
            try {
                assertThat(lockFiles()).hasSize(3);
                try (Child next = launcher.run(options, List.of(command.split(" ")))) {
                    if (command.equals("true")) {
                        next.awaitExit();
                    }
                    // Its lock file, and its socket.
                    await().untilAsserted(() -> assertThat(launcher.leftovers())
                            .noneMatch(name -> name.startsWith("orders." + killed.pid() + "-")));
                    next.terminate();
                    next.awaitExit();
                }
                // What an orphaned server holds, and what is not ours, stays.
                assertThat(lockFiles())
                        .contains(foreign.getFileName().toString())
                        .anyMatch(name -> name.startsWith("orders." + orphaning.pid() + "-"));
            } finally {
                Processes.signal(orphan, "KILL");
            }
        }
    }

    /** More than one turn of the loop has time for. */
    @Test
    void filesOfManyKilledInstancesGoWithOneStart() throws IOException {
        Launcher launcher = Launcher.in(locks);
        try (Child killed = launcher.run(List.of("--coordination", "file_lock"), Launcher.server())) {
            long server = killed.awaitServer();
            awaitRecordedServer(killed);
            killed.signal("KILL");
            killed.awaitExit();
            Processes.awaitDeath(server);
            Path left = locks.resolve(lockFiles().get(0));
            for (int i = 0; i < 60; i++) {
                Path copy = locks.resolve(String.format("orders.%d-%08x.lock", killed.pid(), i));
                Files.copy(left, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
            try (Child next = launcher.run(List.of("--coordination", "file_lock"), Launcher.server())) {
                next.awaitServer();
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(lockFiles())
                                .noneMatch(name -> name.startsWith("orders." + killed.pid() + "-")));
            }
        }
    }

    @Test
    void twelveStartsAtOnceDoNotRemoveEachOthersFiles() {
        Launcher launcher = Launcher.in(locks);
        List<Child> all = new ArrayList<>();
        try {
            IntStream.range(0, 12)
                    .forEach(i -> all.add(launcher.run(List.of("--coordination", "file_lock"), Launcher.server())));
            all.forEach(Child::awaitServer);
            assertThat(lockFiles()).hasSize(12);
            all.forEach(Child::terminate);
            all.forEach(child -> assertThat(child.awaitExit()).isZero());
            assertThat(launcher.leftovers()).isEmpty();
        } finally {
            all.forEach(Child::close);
        }
    }

    @Test
    void explainTellsOfBothLocksAndStartsNothing() {
        try (Child explained = Launcher.in(locks)
                .run(List.of("--coordination", "file_lock", "--data-dir", "/srv", "--explain"), List.of("true"))) {
            assertThat(explained.awaitExit()).isZero();
            assertThat(explained.stdout())
                    .containsPattern("lock file +its own, named after its id, such as \\S+/" + OWN_LOCK)
                    .containsPattern("data lock +/srv/\\.holdfast\\.lock")
                    .contains("would start the server beside any other instance");
        }
    }

    /** As a start would. */
    @Test
    void explainRefusesDataWithoutAFolder() {
        for (List<String> options : List.of(List.of("--explain"), List.<String>of())) {
            try (Child refused = Launcher.in(locks)
                    .run(
                            Stream.concat(
                                            Stream.of("--coordination=file_lock", "--data-dir=/srv/none"),
                                            options.stream())
                                    .toList(),
                            List.of("true"))) {
                assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(73);
                assertThat(refused.stderr()).contains("/srv/none/.holdfast.lock");
            }
        }
    }

    /** By then it has said what the server shall get at its death. */
    private void awaitRecordedServer(Child run) {
        String file = lockFiles().stream()
                .filter(name -> name.startsWith("orders." + run.pid() + "-"))
                .findFirst()
                .orElseThrow();
        Launcher.in(locks).awaitRecordedServer(file.substring(0, file.length() - ".lock".length()));
    }

    /** Sockets come a moment later, and are not always there. */
    private List<String> lockFiles() {
        return Launcher.in(locks).leftovers().stream()
                .filter(name -> name.endsWith(".lock"))
                .toList();
    }
}
