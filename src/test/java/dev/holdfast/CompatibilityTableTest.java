package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of behaviours names tests that exist, and leaves none out. */
class CompatibilityTableTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))#(\\w+)`");
    private static final Pattern ROW = Pattern.compile("\\| ([TDCSY]\\d+) \\|.*");
    private static final Map<String, Integer> BEHAVIOURS = Map.of("T", 14, "D", 20, "C", 10, "S", 20, "Y", 11);

    private static String table = "";
    private static final Map<String, Class<?>> CLASSES = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException, ClassNotFoundException {
        table = Files.readString(Path.of("src/site/markdown/compatibility.md"));
        Path root = Path.of("src/test/java");
        try (Stream<Path> sources = Files.walk(root)) {
            for (Path source : sources.filter(file -> file.toString().matches(".*(IT|Test)\\.java"))
                    .toList()) {
                String name = root.relativize(source).toString().replace(".java", "");
                Class<?> type = Class.forName(
                        name.replace('/', '.'), false, Thread.currentThread().getContextClassLoader());
                CLASSES.put(type.getSimpleName(), type);
            }
        }
    }

    @Test
    void everyTestThatIsNamedExists() {
        Matcher matcher = TEST.matcher(table);
        List<String> missing = matcher.results()
                .filter(result -> !exists(result.group(1), result.group(2)))
                .map(result -> result.group(1) + "#" + result.group(2))
                .toList();
        assertThat(missing).isEmpty();
        assertThat(TEST.matcher(table).results()).hasSizeGreaterThan(100);
    }

    private static boolean exists(String type, String method) {
        Class<?> found = CLASSES.get(type);
        return found != null
                && Arrays.stream(found.getDeclaredMethods())
                        .anyMatch(candidate -> candidate.getName().equals(method)
                                && Arrays.stream(candidate.getAnnotations())
                                        .anyMatch(annotation -> isTest(annotation.annotationType())));
    }

    private static boolean isTest(Class<?> annotation) {
        return annotation.getSimpleName().endsWith("Test");
    }

    @Test
    void noBehaviourIsLeftOut() {
        List<String> expected = Stream.of("T", "D", "C", "S", "Y")
                .flatMap(group -> IntStream.rangeClosed(1, BEHAVIOURS.getOrDefault(group, 0))
                        .mapToObj(number -> group + number))
                .toList();
        List<String> rows = table.lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
        assertThat(rows).isEqualTo(expected);
    }

    @Test
    void everyRowNamesATestOrSaysWhyNot() {
        List<String> silent = table.lines()
                .filter(line -> ROW.matcher(line).matches())
                .filter(line -> !TEST.matcher(line).find())
                .filter(line -> !line.contains("does not apply"))
                .toList();
        assertThat(silent).isEmpty();
    }
}
