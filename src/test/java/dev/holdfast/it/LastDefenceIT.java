package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.cli.FailingLauncher;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No error in the launcher leaves a server running that nobody watches. */
@Timeout(180)
class LastDefenceIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "RUN_SPAWNED, TERM, true",
        "RUN_RECORDED, none, true",
        "RUN_READY, none, false",
        "RELEASE_STOPPING, none, true",
        "RELEASE_STOPPING, none, false",
        "RELEASE_REAPED, none, false",
        "RUN_GONE, none, true"
    })
    void failingLauncherEndsItsServerAndItsTree(String step, String deathSignal, boolean heedsTerm) throws IOException {
        Path pids = folder.resolve("pids");
        String script = (heedsTerm ? "" : "trap '' TERM; ") + "echo $$ >>" + pids + "; sh -c 'echo $$ >>" + pids
                + "; while :; do sleep 300; done' & while :; do sleep 300 & wait $!; done";
        Path locks = Files.createDirectory(folder.resolve("locks"));
        List<String> words = List.of(
                "--lock-dir",
                locks.toString(),
                "--name",
                "orders",
                "--grace",
                "700ms",
                "--death-signal",
                deathSignal,
                "--",
                "sh",
                "-c",
                script);
        ProcessBuilder builder = new ProcessBuilder(FailingLauncher.command(step, words));
        builder.environment().put("HOLDFAST_HOME", folder.toString());
        try (Child launcher = Child.start(builder)) {
            if (step.startsWith("RELEASE") || step.equals("RUN_GONE")) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Files.exists(pids) && pids(pids).count() == 2);
                if (step.equals("RELEASE_STOPPING")) {
                    Processes.signal(launcher.pid(), "TERM");
                } else {
                    Processes.signal(pids(pids).findFirst().orElseThrow(), "KILL");
                }
            }
            assertThat(launcher.awaitExit()).as("%s", launcher).isEqualTo(70);
            assertThat(launcher.stderr()).contains("internal error").doesNotContain("\tat ");
            if (Files.exists(pids)) {
                assertThat(pids(pids).filter(Processes::isAlive)).isEmpty();
            }
            assertThat(locks).isEmptyDirectory();
        }
    }

    /** Both end within one grace, and each is asked to, whatever the other one makes of that. */
    @ParameterizedTest
    @CsvSource({
        "is ready pid=, tree, true",
        "is another one now, group, true",
        "is another one now, tree, false",
        "reason=replaced, group, false",
    })
    void launcherThatFailsDuringAnOverlapEndsBothServers(String line, String killMode, boolean oldHeedsTerm)
            throws IOException {
        Path pids = folder.resolve("pids");
        Path got = folder.resolve("got");
        String server = "echo $$ >>" + pids + "; while :; do sleep 0.05; done";
        String up = server.replace("; while", "; echo >&7; while");
        String heeds = "trap 'echo '$0' >>" + got + "; exit' TERM; ";
        Path locks = Files.createDirectory(folder.resolve("locks"));
        List<String> words = new ArrayList<>(List.of("--lock-dir", locks.toString(), "--name", "orders"));
        words.addAll(List.of("--grace", oldHeedsTerm ? "1m" : "3s", "--death-signal", "none", "--kill-mode", killMode));
        words.addAll(List.of("--", "sh", "-c", (oldHeedsTerm ? heeds : "trap '' TERM; ") + server, "old"));
        ProcessBuilder builder = new ProcessBuilder(FailingLauncher.command(line, words));
        builder.environment().put("HOLDFAST_HOME", folder.toString());
        Launcher client = Launcher.in(locks).env("HOLDFAST_HOME", folder.toString());
        try (Child launcher = Child.start(builder)) {
            await().until(() -> Files.exists(pids) && pids(pids).count() == 1);
            client.awaitRecordedServer("orders");
            List<String> redeploy =
                    new ArrayList<>(List.of("redeploy", "orders", "--lock-dir", locks.toString(), "--overlap"));
            redeploy.addAll(List.of("--settle", "1s"));
            redeploy.addAll(List.of("--ready-fd", "7", "--", "sh", "-c", heeds + up, "new"));
            try (Child asked = client.command(redeploy)) {
                assertThat(launcher.awaitExit()).as("%s", launcher).isEqualTo(70);
                assertThat(asked.awaitExit()).as("%s", asked).isEqualTo(69);
            }
            assertThat(pids(pids)).hasSize(2).noneMatch(Processes::isAlive);
            List<String> asked = oldHeedsTerm ? List.of("old", "new") : List.of("new");
            assertThat(Files.readAllLines(got)).containsExactlyInAnyOrderElementsOf(asked);
            assertThat(locks).isEmptyDirectory();
        }
    }

    private static Stream<Long> pids(Path file) {
        try {
            return Files.readAllLines(file).stream().map(Long::parseLong);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
