package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernel shows start times by the boot time clock of whoever looks. A holder and an observer in two time namespaces
 * know each other all the same: by the kernel's ids of processes, and without these by ticks of the machine's own clock.
 */
@Timeout(180)
class TimeNamespaceIT {
    private static final List<String> OTHER_TIME =
            List.of("unshare", "--time", "--boottime", "100000", "--fork", "--kill-child");

    @TempDir
    Path locks;

    @BeforeEach
    void assumeTimeNamespaces() {
        Programs.require("unshare");
        List<String> words = new ArrayList<>(OTHER_TIME);
        words.addAll(List.of("cat", "/proc/self/timens_offsets"));
        try (Child child = Child.start(new ProcessBuilder(words))) {
            assumeTrue(
                    child.awaitExit() == 0 && child.stdout().contains("100000"),
                    "needs root and time namespaces (5.6)");
        }
    }

    private Child holdfast(boolean isInside, String... words) {
        List<String> all = new ArrayList<>(isInside ? OTHER_TIME : List.of());
        ProcessBuilder builder = Launcher.in(locks).builder(List.of(words));
        all.addAll(builder.command());
        return Child.start(builder.command(all));
    }

    private Child start(boolean isInside, boolean hasIds) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "--lock-dir", locks.toString(), "--name", "orders", "--"));
        words.addAll(Launcher.server());
        Child run = holdfast(isInside, words.toArray(String[]::new));
        run.awaitServer();
        Launcher.in(locks).awaitRecordedServer("orders");
        if (!hasIds) {
            // As an older kernel's; the holder writes no more before its stop.
            byte[] block = record().replace("\"pidfdId\"", "\"pidfdNo\"")
                    .replace("\"serverPidfdId\"", "\"serverPidfdNo\"")
                    .getBytes(StandardCharsets.ISO_8859_1);
            Files.write(locks.resolve("orders.lock"), block, StandardOpenOption.WRITE);
        }
        return run;
    }

    private String record() throws IOException {
        return Files.readString(locks.resolve("orders.lock"), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void healthyInstanceIsSeenRefusedAndStoppedByItsLauncher(boolean isObserverInside, boolean hasIds)
            throws IOException {
        try (Child run = start(!isObserverInside, hasIds)) {
            try (Child status = holdfast(isObserverInside, "status", "orders", "--lock-dir", locks.toString())) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
                assertThat(status.stdout()).startsWith("orders: running, pid ");
            }
            try (Child second = second(isObserverInside, "--on-conflict=fail")) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("(held, verified)").doesNotContain("orphaned");
            }
            try (Child stop = holdfast(isObserverInside, "stop", "orders", "--lock-dir", locks.toString())) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            run.awaitExit();
            assertThat(run.stderr()).as("its launcher has stopped it").contains("reason=SIGTERM");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void forcedStartTakesOver(boolean isObserverInside, boolean hasIds) throws IOException {
        try (Child run = start(!isObserverInside, hasIds);
                Child forced = second(isObserverInside, "--force")) {
            assertThat(forced.awaitExit()).as("%s", forced).isZero();
            assertThat(forced.stdout()).isEqualTo("ran\n");
            assertThat(forced.stderr()).doesNotContain("orphaned");
            run.awaitExit();
            assertThat(run.stderr()).as("its launcher has stopped it").contains("reason=SIGTERM");
        }
    }

    /** Whose launcher was killed is an orphan there, too, and its processes are told apart by when they began. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void orphanIsSeenAndEnded(boolean isObserverInside, boolean hasIds) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "--lock-dir", locks.toString(), "--name", "orders"));
        words.addAll(List.of("--death-signal", "none", "--"));
        words.addAll(Launcher.server());
        try (Child run = holdfast(!isObserverInside, words.toArray(String[]::new))) {
            long server = run.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            run.noteTree();
            Processes.signal(Long.parseLong(record().replaceAll("(?s).*?\"pid\":(\\d+).*", "$1")), "KILL");
            run.awaitExitWithoutOutput();
            if (!hasIds) {
                Files.writeString(
                        locks.resolve("orders.lock"),
                        record().replace("\"pidfdId\"", "\"pidfdNo\"")
                                .replace("\"serverPidfdId\"", "\"serverPidfdNo\""),
                        StandardOpenOption.WRITE);
            }
            try (Child status = holdfast(isObserverInside, "status", "orders", "--lock-dir", locks.toString())) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
                assertThat(status.stdout()).startsWith("orders: orphaned").contains("server pid " + server);
            }
            try (Child stop = holdfast(isObserverInside, "stop", "orders", "--lock-dir", locks.toString())) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(Processes.isAlive(server)).isFalse();
        }
    }

    private Child second(boolean isInside, String conflict) {
        return holdfast(
                isInside, "run", "--lock-dir", locks.toString(), "--name", "orders", conflict, "--", "echo", "ran");
    }
}
