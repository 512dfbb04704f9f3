package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes around a running instance, or is odd about the place where it starts. */
@Timeout(180)
class SurroundingsIT {
    @TempDir
    Path locks;

    /** Words below others, such as unshare's; skips the test where these cannot do what they are for. */
    private static Child below(List<String> outer, ProcessBuilder builder) {
        List<String> words = new ArrayList<>(outer);
        words.add("true");
        try (Child probe = Child.start(new ProcessBuilder(words))) {
            assumeTrue(probe.awaitExit() == 0, "needs namespaces and mounts of its own: " + probe.stderr());
        }
        words = new ArrayList<>(outer);
        words.addAll(builder.command());
        return Child.start(builder.command(words));
    }

    private ProcessBuilder holdfast(String verb, String... rest) {
        List<String> words = new ArrayList<>(
                List.of(verb, "--lock-file", locks.resolve("orders.lock").toString()));
        words.addAll(List.of(rest));
        return Launcher.in(locks).builder(words);
    }

    private String answer(ProcessBuilder builder, int code) {
        try (Child child = Child.start(builder)) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(code);
            return child.stdout() + child.stderr();
        }
    }

    private ProcessBuilder start(String... options) {
        List<String> rest = new ArrayList<>(List.of("--name", "orders"));
        rest.addAll(List.of(options));
        rest.add("true");
        return holdfast("run", rest.toArray(String[]::new));
    }

    /** Ticks tell who it is; the time of day is for readers. */
    @ParameterizedTest
    @ValueSource(strings = {"1971", "2099"})
    void clockThatJumpedMakesNobodyAnotherOne(String year) throws IOException {
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server())) {
            first.awaitServer();
            Path file = locks.resolve("orders.lock");
            await().until(() -> Files.readString(file).contains("\"state\":\"running\""));
            String moved = Files.readString(file).replaceFirst("\"startTime\":\"\\d{4}", "\"startTime\":\"" + year);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(moved.getBytes(StandardCharsets.US_ASCII)), 0);
            }
            assertThat(answer(holdfast("status"), 0)).contains("running, pid " + first.pid(), "started " + year);
            assertThat(answer(start(), 75)).contains("pid " + first.pid(), "started " + year);
            assertThat(answer(holdfast("stop"), 0)).contains("stopped");
            assertThat(first.awaitExit()).isZero();
        }
    }

    /** It cannot answer, but a signal and a continuation reach it. */
    @ParameterizedTest
    @ValueSource(strings = {"stop", "force"})
    void launcherThatIsStoppedByASignalIsSeenAndEnded(String how) {
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server())) {
            first.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            Processes.stop(first.pid());
            assertThat(answer(holdfast("status"), 0)).contains("running, pid " + first.pid());
            assertThat(answer(start(), 75)).contains("pid " + first.pid());
            answer(how.equals("stop") ? holdfast("stop") : start("--force"), 0);
            assertThat(first.awaitExit()).isZero();
            assertThat(first.stdout()).contains("got TERM");
        }
    }

    /** Nothing is unpacked there, and nothing of it executed. */
    @Test
    void folderFromWhichNothingMayBeExecutedIsFine() {
        List<String> mounted = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec none \"$0\" && TMPDIR=$0 && export TMPDIR && exec \"$@\"",
                locks.toString());
        ProcessBuilder run = holdfast("run", "--name", "orders", "--pre-start", "echo before", "echo", "ran");
        try (Child child = below(mounted, run)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            assertThat(child.stdout()).endsWith("ran\n");
        }
    }

    @Test
    void hostWhoseNameHasChangedKeepsItsInstance() {
        List<String> one = List.of("unshare", "--uts", "sh", "-c", "hostname one && exec \"$@\"", "sh");
        List<String> two = List.of("unshare", "--uts", "sh", "-c", "hostname two && exec \"$@\"", "sh");
        try (Child first = below(one, holdfast("run", "--name", "orders", "sleep", "1000"))) {
            Launcher.in(locks).awaitRecordedServer("orders");
            for (ProcessBuilder command : List.of(holdfast("status"), holdfast("stop"))) {
                try (Child child = below(two, command)) {
                    assertThat(child.awaitExit()).as("%s", child).isZero();
                }
            }
            first.awaitExit();
        }
    }

    /** From outside it is a process as any other; from inside the files outside are nobody's that one could be. */
    @Test
    void holderInAUserNamespaceIsSeenFromOutside() {
        List<String> inside = List.of("unshare", "--user", "--map-root-user");
        try (Child first = below(inside, holdfast("run", "--name", "orders", "sleep", "1000"))) {
            Launcher.in(locks).awaitRecordedServer("orders");
            assertThat(answer(holdfast("status"), 0)).contains("running, pid " + first.pid());
            assertThat(answer(start(), 75)).contains("pid " + first.pid());
            try (Child second = below(inside, start("--force"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("never signalled");
            }
            assertThat(answer(holdfast("stop"), 0)).contains("stopped");
            first.awaitExit();
        }
    }
}
