package dev.holdfast;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;

/** The tests that a text names, as in {@code StopIT#whatHappens}, and which of them there are. */
final class NamedTests {
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test|Contract))#(\\w+)`");
    private static final Path ROOT = Path.of("src/test/java");

    private final Map<String, Class<?>> classes = new TreeMap<>();

    NamedTests() throws IOException, ClassNotFoundException {
        try (Stream<Path> sources = Files.walk(ROOT)) {
            for (Path source : sources.filter(file -> file.toString().matches(".*(IT|Test|Contract)\\.java"))
                    .toList()) {
                String name = ROOT.relativize(source).toString().replace(".java", "");
                Class<?> type = Class.forName(
                        name.replace('/', '.'), false, Thread.currentThread().getContextClassLoader());
                classes.put(type.getSimpleName(), type);
            }
        }
    }

    /** How many tests a text names. */
    static long count(String text) {
        return TEST.matcher(text).results().count();
    }

    /** Those of them that do not exist. */
    List<String> missing(String text) {
        return TEST.matcher(text)
                .results()
                .filter(result -> !exists(result.group(1), result.group(2)))
                .map(result -> result.group(1) + "#" + result.group(2))
                .toList();
    }

    private boolean exists(String type, String method) {
        Class<?> found = classes.get(type);
        return found != null
                && Arrays.stream(found.getDeclaredMethods())
                        .anyMatch(candidate -> candidate.getName().equals(method)
                                && Arrays.stream(candidate.getAnnotations())
                                        .anyMatch(annotation -> isTest(annotation.annotationType())));
    }

    private static boolean isTest(Class<? extends Annotation> annotation) {
        return annotation.getSimpleName().endsWith("Test") || annotation.isAnnotationPresent(ParameterizedTest.class);
    }
}
