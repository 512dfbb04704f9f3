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
    private static final Duration LONGEST_START = Duration.ofSeconds(20);
    /** No wake-up of a thread that finds nothing to do takes so long, however slow the machine. */
    private static final long SPIN_NANOS = 100_000_000;

    private WakeUps() {}

    /** Waits until a process is at rest, and fails when a thread of it that is not the JVM's is woken up in five seconds. */
    public static void assertNone(Child run) {
        assertNone(run, LONGEST_START);
    }

    /** The same, but does not wait for longer than that for a process that never comes to rest. */
    public static void assertNone(Child run, Duration restWithin) {
        Map<String, Long> wakeUps = during(run, WINDOW, restWithin);
        assertThat(wakeUps)
                .allSatisfy((thread, times) -> assertThat(times)
                        .as("wake-ups of \"%s\" in %s: %s", thread, WINDOW, wakeUps)
                        .isLessThanOrEqualTo(allowed(thread)));
    }

    /** Waits until a process is at rest, and counts from then on, by thread. A thread that was never woken up is left out. */
    public static Map<String, Long> during(Child run, Duration window) {
        return during(run, window, LONGEST_START);
    }

    private static Map<String, Long> during(Child run, Duration window, Duration restWithin) {
        awaitRest(run, restWithin);
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

    /**
     * Until what the start has left to be done is done: a second in which nobody but the JVM's own was woken up, and
     * those not more than once. A compiler that is woken up again and again still has the start's work to do; without an
     * archive there is more of it. Gives up, and lets the test tell.
     */
    private static void awaitRest(Child run, Duration within) {
        Map<String, Long> last = switches(run.pid());
        for (int second = 0; second < within.toSeconds(); second++) {
            assertThat(run.endsWithin(Duration.ofSeconds(1))).as("%s", run).isFalse();
            Map<String, Long> now = switches(run.pid());
            if (difference(last, now).entrySet().stream()
                    .allMatch(thread -> isJvmsOwn(thread.getKey()) && thread.getValue() <= 1)) {
                return;
            }
            last = now;
        }
    }

    /**
     * How often each thread went to sleep so far, by name and thread id. Each time it was woken up before. How often it
     * was taken off its processor does not count: that is the doing of others, on a busy machine. A thread that never
     * sleeps is seen by the time that it takes, of which each {@link #SPIN_NANOS} are as good as a wake-up.
     */
    private static Map<String, Long> switches(long pid) {
        Map<String, Long> switches = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                List<String> status = lines(task.resolve("status"));
                List<String> ticks = lines(task.resolve("schedstat"));
                if (status.isEmpty() || ticks.isEmpty()) {
                    continue;
                }
                long asleep = status.stream()
                        .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                        .mapToLong(line -> Long.parseLong(line.split(":")[1].trim()))
                        .sum();
                long ran = Long.parseLong(ticks.get(0).split(" ")[0]);
                switches.put(
                        status.get(0).substring("Name:".length()).trim() + " " + task.getFileName(),
                        asleep + ran / SPIN_NANOS);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return switches;
    }

    /** None when the thread has ended meanwhile. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
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
