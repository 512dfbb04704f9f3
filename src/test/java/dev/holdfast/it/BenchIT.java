package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark measures, prints what it says it prints, and leaves nothing behind. What it measures is not asked. */
@Tag("alone")
@Timeout(180)
class BenchIT {
    @TempDir
    Path folder;

    private Child bench(String... words) {
        Programs.require("python3");
        List<String> command = new ArrayList<>(List.of("src/bench/run"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TMPDIR", folder.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return Child.start(builder);
    }

    private JsonNode measured(String group) throws IOException {
        Path application = Launcher.executable().resolve("../..").normalize();
        Path json = folder.resolve("results.json");
        try (Child bench =
                bench("--quick", "--rounds=1", "--only=" + group, "--json=" + json, "--application=" + application)) {
            assertThat(bench.awaitExit()).as("%s", bench).isZero();
            JsonNode results = new ObjectMapper().readTree(json.toFile());
            assertThat(bench.stdout()).contains(results.at("/machine/cpu").asText());
            for (JsonNode table : results.get("tables")) {
                assertThat(bench.stdout()).contains("### " + table.get("title").asText());
                table.get("rows")
                        .forEach(row -> assertThat(bench.stdout())
                                .contains("\n| " + row.get("name").asText()));
            }
            Files.delete(json);
            assertThat(folder).isEmptyDirectory();
            return results;
        }
    }

    private static List<String> names(JsonNode results, int table) {
        List<String> names = new ArrayList<>();
        results.at("/tables/" + table + "/rows")
                .forEach(row -> names.add(row.get("name").asText()));
        return names;
    }

    @Test
    void startIsComparedWithAnEmptyProgram() throws IOException {
        JsonNode results = measured("start");
        assertThat(names(results, 0))
                .contains("empty Java program", "holdfast run -- true", "refused start", "status", "true alone");
        JsonNode run = results.at("/tables/0/rows/3");
        assertThat(run.get("name").asText()).isEqualTo("holdfast run -- true");
        assertThat(run.get("median").asDouble()).isPositive();
        assertThat(run.get("n").asInt()).isEqualTo(1);
        // Near 1, and of one round: a busy machine makes it less. What is certain is that a JVM starts.
        assertThat(run.at("/ratios/empty Java program/median").asDouble()).isPositive();
        List<JsonNode> rows = new ArrayList<>();
        results.at("/tables/0/rows").forEach(rows::add);
        assertThat(rows)
                .filteredOn(row -> row.get("name").asText().equals("true alone"))
                .singleElement()
                .satisfies(alone -> assertThat(run.get("median").asDouble())
                        .isGreaterThan(3 * alone.get("median").asDouble()));
        assertThat(results.at("/tables/0/goals/0/limit").asDouble()).isEqualTo(2.2);
    }

    @Test
    void latenciesAreMeasuredThroughALauncherAndWithout() throws IOException {
        for (String group : List.of("signal", "exit")) {
            assertThat(names(measured(group), 0)).contains("no launcher", "holdfast run");
        }
    }

    @Test
    void handOverIsMeasured() throws IOException {
        assertThat(names(measured("handover"), 0)).contains("holdfast run --on-conflict wait");
    }

    @Test
    void memoryIsMeasured() throws IOException {
        JsonNode results = measured("memory");
        assertThat(names(results, 2))
                .contains("holdfast run, supervising", "idle empty Java program, Holdfast's options");
    }

    @Test
    void missingApplicationIsToldAndHowToMakeIt() {
        try (Child bench = bench("--application=" + folder)) {
            assertThat(bench.awaitExit()).isEqualTo(2);
            assertThat(bench.stderr()).contains("there is no application in " + folder, "mvn -q package -DskipTests");
        }
    }

    @Test
    void unknownGroupIsRefused() {
        try (Child bench = bench("--only=speed")) {
            assertThat(bench.awaitExit()).isEqualTo(2);
            assertThat(bench.stderr()).contains("there is no group speed; there are start, signal, ");
        }
    }
}
