package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exit codes on the page for those who come from elsewhere, theirs and ours, are what these programs end with. */
@Timeout(180)
class ComingFromIT {
    private static final Map<String, List<String>> SITUATIONS = Map.of(
            "the command ends with 3", List.of("--", "sh", "-c", "exit 3"),
            "the command dies of TERM", List.of("--", "sh", "-c", "kill -TERM $$"),
            "the command dies of KILL", List.of("--", "sh", "-c", "kill -KILL $$"),
            "the command is not found", List.of("--", "/nowhere/to/be/found"),
            "the command may not be executed", List.of("--", "/etc/passwd"),
            "no command is given", List.of(),
            "an option is unknown", List.of("-Z", "--", "true"));

    @TempDir
    Path locks;

    private List<String> program(String name) {
        return switch (name) {
            case "tini" -> List.of(Programs.require(name), "-s"); // it is not the first process here
            case "Holdfast" ->
                List.of(Launcher.executable().toString(), "run", "--name", "orders", "--lock-dir", locks.toString());
            default -> List.of(Programs.require(name));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"tini", "dumb-init", "catatonit", "Holdfast"})
    void exitCodesOnThePageAreThePrograms(String name) throws IOException {
        List<List<String>> table = table();
        int column = table.get(0).indexOf(name);
        assertThat(column).isPositive();
        List<List<String>> rows = table.subList(2, table.size());
        assertThat(rows).extracting(row -> row.get(0)).containsExactlyInAnyOrderElementsOf(SITUATIONS.keySet());
        for (List<String> row : rows) {
            List<String> words = new ArrayList<>(program(name));
            words.addAll(SITUATIONS.getOrDefault(row.get(0), List.of()));
            try (Child child = Child.start(new ProcessBuilder(words))) {
                assertThat(child.awaitExit())
                        .as("%s: %s", row.get(0), child)
                        .isEqualTo(Integer.parseInt(row.get(column)));
            }
        }
    }

    private static List<List<String>> table() throws IOException {
        String page = Files.readString(Path.of("src/site/markdown/coming-from.md"));
        String part = page.substring(page.indexOf("## Exit codes"), page.indexOf("## tini"));
        return part.lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> List.of(line.substring(1).trim().split(" *\\| *")))
                .toList();
    }
}
