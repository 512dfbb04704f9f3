package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast logs}: each line once, in its order, whatever happens to the files meanwhile. */
@Timeout(180)
class LogsIT {
    @TempDir
    Path folder;

    private Path log(String name) {
        return folder.resolve("home/logs/" + name + ".log");
    }

    private Launcher launcher() {
        return Launcher.in(folder).env("HOLDFAST_HOME", folder.resolve("home").toString());
    }

    private Child logs(String... words) {
        List<String> all = new ArrayList<>(List.of("logs"));
        all.addAll(List.of(words));
        return launcher().command(all);
    }

    private String shown(String... words) {
        try (Child logs = logs(words)) {
            assertThat(logs.awaitExit()).as("%s", logs).isZero();
            assertThat(logs.stderr()).isEmpty();
            return logs.stdout();
        }
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(log(name).getParent());
        Files.writeString(log(name), text);
    }

    private static String lines(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> "line " + i + "\n")
                .collect(Collectors.joining());
    }

    private Child run(List<String> options, String script) {
        List<String> all = new ArrayList<>(List.of("--output", log("orders").toString()));
        all.addAll(options);
        return launcher().run(all, List.of("perl", "-e", "$| = 1; " + script));
    }

    @Test
    void lastLinesAreShownThroughAllFiles() throws IOException {
        write("orders", "");
        assertThat(shown("orders")).isEmpty();
        write("orders", lines(21, 30));
        Files.writeString(log("orders").resolveSibling("orders.log.1"), lines(11, 20));
        Files.writeString(log("orders").resolveSibling("orders.log.2"), lines(1, 10));
        assertThat(shown("orders")).isEqualTo(lines(1, 30));
        assertThat(shown("orders", "-n", "0")).isEmpty();
        for (int n : new int[] {1, 9, 10, 11, 20, 25, 30, 31}) {
            assertThat(shown("orders", "-n", Integer.toString(n))).isEqualTo(lines(Math.max(1, 31 - n), 30));
        }
        Files.writeString(log("orders"), lines(21, 30) + "not ended");
        assertThat(shown("orders", "-n2")).isEqualTo(lines(30, 30) + "not ended");
        write("orders", lines(1, 300));
        Files.delete(log("orders").resolveSibling("orders.log.1"));
        Files.delete(log("orders").resolveSibling("orders.log.2"));
        assertThat(shown("orders")).isEqualTo(lines(201, 300));
        assertThat(shown("orders", "--lines", "all")).isEqualTo(lines(1, 300));
    }

    @Test
    void withoutANameAllAreShownEachLineWithItsName() throws IOException {
        write("orders", "a\nb\n");
        write("tax", "c\nd");
        assertThat(shown()).isEqualTo("orders | a\norders | b\ntax    | c\ntax    | d\n");
        assertThat(shown("-n", "1")).isEqualTo("orders | b\ntax    | d\n");
    }

    @Test
    void timesAreThoseOfTheLines() throws IOException {
        try (Child run = run(List.of(), "print qq(old\\n); sleep 5; print qq(new\\n)")) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ ";
        String both = shown("orders", "--timestamps");
        assertThat(both).matches(time + "old\n" + time + "new\n");
        assertThat(seconds(both, 1) - seconds(both, 0)).isBetween(4L, 30L);
        await().pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    // The two are five seconds apart: at some time only one of them is young enough.
                    String young = shown("orders", "--since", "4s");
                    assertThat(young).isIn("old\nnew\n", "new\n", "");
                    return young.equals("new\n") || young.isEmpty();
                });
        assertThat(shown("orders", "--since", "1h")).isEqualTo("old\nnew\n");
        assertThat(shown("orders", "--since", "1h", "-n", "1")).isEqualTo("new\n");
    }

    private static long seconds(String lines, int index) {
        return Instant.parse(lines.split("\n")[index].split(" ")[0]).getEpochSecond();
    }

    @Test
    void followerLosesNothingAndShowsNothingTwiceOverAHundredRotations() {
        int last = 200_000;
        String script = "for my $i (1.." + last + ") { print qq(line $i\\n); select undef, undef, undef, 0.002"
                + " unless $i % 500 }";
        try (Child follower = logs("-f", "-n", "all", "orders")) {
            try (Child run = run(List.of("--output-size", "16K", "--output-keep", "100"), script)) {
                assertThat(run.awaitExit(Duration.ofSeconds(90))).isZero();
            }
            assertThat(log("orders").resolveSibling("orders.log.100"))
                    .as("rotations enough")
                    .exists();
            await("all lines")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> follower.stdout().endsWith("line " + last + "\n"));
            assertThat(follower.stdout().equals(lines(1, last)))
                    .as("each line once")
                    .isTrue();
            assertThat(follower.stderr()).isEmpty();
        }
    }

    @Test
    void followerThatStoodStillCatchesUpThroughManyFiles() {
        Path go = folder.resolve("go");
        String script = "print qq(line 1\\n); select undef, undef, undef, 0.01 until -e '" + go + "';"
                + " for my $i (2..50000) { print qq(line $i\\n); select undef, undef, undef, 0.002 unless $i % 500 }";
        try (Child follower = logs("-f", "orders");
                Child run = run(List.of("--output-size", "16K", "--output-keep", "100"), script)) {
            follower.awaitOut("line 1\n");
            Processes.stop(follower.pid());
            Files.createFile(go);
            assertThat(run.awaitExit(Duration.ofSeconds(60))).isZero();
            assertThat(log("orders").resolveSibling("orders.log.5")).exists();
            follower.signal("CONT");
            await("all lines")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> follower.stdout().endsWith("line 50000\n"));
            assertThat(follower.stdout().equals(lines(1, 50_000)))
                    .as("each line once")
                    .isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void followerGoesOnThroughRestartsAndEndsAtCtrlCQuietly() {
        try (Child follower = logs("-f", "orders")) {
            for (int i = 1; i <= 3; i++) {
                try (Child run = run(List.of(), "print qq(start " + i + "\\n)")) {
                    assertThat(run.awaitExit()).as("%s", run).isZero();
                }
                follower.awaitOut("start " + i + "\n");
            }
            follower.signal("INT");
            assertThat(follower.awaitExit()).isEqualTo(130);
            assertThat(follower.stdout()).isEqualTo("start 1\nstart 2\nstart 3\n");
            assertThat(follower.stderr()).isEmpty();
        }
    }

    @Test
    void followerOfAllFindsNewLogs() throws IOException {
        write("orders", "a\n");
        try (Child follower = logs("-f")) {
            follower.awaitOut("orders \\| a\n");
            write("tax", "b\n");
            follower.awaitOut("tax +\\| b\n");
            Files.writeString(log("orders"), "a\nc\n");
            follower.awaitOut("orders \\| c\n");
        }
    }

    @Test
    void followerBeginsAnewInAFileThatWasCut() throws IOException {
        write("orders", "a long first line\n");
        try (Child follower = logs("-f", "orders")) {
            follower.awaitOut("first line\n");
            write("orders", "b\n");
            follower.awaitOut("b\n");
            assertThat(follower.stdout()).isEqualTo("a long first line\nb\n");
        }
    }

    @Test
    void followerEndsWithItsReader() throws IOException {
        write("orders", "a\n");
        ProcessBuilder builder = launcher().builder(List.of("logs", "-f", "orders"));
        List<String> line = new ArrayList<>(List.of("bash", "-c", "\"$@\" | head -n 1; echo ${PIPESTATUS[0]}", "bash"));
        line.addAll(builder.command());
        try (Child shell = Child.start(builder.command(line))) {
            shell.awaitExit();
            assertThat(shell.stdout()).isEqualTo("a\n141\n");
        }
    }

    @Test
    void whatIsNotThereIsTold() {
        try (Child logs = logs("orders")) {
            assertThat(logs.awaitExit()).as("%s", logs).isEqualTo(66);
            assertThat(logs.stderr()).contains("no output is kept of \"orders\"");
        }
        try (Child logs = logs()) {
            assertThat(logs.awaitExit()).as("%s", logs).isEqualTo(66);
        }
        for (List<String> words : List.of(
                List.of("../orders"), List.of("orders", "-n", "-1"), List.of("orders", "--since", "yesterday"))) {
            try (Child logs = logs(words.toArray(String[]::new))) {
                assertThat(logs.awaitExit()).as("%s", logs).isEqualTo(64);
            }
        }
    }
}
