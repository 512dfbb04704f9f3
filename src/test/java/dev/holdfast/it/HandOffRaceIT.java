package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.instance.InstanceControl;
import dev.holdfast.instance.Outcome;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever asks for a reload or a restart while a launcher becomes its server: neither the launchers' private signal nor a
 * HUP that was meant for somebody else reaches a server that would die of it.
 */
@Timeout(300)
class HandOffRaceIT {
    private static final boolean LONG =
            System.getProperty("holdfast.stress", "short").equals("long");
    private static final int STARTS = LONG ? 500 : 40;
    private static final int CODE = 3;
    /** Has no handler for anything, and ends with a code of its own at the end of its input. */
    private static final List<String> SERVER = List.of("sh", "-c", "echo ready $$; read end; exit " + CODE);

    @TempDir
    Path folder;

    @Test
    void serverNeverDiesOfWhatWasMeantForItsLauncher() throws ExecutionException, InterruptedException {
        ExecutorService askers = Executors.newFixedThreadPool(2);
        try {
            for (int start = 0; start < STARTS; start++) {
                race(askers, start);
            }
        } finally {
            askers.shutdownNow();
        }
    }

    private void race(ExecutorService askers, int start) throws ExecutionException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger afterwards = new AtomicInteger();
        List<Future<?>> asked = new ArrayList<>();
        try (Child run = Launcher.in(folder).run(List.of("--handoff", "exec"), SERVER)) {
            asked.add(askers.submit(() -> askUntil(over, afterwards, true)));
            asked.add(askers.submit(() -> askUntil(over, afterwards, false)));
            run.awaitServer();
            over.set(true);
            for (Future<?> asker : asked) {
                asker.get();
            }
            assertThat(afterwards).hasValueGreaterThanOrEqualTo(2);
            run.closeStdin();
            assertThat(run.awaitExit()).as("start %d: %s", start, run).isEqualTo(CODE);
        } finally {
            over.set(true);
        }
    }

    /** Without a pause, and once more when the server is there. */
    private void askUntil(AtomicBoolean over, AtomicInteger afterwards, boolean reload) {
        InstanceControl control =
                new InstanceControl(LockFile.at(folder.resolve("orders.lock").toString()));
        boolean last = false;
        while (!last) {
            last = over.get();
            Outcome outcome = reload ? control.reload() : control.restart();
            // DONE: the server would have been told; ENDED: it died of it
            assertThat(outcome.result())
                    .as("%s", outcome.why())
                    .isIn(Outcome.Result.NOT_RUNNING, Outcome.Result.REFUSED);
        }
        afterwards.incrementAndGet();
    }
}
