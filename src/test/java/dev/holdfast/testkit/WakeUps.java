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

    /**
     * Waits until processes are at rest, all at once, and fails when a thread of them that is not the JVM's is woken up in
     * five seconds. Who sleeps disturbs nobody, so many are measured in the time of one.
     */
    public static void assertNone(Child... runs) {
        assertNone(List.of(runs), LONGEST_START, WINDOW);
    }

    /** The same in another window of time, but does not wait for longer than that for a process that never comes to rest. */
    public static void assertNone(List<Child> runs, Duration restWithin, Duration window) {
        Map<String, Long> wakeUps = during(runs, window, restWithin);
        assertThat(wakeUps)
                .allSatisfy((thread, times) -> assertThat(times)
                        .as("wake-ups of \"%s\" in %s: %s; the processes: %s", thread, window, wakeUps, runs)
                        .isLessThanOrEqualTo(allowed(thread)));
    }

    /** Waits until a process is at rest, and counts from then on, by thread. A thread that was never woken up is left out. */
    public static Map<String, Long> during(Child run, Duration window) {
        return during(List.of(run), window, LONGEST_START);
    }

    private static Map<String, Long> during(List<Child> runs, Duration window, Duration restWithin) {
        awaitRest(runs, restWithin);
        Map<String, Long> before = switches(runs);
        pass(runs, window);
        return difference(before, switches(runs));
    }

    /** All of them live on for so long. */
    private static void pass(List<Child> runs, Duration time) {
        assertThat(runs.get(0).endsWithin(time)).as("%s", runs).isFalse();
        assertThat(runs).allMatch(Child::isAlive);
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
    private static void awaitRest(List<Child> runs, Duration within) {
        Map<String, Long> last = switches(runs);
        for (int second = 0; second < within.toSeconds(); second++) {
            pass(runs, Duration.ofSeconds(1));
            Map<String, Long> now = switches(runs);
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
    private static Map<String, Long> switches(List<Child> runs) {
        Map<String, Long> switches = new TreeMap<>();
        runs.forEach(run -> addSwitches(run.pid(), switches));
        return switches;
    }

    private static void addSwitches(long pid, Map<String, Long> switches) {
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
                        status.get(0).substring("Name:".length()).trim() + " " + task.getFileName() + " of " + pid,
                        asleep + ran / SPIN_NANOS);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
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
