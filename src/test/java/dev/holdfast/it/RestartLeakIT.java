package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A launcher that restarts its server for ever stays as small as it was. {@code -Pstress} does it 1,000 times. */
@Tag("alone")
@Timeout(300)
class RestartLeakIT {
    private static final int WARM_UP = 40;
    private static final int RESTARTS = "long".equals(System.getProperty("holdfast.stress")) ? 1000 : 120;
    /** The heap may grow until the next collection. */
    private static final long MOST_GROWTH_KILOBYTES = 6 * 1024;

    private static final int LOOKS = 200;

    @TempDir
    Path locks;

    private record Size(int descriptors, long threads, long kilobytes) {
        static Size of(long pid) {
            return new Size(
                    descriptors(pid),
                    number(Processes.statusLine(pid, "Threads")),
                    number(Processes.statusLine(pid, "RssAnon")));
        }

        /** The fewest of many looks, since one may fall between a start and its end: there are copies for a spawn then. */
        private static int descriptors(long pid) {
            int fewest = Integer.MAX_VALUE;
            for (int look = 0; look < LOOKS; look++) {
                String[] open = new File("/proc/" + pid + "/fd").list();
                fewest = Math.min(fewest, open == null ? -1 : open.length);
            }
            return fewest;
        }

        private static long number(String text) {
            return Long.parseLong(text.replaceAll("\\D", ""));
        }
    }

    @Test
    void manyRestartsLeaveDescriptorsThreadsAndMemoryAsTheyWere() {
        List<String> options =
                List.of("--restart", "always", "--restart-delay", "0", "--restart-limit", "0", "--ready-log", "up");
        try (Child run = Launcher.in(locks).run(options, List.of("sh", "-c", "echo up"))) {
            awaitStarts(run, WARM_UP);
            Size before = Size.of(run.pid());
            awaitStarts(run, WARM_UP + RESTARTS);
            Size after = Size.of(run.pid());
            // While it goes on: what leaks grows with each start, and copies for a spawn are gone at one look or
            // another.
            await().alias("descriptors, " + before.descriptors() + " before")
                    .until(() -> Size.descriptors(run.pid()) <= before.descriptors() + 2);
            run.signal("TERM");
            run.awaitExit();
            assertThat(after.threads()).as("threads").isEqualTo(before.threads());
            assertThat(after.kilobytes()).as("RssAnon").isLessThan(before.kilobytes() + MOST_GROWTH_KILOBYTES);
        }
    }

    private static void awaitStarts(Child run, int n) {
        await().atMost(Duration.ofSeconds(200)).until(() -> run.stdout().length() >= n * "up\n".length());
    }
}
