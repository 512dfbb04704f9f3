package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How often the threads of a process that has nothing to do are woken up: never. Two of the JVM's own are, once in five
 * seconds, and no option keeps them from it: the compiler's, which waits with a timeout, and the one that sweeps the
 * pools of the JVM's memory arenas.
 */
public final class WakeUps {
    private static final List<String> EACH_FIVE_SECONDS = List.of("C1 CompilerThre", "VM Periodic Tas");
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private WakeUps() {}

    /** Waits until a process is at rest, and fails when a thread of it that is not the JVM's is woken up in five seconds. */
    public static void assertNone(Child run) {
        Map<String, Long> wakeUps = during(run, WINDOW);
        assertThat(wakeUps)
                .allSatisfy((thread, times) -> assertThat(times)
                        .as("wake-ups of \"%s\" in %s: %s", thread, WINDOW, wakeUps)
                        .isLessThanOrEqualTo(allowed(thread)));
    }

    /** Waits until a process is at rest, and counts from then on, by thread. A thread that was never woken up is left out. */
    public static Map<String, Long> during(Child run, Duration window) {
        awaitRest(run);
        Map<String, Long> before = switches(run.pid());
        assertThat(run.endsWithin(window)).as("%s", run).isFalse();
        return difference(before, switches(run.pid()));
    }

    /** Whether a thread is one of the JVM's that wake up in a process at rest, too. */
    public static boolean isJvmsOwn(String thread) {
        return EACH_FIVE_SECONDS.stream().anyMatch(thread::startsWith);
    }

    /** In five seconds. The service thread cleans up behind a compiler thread that has ended of idleness. */
    private static long allowed(String thread) {
        return isJvmsOwn(thread) ? 2 : thread.startsWith("Service Thread") ? 3 : 0;
    }

    /** Until what the start has left to be done is done: a second without a wake-up. Gives up, and lets the test tell. */
    private static void awaitRest(Child run) {
        Map<String, Long> last = switches(run.pid());
        for (int second = 0; second < 10; second++) {
            assertThat(run.endsWithin(Duration.ofSeconds(1))).as("%s", run).isFalse();
            Map<String, Long> now = switches(run.pid());
            if (difference(last, now).keySet().stream().allMatch(WakeUps::isJvmsOwn)) {
                return;
            }
            last = now;
        }
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
}
