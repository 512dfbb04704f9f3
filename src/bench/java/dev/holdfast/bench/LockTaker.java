package dev.holdfast.bench;

import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A program that takes an advisory lock, says so by a line, and at its next input tells the time, in nanoseconds of the
 * monotonic clock, and closes the hold. It ends with its input.
 */
public final class LockTaker {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private LockTaker() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (AdvisoryLock lock = AdvisoryLock.exclusive(Path.of(arguments[0]))) {
            Hold hold = lock.acquire(PATIENCE);
            System.out.println("locked");
            if (System.in.read() >= 0) {
                long lastAct = System.nanoTime();
                hold.close();
                System.out.println(lastAct);
            }
            while (System.in.read() >= 0) {
                // The process lives on without the lock.
            }
        }
    }
}
