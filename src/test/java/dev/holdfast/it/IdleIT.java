package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.WakeUps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    @ForEachJava
    void nothingWakesUp(Path java) {
        try (Child run = Launcher.in(locks).java(java).run(List.of(), Launcher.server())) {
            run.awaitServer();
            WakeUps.assertNone(run);
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    @ForEachJava
    void waiterIsNotWokenUp(Path java) {
        Launcher launcher = Launcher.in(locks).java(java);
        try (Child first = launcher.run(List.of(), Launcher.server())) {
            first.awaitServer();
            try (Child waiter = launcher.run(List.of("--on-conflict", "wait"), Launcher.server())) {
                waiter.awaitErr("waiting for");
                WakeUps.assertNone(waiter);
            }
        }
    }

    /** A server that guards itself, with a control socket for second launches: of the library's threads none is woken up. */
    @ForEachJava
    void libraryWakesNobodyUp(Path java) {
        try (Child embedded = Child.start(EmbeddedServer.in(java, QUIET_JVM, locks, "activate=1000"))) {
            embedded.awaitServer();
            WakeUps.assertNone(embedded);
        }
    }

    /** The measure is good for something: a process that looks each 100 ms does not pass. */
    @Test
    void pollingIsSeen() {
        List<String> polling =
                List.of("sh", "-c", "echo up; while :; do perl -e 'select undef, undef, undef, 0.1'; done");
        try (Child run = Child.start(new ProcessBuilder(polling))) {
            run.awaitOut("up");
            assertThatThrownBy(() -> WakeUps.assertNone(run, Duration.ofSeconds(2)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("wake-ups of \"sh ");
        }
    }

    /** Nor does one that never sleeps, and so is never woken up. */
    @Test
    void spinningIsSeen() {
        try (Child run = Child.start(new ProcessBuilder("sh", "-c", "echo up; while :; do :; done"))) {
            run.awaitOut("up");
            assertThatThrownBy(() -> WakeUps.assertNone(run, Duration.ofSeconds(1)))
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
