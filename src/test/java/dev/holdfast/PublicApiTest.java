package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What users of the library see, compared with a list that is checked in: there is no release yet that a tool could
 * compare with.
 */
class PublicApiTest {
    private static final Path RECORDED = Path.of("src/test/resources/public-api.txt");
    private static final Path FOUND = Path.of("target/public-api.txt");

    @Test
    void publicApiIsTheOneThatIsCheckedIn() throws IOException, URISyntaxException {
        List<String> found = PublicApi.lines();
        Files.write(FOUND, found);
        List<String> recorded = Files.readAllLines(RECORDED);
        List<String> gone = without(recorded, found);
        List<String> added = without(found, recorded);
        assertThat(found)
                .as(
                        "the public API has changed: gone %s, new %s. If that is meant, copy %s to %s in the same commit;"
                                + " if not, put back what is gone, and make what is new package-private",
                        gone, added, FOUND, RECORDED)
                .isEqualTo(recorded);
    }

    private static List<String> without(List<String> lines, List<String> others) {
        List<String> left = new ArrayList<>(lines);
        others.forEach(left::remove);
        return left;
    }

    /** Users of the module could neither name, catch nor pass anything else. */
    @Test
    void publicApiNamesOnlyWhatIsExported() throws IOException, URISyntaxException {
        List<String> packages = PublicApi.exportedPackages();
        Set<String> hidden = new TreeSet<>();
        for (Class<?> type : PublicApi.types()) {
            for (Class<?> named : PublicApi.namedBy(type)) {
                if (!isVisible(named, packages)) {
                    hidden.add(type.getName() + " names " + named.getName());
                }
            }
        }
        assertThat(hidden).isEmpty();
    }

    private static boolean isVisible(Class<?> type, List<String> packages) {
        boolean isOurs = type.getName().startsWith("dev.holdfast.");
        return isOurs
                ? Modifier.isPublic(type.getModifiers()) && packages.contains(type.getPackageName())
                : type.isPrimitive() || type.getName().startsWith("java.");
    }

    @Test
    void pathsArePathsAndPidsAreLong() throws IOException, URISyntaxException {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : PublicApi.types()) {
            for (Executable executable : PublicApi.executables(type)) {
                if (executable instanceof Method method && method.getParameterCount() == 0) {
                    lines.add(method.getReturnType().getName() + " " + method.getName());
                }
            }
        }
        assertThat(lines)
                .filteredOn(line -> line.matches(".* (path|lockFile)"))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("java.nio.file.Path "));
        assertThat(lines)
                .filteredOn(line -> line.matches(".* (pid|.*Pid)"))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("long "));
    }
}
