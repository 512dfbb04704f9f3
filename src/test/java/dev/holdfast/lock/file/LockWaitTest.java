package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.waiting.EventWait;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LockWaitTest {
    private static final int MANY = 1_000;

    @TempDir
    Path folder;

    /** Whoever prepares for its lock must not let it wait. */
    @Test
    void preparationEndsWithTheNextEvent() {
        LockFile location = new LockFile(folder.toString(), "orders.lock");
        HeldLock held = ((LockAttempt.Acquired) location.tryAcquire()).lock();
        int[] times = {0};
        try (OpenLockFile file = location.open()) {
            LockWait wait = new LockWait(new EventWait(null, false), Steps.NONE, () -> {
                if (++times[0] == 3) {
                    held.release(Steps.NONE);
                }
                return times[0] < MANY;
            });
            LockAttempt attempt =
                    wait.await(file, System.nanoTime() + Duration.ofSeconds(50).toNanos());
            assertThat(attempt).isNotNull().isNotInstanceOf(LockAttempt.Held.class);
            assertThat(times[0]).isEqualTo(3);
        } finally {
            held.release(Steps.NONE);
        }
    }
}
