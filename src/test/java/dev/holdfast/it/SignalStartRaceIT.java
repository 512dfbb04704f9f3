package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guards "no lost signal" while everything is still being started: whenever a stop signal comes, the launcher ends by
 * it, and neither a server nor a lock file is left.
 */
@Timeout(300)
class SignalStartRaceIT {
    private static final boolean LONG =
            System.getProperty("holdfast.stress", "short").equals("long");
    private static final Map<String, Integer> NUMBERS = Map.of("TERM", 15, "INT", 2, "QUIT", 3, "HUP", 1);
    private static final List<String> SIGNALS = List.of("TERM", "INT", "QUIT", "HUP");
    private static final int LAST_MICROS = 200_000;
    private static final int SERVERS_CODE = 42;
    private static final int AT_ONCE = 2;

    @TempDir
    Path locks;

    @TempDir
    Path tools;

    @ForEachJava
    void signalDuringTheStartIsNeverLost(Path home) throws InterruptedException, ExecutionException, IOException {
        race(Launcher.in(locks).java(home), SIGNALS, LONG ? 100 : 40, LAST_MICROS);
    }

    /**
     * bash forgets an INT that comes while it waits for a program in the foreground. It always ignores QUIT, so one that
     * comes before the script is done is lost, and nothing can be done about it from within.
     */
    @Test
    void norWhereTheShellIsBash() throws InterruptedException, ExecutionException, IOException {
        race(Launcher.in(locks).shell("bash"), List.of("TERM", "INT", "HUP"), LONG ? 200 : 40, 15_000);
    }

    /** Up to twice as late, since the JVM starts twice. */
    @ForEachJava
    void norWhereSignalsCannotBeBlockedFromTheStart(Path home)
            throws InterruptedException, ExecutionException, IOException {
        race(withoutBlockSignal(Launcher.in(locks).java(home)), SIGNALS, LONG ? 100 : 16, 2 * LAST_MICROS);
    }

    @Test
    void launcherThatStartedAgainStopsGracefullyAndShowsNothingOfIt() throws IOException {
        Launcher launcher = withoutBlockSignal(Launcher.in(locks));
        try (Child run = launcher.run(List.of("--grace=50s"), Launcher.server("exit=42"))) {
            long server = run.awaitServer();
            String environment = Files.readString(Path.of("/proc/" + server + "/environ"), StandardCharsets.ISO_8859_1);
            assertThat(environment).contains("HOLDFAST_NAME=").doesNotContain("STARTED_AGAIN", "_JAVA_SR_SIGNUM");
            for (String signal : List.of("USR1", "USR2", "QUIT")) {
                run.signal(signal);
                run.awaitOut("got " + signal);
            }
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(SERVERS_CODE);
            assertThat(run.stderr()).contains("reason=SIGQUIT");
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    /** As with busybox, or with coreutils before 8.31. */
    private Launcher withoutBlockSignal(Launcher launcher) throws IOException {
        Path env = tools.resolve("env");
        Files.writeString(env, """
                #!/bin/sh
                case $1 in --block-signal*) echo "env: unrecognized option" >&2; exit 125 ;; esac
                exec /usr/bin/env "$@"
                """);
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rwxr-xr-x"));
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/env")), "needs /usr/bin/env");
        return launcher.env("PATH", tools + ":" + System.getenv("PATH"));
    }

    private void race(Launcher launcher, List<String> signals, int rounds, int lastMicros)
            throws InterruptedException, ExecutionException, IOException {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                int round = i;
                results.add(pool.submit(() -> round(launcher, round, signals.get(round % signals.size()), (int)
                        ((long) lastMicros * round / rounds))));
            }
            for (int round = 0; round < rounds; round++) {
                int number = NUMBERS.getOrDefault(signals.get(round % signals.size()), 0);
                // "signal": it came before anything was blocked, and so before anything was started.
                assertThat(results.get(round).get())
                        .as("round %d", round)
                        .isIn("signal " + number, "exit " + (128 + number), "exit " + SERVERS_CODE);
            }
            assertThat(launcher.leftovers()).isEmpty();
            assertThat(serversLeft()).isEmpty();
        } finally {
            pool.shutdownNow();
            var unused = pool.awaitTermination(5, TimeUnit.SECONDS);
            var unusedPids = serversLeft(); // a round that was interrupted does not get to its own cleaning up
        }
    }

    private String round(Launcher launcher, int round, String signal, int delayMicros) {
        List<String> words = new ArrayList<>(
                List.of("run", "--lock-dir", locks.toString(), "--name", "r" + round, "--grace=50s", "--"));
        words.addAll(Launcher.server("exit=" + SERVERS_CODE));
        ProcessBuilder builder = launcher.builder(words);
        builder.command()
                .addAll(
                        0,
                        List.of(
                                "sh",
                                "-c",
                                "ulimit -c 0; exec \"$@\"", // QUIT dumps core
                                "sh",
                                "perl",
                                Launcher.resource("race.pl").toString(),
                                signal,
                                Integer.toString(delayMicros)));
        try (Child race = Child.start(builder)) {
            race.awaitExit();
            String[] lines = race.stdout().split("\n");
            return lines[lines.length - 1];
        }
    }

    /** By the lock folder in their environment: they are nobody's children any more. */
    private List<Long> serversLeft() throws IOException {
        List<Long> left = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (environment(process).contains("HOLDFAST_LOCK_FILE=" + locks)) {
                    left.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        left.forEach(pid -> Processes.signal(pid, "KILL"));
        return left;
    }

    private static String environment(Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended, or is somebody else's
        }
    }
}
