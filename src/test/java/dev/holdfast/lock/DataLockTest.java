package dev.holdfast.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cycle has its turn, or is skipped with a warning; nothing ends because of another instance. */
@Timeout(30)
class DataLockTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();

    @Test
    void cycleOfWhomItIsTheTurnIsDone() throws InterruptedException {
        try (DataLock turns = DataLock.at(folder.resolve("x.lock"))) {
            assertThat(turns.write(() -> log.add("written"))).isTrue();
            assertThat(turns.read(() -> log.add("read"))).isTrue();
        }
        assertThat(log).containsExactly("written", "read");
    }

    @Test
    void cycleThatHasToWaitTooLongIsSkippedWithAWarningThatNamesTheHolder() throws InterruptedException {
        Path file = folder.resolve("x.lock");
        try (AdvisoryLock other = AdvisoryLock.exclusive(file);
                DataLock turns = DataLock.at(file, SHORT);
                Capture capture = new Capture()) {
            Hold hold = onAnotherThread(other);
            assertThat(turns.write(() -> log.add("written"))).isFalse();
            assertThat(turns.read(() -> log.add("read"))).isFalse();
            assertThat(log).isEmpty();
            assertThat(capture.lines)
                    .hasSize(2)
                    .allMatch(line -> line.contains(file.toString())
                            && line.contains("pid " + ProcessHandle.current().pid())
                            && line.endsWith("; this cycle is skipped"));
            hold.close();
            assertThat(turns.write(() -> log.add("written"))).isTrue();
        }
    }

    @Test
    void failureOfACycleReachesTheCallerAndFreesTheLock() throws InterruptedException {
        try (DataLock turns = DataLock.at(folder.resolve("x.lock"), SHORT);
                DataLock other = DataLock.at(folder.resolve("x.lock"), SHORT)) {
            assertThatThrownBy(() -> turns.write(() -> {
                        throw new IOException("disk full");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("disk full");
            assertThat(other.write(() -> log.add("written"))).isTrue();
        }
    }

    @Test
    void cycleWithinACycleIsAClearError() throws InterruptedException {
        try (DataLock turns = DataLock.at(folder.resolve("x.lock"), SHORT)) {
            turns.read(() -> assertThatThrownBy(() -> turns.write(() -> log.add("written")))
                    .isInstanceOf(LockReentryException.class));
        }
        assertThat(log).isEmpty();
    }

    @Test
    void withoutTheVariableThereIsNoLock() {
        assertThat(DataLock.ofEnvironment()).isEmpty();
    }

    /** Holds are a thread's own: on this one, waiting would be an error of its own. */
    private static Hold onAnotherThread(AdvisoryLock lock) throws InterruptedException {
        List<Hold> holds = new ArrayList<>();
        Thread thread = new Thread(() -> lock.tryAcquire().ifPresent(holds::add));
        thread.start();
        thread.join();
        return holds.get(0);
    }

    /** What the platform's logger is told. */
    private static final class Capture extends Handler implements AutoCloseable {
        private static final Logger LOGGER = Logger.getLogger(DataLock.class.getName());

        final List<String> lines = new ArrayList<>();

        Capture() {
            LOGGER.addHandler(this);
            LOGGER.setUseParentHandlers(false);
        }

        @Override
        public void publish(LogRecord record) {
            lines.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            LOGGER.removeHandler(this);
            LOGGER.setUseParentHandlers(true);
        }
    }
}
