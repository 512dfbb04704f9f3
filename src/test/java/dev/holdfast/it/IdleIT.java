package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.WakeUps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A launcher that supervises or waits does nothing: no thread of it wakes up. */
@Timeout(180)
class IdleIT {
    /** The JVM's own that wake up in any program, as bin/holdfast switches them off. */
    private static final List<String> QUIET_JVM = List.of(
            "-XX:-UsePerfData",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:GuaranteedSafepointInterval=0",
            "-XX:AsyncDeflationInterval=3600000",
            "-XX:GuaranteedAsyncDeflationInterval=3600000",
            "-XX:ServiceThreadCleanupInterval=0");

    @TempDir
    Path locks;

    /**
     * Who supervises, who waits for it, and a server that guards itself, with a control socket for second launches: of the
     * library's threads none is woken up. On each Java, in one window of time.
     */
    @Test
    void nobodyIsWokenUp() throws IOException {
        List<Child> runs = new ArrayList<>();
        List<Child> others = new ArrayList<>();
        try {
            for (Path java : Launcher.javaHomes()) {
                runs.add(supervised(java).run(List.of(), Launcher.server()));
            }
            runs.forEach(Child::awaitServer);
            for (Path java : Launcher.javaHomes()) {
                others.add(supervised(java).run(List.of("--on-conflict", "wait"), Launcher.server()));
                others.add(Child.start(EmbeddedServer.in(java, QUIET_JVM, folder(java, "embedded"), "activate=1000")));
            }
            for (int i = 0; i < others.size(); i += 2) {
                others.get(i).awaitErr("waiting for");
                others.get(i + 1).awaitServer();
            }
            WakeUps.assertNone(Stream.concat(runs.stream(), others.stream()).toArray(Child[]::new));
            others.forEach(Child::close);
            runs.forEach(run -> run.signal("TERM"));
            assertThat(runs).allSatisfy(run -> assertThat(run.awaitExit()).isZero());
        } finally {
            others.forEach(Child::close);
            runs.forEach(Child::close);
        }
    }

    private Launcher supervised(Path java) throws IOException {
        return Launcher.in(folder(java, "supervised")).java(java);
    }

    private Path folder(Path java, String name) throws IOException {
        return Files.createDirectories(locks.resolve(java.getFileName()).resolve(name));
    }

    /** The measure is good for something: a process that looks each 100 ms does not pass. */
    @Test
    void pollingIsSeen() {
        List<String> polling =
                List.of("sh", "-c", "echo up; while :; do perl -e 'select undef, undef, undef, 0.1'; done");
        try (Child run = Child.start(new ProcessBuilder(polling))) {
            run.awaitOut("up");
            assertThatThrownBy(() -> WakeUps.assertNone(List.of(run), Duration.ofSeconds(1), Duration.ofSeconds(2)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("wake-ups of \"sh ");
        }
    }

    /** Nor does one that never sleeps, and so is never woken up. */
    @Test
    void spinningIsSeen() {
        try (Child run = Child.start(new ProcessBuilder("sh", "-c", "echo up; while :; do :; done"))) {
            run.awaitOut("up");
            assertThatThrownBy(() -> WakeUps.assertNone(List.of(run), Duration.ofSeconds(1), Duration.ofSeconds(2)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("wake-ups of \"sh ");
        }
    }

    /** At the lock file, by a single thread. */
    @ForEachJava
    @Tag("long")
    void libraryLooksOnceAMinute(Path java) {
        try (Child embedded = Child.start(EmbeddedServer.in(java, QUIET_JVM, locks, "activate=1000"))) {
            embedded.awaitServer();
            Map<String, Long> wakeUps = WakeUps.during(embedded, Duration.ofSeconds(65));
            assertThat(wakeUps.entrySet())
                    .filteredOn(thread -> thread.getKey().startsWith("holdfast"))
                    .allSatisfy(thread ->
                            assertThat(thread.getValue()).as("%s", wakeUps).isLessThanOrEqualTo(3));
        }
    }

    /** With the look at the lock file each minute, and what the JVM does each minute. */
    @ForEachJava
    @Tag("long")
    void oneLookAMinuteIsAll(Path java) {
        try (Child run = Launcher.in(locks).java(java).run(List.of(), Launcher.server())) {
            run.awaitServer();
            Map<String, Long> wakeUps = WakeUps.during(run, Duration.ofSeconds(65));
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(wakeUps)
                    .allSatisfy((thread, times) -> assertThat(times)
                            .as("wake-ups of \"%s\" in 65 s: %s", thread, wakeUps)
                            .isLessThanOrEqualTo(thread.startsWith("java ") || WakeUps.isJvmsOwn(thread) ? 60 : 3));
        }
    }
}
