package dev.holdfast.session;

import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import dev.holdfast.lock.LockTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A session's lock while it is had, with its descriptor: of a thousand sessions, each is given back with its lock. */
public final class SessionHold implements AutoCloseable {
    private final AdvisoryLock lock;
    private final Hold hold;

    private SessionHold(AdvisoryLock lock, Hold hold) {
        this.lock = lock;
        this.hold = hold;
    }

    /** Together with others; empty when somebody has it alone for longer than that. */
    static Optional<SessionHold> shared(String file, Duration timeout) throws InterruptedException {
        OwnFiles.touch(file);
        return acquire(AdvisoryLock.shared(Path.of(file)), timeout);
    }

    /** Alone; empty when somebody else has it for longer than that. */
    static Optional<SessionHold> alone(String file, Duration timeout) throws InterruptedException {
        OwnFiles.touch(file);
        return acquire(AdvisoryLock.exclusive(Path.of(file)), timeout);
    }

    private static Optional<SessionHold> acquire(AdvisoryLock lock, Duration timeout) throws InterruptedException {
        boolean isHeld = false;
        try {
            // What a wait is woken by takes the kernel ten milliseconds to give back: not for one that is free
            Optional<Hold> now = lock.tryAcquire();
            if (now.isEmpty() && !timeout.isZero()) {
                now = Optional.of(lock.acquire(timeout));
            }
            isHeld = now.isPresent();
            return now.map(hold -> new SessionHold(lock, hold));
        } catch (LockTimeoutException e) {
            return Optional.empty();
        } finally {
            if (!isHeld) {
                lock.close();
            }
        }
    }

    /** Whether it is held in truth: its file is still the one at its path. */
    public boolean isHeld() {
        return hold.isHeld();
    }

    @Override
    public void close() {
        hold.close();
        lock.close();
    }
}
