package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guards "leave nothing behind" against a server that forks faster than all processes can be listed, and whose processes
 * ignore TERM. It ends by itself after some seconds, so that a launcher that loses harms nobody.
 */
@Tag("alone")
@Timeout(180)
class ForkStormIT {
    /** After so many the storm is over, whatever the launcher does. */
    private static final int SECONDS = 45;

    private static final Duration WELL_BEFORE = Duration.ofSeconds(25);

    @TempDir
    Path locks;

    /**
     * Few chains fork fastest, a few hundred processes, each living a while, are the most to be found at once. With many more
     * chains than processors the launcher may not get one for long enough: see the limits.
     */
    static Stream<Arguments> storms() {
        return Stream.of(
                Arguments.of("fast chains of one group", List.of("8", "0", "group")),
                Arguments.of("fast chains, a session for each process", List.of("8", "0", "sessions")),
                Arguments.of("over a hundred processes", List.of("120", "0.2", "sessions")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("storms")
    void stormEndsSoonAfterTheGrace(String name, List<String> storm) throws IOException {
        List<String> server = Stream.of(
                        List.of("perl", Launcher.resource("storm.pl").toString(), Integer.toString(SECONDS)),
                        storm,
                        List.of(locks.toString()))
                .flatMap(List::stream)
                .toList();
        try (Child run = Launcher.in(locks).run(List.of("--grace", "200ms", "-v"), server)) {
            // Against many others that want the processor, the launcher's first steps take their time; and so does a
            // look at what is below it, as other waits take one.
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> run.stdout().contains("ready ") && run.stderr().contains("started \"orders\""));
            long start = System.nanoTime();
            run.terminate();
            assertThat(run.awaitExit(WELL_BEFORE)).as("%s: %s", name, run).isEqualTo(137);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            assertThat(run.stderr()).doesNotContain("is still there");
            assertThat(stormers()).isZero();
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    /** How many processes of the storm live, by the folder's name among their arguments. */
    private long stormers() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes.filter(this::isStormer).count();
        }
    }

    private boolean isStormer(Path process) {
        try {
            String arguments = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return arguments.contains("storm.pl")
                    && arguments.contains(locks.toString())
                    && !arguments.contains("java");
        } catch (IOException e) {
            return false; // ended meanwhile, or no process
        }
    }
}
