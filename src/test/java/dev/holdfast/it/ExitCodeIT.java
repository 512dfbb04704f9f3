package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guards that the launcher's exit code is the server's, for every code and every deadly signal. */
@Timeout(180)
class ExitCodeIT {
    private static final int AT_ONCE = 3;
    /** CHLD, CONT, URG and WINCH are ignored by default; STOP, TSTP, TTIN and TTOU stop. */
    private static final List<Integer> NOT_DEADLY = List.of(17, 18, 23, 28, 19, 20, 21, 22);

    @TempDir
    Path locks;

    @Test
    void everyExitCodeIsPassedOn() throws InterruptedException, ExecutionException {
        assertCodes("exit %d", IntStream.range(0, 256), 0);
    }

    @Test
    void everyDeadlySignalIsPassedOn() throws InterruptedException, ExecutionException {
        IntStream signals = IntStream.concat(
                IntStream.rangeClosed(1, 31).filter(number -> !NOT_DEADLY.contains(number)),
                IntStream.of(34, 35, 50, 62, 64));
        assertCodes("ulimit -c 0; kill -%d $$", signals, 128);
    }

    private void assertCodes(String script, IntStream numbers, int base)
            throws InterruptedException, ExecutionException {
        Map<Integer, Future<String>> results = new LinkedHashMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            numbers.forEach(number -> results.put(number, pool.submit(() -> run(script.formatted(number), number))));
            for (Map.Entry<Integer, Future<String>> result : results.entrySet()) {
                assertThat(result.getValue().get()).as(script, result.getKey()).isEqualTo(base + result.getKey() + " ");
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    /** Its exit code, and what it has complained about. */
    private String run(String script, int number) {
        try (Child run = Launcher.in(locks).run(List.of("--name", "s" + number), List.of("sh", "-c", script))) {
            int code = run.awaitExit();
            return code + " " + run.stderr();
        }
    }
}
