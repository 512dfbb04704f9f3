package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A launcher that supervises does nothing: no thread of it wakes up. Two of the JVM's own do, once in five seconds, and
 * no option keeps them from it: the compiler's, which waits with a timeout, and the one that sweeps the pools of the
 * JVM's memory arenas.
 */
@Tag("alone")
@Timeout(120)
class IdleIT {
    private static final List<String> EACH_FIVE_SECONDS = List.of("C1 CompilerThre", "VM Periodic Tas");

    @TempDir
    Path locks;

    static List<Path> javaHomes() {
        return Launcher.javaHomes();
    }

    /** How often each thread was woken up or taken off its processor so far, by name and thread id. */
    private static Map<String, Long> switches(long pid) {
        Map<String, Long> switches = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                List<String> status = Files.readAllLines(task.resolve("status"));
                long sum = status.stream()
                        .filter(line -> line.contains("ctxt_switches"))
                        .mapToLong(line -> Long.parseLong(line.split(":")[1].trim()))
                        .sum();
                switches.put(status.get(0).substring("Name:".length()).trim() + " " + task.getFileName(), sum);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return switches;
    }

    private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> difference = new TreeMap<>();
        after.forEach((thread, count) -> {
            long more = count - before.getOrDefault(thread, 0L);
            if (more > 0) {
                difference.put(thread, more);
            }
        });
        return difference;
    }

    private static boolean isJvmsOwn(String thread) {
        return EACH_FIVE_SECONDS.stream().anyMatch(thread::startsWith);
    }

    /** Most wake-ups in five seconds. The service thread cleans up behind a compiler thread that has ended of idleness. */
    private static long allowed(String thread) {
        return isJvmsOwn(thread) ? 2 : thread.startsWith("Service Thread") ? 3 : 0;
    }

    /** Until what the start has left to be done is done: a second without a wake-up. Gives up, and lets the test tell. */
    private static void awaitRest(Child run) {
        Map<String, Long> last = switches(run.pid());
        for (int second = 0; second < 10; second++) {
            assertThat(run.endsWithin(Duration.ofSeconds(1))).isFalse();
            Map<String, Long> now = switches(run.pid());
            if (difference(last, now).keySet().stream().allMatch(IdleIT::isJvmsOwn)) {
                return;
            }
            last = now;
        }
    }

    private Map<String, Long> wakeUps(Path java, Duration window) {
        try (Child run = Launcher.in(locks).java(java).run(List.of(), Launcher.server())) {
            run.awaitServer();
            awaitRest(run);
            Map<String, Long> before = switches(run.pid());
            assertThat(run.endsWithin(window)).isFalse();
            Map<String, Long> wakeUps = difference(before, switches(run.pid()));
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            return wakeUps;
        }
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void nothingWakesUp(Path java) {
        assertThat(wakeUps(java, Duration.ofSeconds(5)))
                .allSatisfy((thread, times) -> assertThat(times)
                        .as("wake-ups of \"%s\" in 5 s", thread)
                        .isLessThanOrEqualTo(allowed(thread)));
    }

    /** With the look at the lock file each minute, and what the JVM does each minute. */
    @ParameterizedTest
    @MethodSource("javaHomes")
    @Tag("long")
    void oneLookAMinuteIsAll(Path java) {
        Map<String, Long> wakeUps = wakeUps(java, Duration.ofSeconds(65));
        assertThat(wakeUps)
                .allSatisfy((thread, times) -> assertThat(times)
                        .as("wake-ups of \"%s\" in 65 s: %s", thread, wakeUps)
                        .isLessThanOrEqualTo(thread.startsWith("java ") || isJvmsOwn(thread) ? 60 : 3));
    }
}
