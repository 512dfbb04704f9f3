package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Wrapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a wrapper makes of its server's exit code; that every code is passed on as it is, see {@link ExitCodeIT}. */
@Timeout(300)
class EntrypointExitCodeIT {
    private static final int AT_ONCE = 3;
    private static final int[] SAMPLE = {0, 1, 2, 63, 126, 127, 128, 130, 137, 143, 254, 255};

    @TempDir
    Path locks;

    /** T1, T2. Of 256 codes with a map for each of them, only its own may be taken. */
    @Test
    void mapOfACodeHoldsForThisCodeOnly() throws InterruptedException, ExecutionException {
        assertMaps(IntStream.of(SAMPLE));
    }

    @Test
    @Tag("long")
    void mapOfEveryCodeHoldsForThisCodeOnly() throws InterruptedException, ExecutionException {
        assertMaps(IntStream.range(0, 256));
    }

    private void assertMaps(IntStream codes) throws InterruptedException, ExecutionException {
        Map<String, Future<Integer>> results = new LinkedHashMap<>();
        Map<String, Integer> expected = new LinkedHashMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            codes.forEach(code -> {
                String all = maps(IntStream.range(0, 256), 0);
                String others = maps(IntStream.range(0, 256).filter(other -> other != code), 1);
                results.put("T1-" + code, pool.submit(() -> run("T1-" + code, all, code)));
                expected.put("T1-" + code, 255 - code);
                results.put("T2-" + code, pool.submit(() -> run("T2-" + code, others, code)));
                expected.put("T2-" + code, code);
            });
            for (Map.Entry<String, Future<Integer>> result : results.entrySet()) {
                assertThat(result.getValue().get()).as(result.getKey()).isEqualTo(expected.get(result.getKey()));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Turned around; shifted on, so that no code would stay by chance. */
    private static String maps(IntStream codes, int shift) {
        return codes.mapToObj(code -> code + "=" + (255 - code + shift) % 256).collect(Collectors.joining(","));
    }

    private int run(String name, String maps, int code) {
        List<String> options = List.of("--name", name, "--map-exit", maps);
        try (Child run = Launcher.in(locks).run(options, List.of("sh", "-c", "exit " + code))) {
            return run.awaitExit();
        }
    }

    /** D6. */
    @ParameterizedTest
    @EnumSource
    void codesArePassedOn(Wrapper wrapper) {
        for (int code : new int[] {0, 1, 2, 32, 64, 127, 254, 255}) {
            try (Child run = wrapper.start(locks, List.of("sh", "-c", "exit " + code))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            }
        }
    }

    /** D7. */
    @ParameterizedTest
    @EnumSource
    void deathsAreTheShellsCodes(Wrapper wrapper) {
        for (int signal : new int[] {15, 1, 3, 9}) {
            List<String> server = List.of("perl", "-e", "kill " + signal + ", $$; sleep 1000");
            try (Child run = wrapper.start(locks, server)) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(128 + signal);
            }
        }
    }

    /** T10, D5: the message names the program and the error. */
    @ParameterizedTest
    @EnumSource
    void missingProgramIsNamed(Wrapper wrapper) {
        try (Child run = wrapper.start(locks, List.of("/no/such/program"))) {
            assertThat(run.awaitExit()).as("%s", run).isNotZero();
            assertThat(run.stderr()).contains("/no/such/program").containsIgnoringCase("no such file or directory");
        }
    }
}
