package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast history}, by what real launchers have written. */
@Timeout(180)
class HistoryIT {
    @TempDir
    Path locks;

    @TempDir
    Path home;

    private Launcher launcher() {
        return Launcher.in(locks).env("HOLDFAST_HOME", home.resolve("own").toString());
    }

    private String history(String... words) {
        List<String> line = new ArrayList<>(List.of("history"));
        line.addAll(List.of(words));
        try (Child history = launcher().command(line)) {
            assertThat(history.awaitExit()).as("%s", history).isZero();
            return history.stdout();
        }
    }

    /** What happens in the first tenth of a second of a server's life is written after that. */
    private void awaitWritten(String event) {
        Path file = home.resolve("own/history.jsonl");
        await().until(() -> Files.exists(file) && Files.readString(file).contains("\"event\":\"" + event + "\""));
    }

    @Test
    void oneLifeWithAllThatCanHappen() throws IOException {
        try (Child first = launcher().run(List.of(), Launcher.server("argument-in-no-history"))) {
            first.awaitServer();
            awaitWritten("start");
            try (Child refused = launcher().run(List.of(), List.of("true"))) {
                assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
            }
            try (Child second = launcher()
                    .env("TOKEN", "value-in-no-history")
                    .run(List.of("--force", "--app-version", "2"), Launcher.server())) {
                second.awaitServer();
                assertThat(first.awaitExit()).as("%s", first).isZero();
                awaitWritten("takeover");
                second.signal("KILL");
                second.awaitExit();
            }
        }
        try (Child third = launcher().run(List.of("--on-conflict", "wait"), List.of("sh", "-c", "exit 3"))) {
            assertThat(third.awaitExit()).as("%s", third).isEqualTo(3);
        }
        String told = history("orders");
        assertThat(told.lines()
                        .map(line -> line.replaceAll("^.{19}  orders  ", "")
                                .replaceAll("-[0-9a-f]{8},", "-ID,")
                                .replaceAll("[0-9]+", "N")
                                .replaceAll("took Ns", "took Nms")
                                .replaceAll(" by pid N of [^,]*, took", " by pid N, took")
                                .replaceAll("(crash     pid N).*", "$1")))
                .as("%s", told)
                .containsExactly(
                        "start     pid N, version N",
                        "refusal   pid N, already running, by pid N",
                        "stop      pid N, SIGTERM by pid N, took Nms, code N",
                        "takeover  from pid N, instance N-ID, forced",
                        "start     pid N, version N",
                        "crash     pid N",
                        "start     pid N, version N",
                        "stop      pid N, ended, code N");
        assertThat(history("-n", "1", "--json")).startsWith("[{\"time\":").contains("\"event\":\"stop\"", "\"code\":3");
        assertThat(Files.readString(home.resolve("own/history.jsonl"))).doesNotContain("in-no-history", "server.pl");
    }

    /** Nobody stays who could write: its start is known while it runs, and its end once somebody has looked. */
    @Test
    void serverThatTookItsLaunchersPlaceIsTold() throws IOException {
        Path registry = home.resolve("own/instances");
        try (Child run = launcher().run(List.of("--death-signal", "KILL"), List.of("sleep", "100"))) {
            await().until(() ->
                    Files.isDirectory(registry) && registered(registry).size() == 1);
            Path own = registered(registry).get(0);
            String id = run.pid() + "-00000000";
            // What an exec writes where the machine is quick enough
            String exec = Files.readString(own)
                    .replaceAll("\"instanceId\":\"[^\"]*", "\"instanceId\":\"" + id)
                    .replace("\"name\":\"orders\"", "\"name\":\"taken\"")
                    .replaceAll("\"heartbeatSeconds\":[0-9]+", "\"heartbeatSeconds\":0");
            Files.writeString(registry.resolve("server_" + id + ".json"), exec);
            awaitWritten("start");
            String start = "taken  start     pid " + run.pid() + ", version 0, by exec\n";
            assertThat(history("taken")).endsWith(start);
            assertThat(history("-n", "0")).isEmpty();
            assertThat(history().lines()).hasSize(2).first().asString().contains("  taken   start ");
            long its = Processes.children(run.pid()).get(0);
            run.signal("KILL");
            run.awaitExit();
            Processes.awaitDeath(its);
            for (int i = 0; i < 2; i++) { // the second time, nothing is found any more
                assertThat(history("-n", "2", "taken").replaceAll("(?m)^[^a-z]*  taken", "taken"))
                        .isEqualTo(start + "taken  stop      pid " + run.pid() + ", ended unseen; found by now\n");
            }
            assertThat(history("--json", "taken")).contains("\"reason\":\"exec\"", "\"reason\":\"found-ended\"");
        }
    }

    private static List<Path> registered(Path registry) throws IOException {
        try (Stream<Path> files = Files.list(registry)) {
            return files.filter(file -> file.getFileName().toString().startsWith("server_"))
                    .toList();
        }
    }

    /** Whatever is in its place, the start is the same, and nothing is said of it. */
    @Test
    void historyThatCannotBeWrittenDisturbsNobody() throws IOException {
        Path own = Files.createDirectory(home.resolve("own"));
        Files.createDirectory(own.resolve("history.jsonl"));
        try (Child run = launcher().run(List.of(), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).isEmpty();
        }
        try (Child history = launcher().command(List.of("history", "--json"))) {
            assertThat(history.awaitExit()).as("%s", history).isEqualTo(66);
            assertThat(history.stdout()).isEqualTo("[]\n");
            assertThat(history.stderr())
                    .isEqualTo(
                            "holdfast: cannot read " + own + "/history.jsonl: it is a directory, not a regular file\n");
        }
    }

    /** As much as there can be, within the heap of a command; and a file that somebody else has filled. */
    @ForEachJava
    void fullHistoryIsPrintedWhole(Path java) throws IOException {
        Path own = Files.createDirectory(home.resolve("own"));
        StringBuilder full = new StringBuilder();
        for (int i = 0; i < 5400; i++) {
            full.append("{\"time\":\"2026-11-28T00:00:00.000Z\",\"event\":\"stop\",\"name\":\"orders")
                    .append(i)
                    .append(
                            "\",\"instanceId\":\"10000-00000000\",\"pid\":10000,\"reason\":\"SIGTERM\",\"byPid\":12345,")
                    .append("\"byUid\":0,\"tookMillis\":12,\"code\":143}\n");
        }
        for (String suffix : List.of("", ".1", ".2", ".3")) {
            Files.writeString(own.resolve("history.jsonl" + suffix), full);
        }
        try (Child all = launcher().java(java).command(List.of("history", "--json", "-n", "all"))) {
            assertThat(all.awaitExit()).as("%s", all).isZero();
            assertThat(new ObjectMapper().readTree(all.stdout())).hasSize(4 * 5400);
        }
        try (RandomAccessFile grown =
                new RandomAccessFile(own.resolve("history.jsonl").toFile(), "rw")) {
            grown.setLength(1L << 30);
        }
        try (Child last = launcher().java(java).command(List.of("history", "-n", "1"))) {
            assertThat(last.awaitExit()).as("%s", last).isZero();
            assertThat(last.stdout()).contains("orders5399  stop");
        }
    }
}
