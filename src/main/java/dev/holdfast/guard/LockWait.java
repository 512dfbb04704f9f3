package dev.holdfast.guard;

import dev.holdfast.lock.LockAttempt;
import dev.holdfast.lock.OpenLockFile;
import dev.holdfast.lock.Steps;
import dev.holdfast.posix.Inotify;
import dev.holdfast.posix.PosixException;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the lock on one open file is free. Driven by events of the file itself: its holder's end closes it, its
 * release unlinks it. Only where the user has no inotify watches left, the lock is tried every 100 ms.
 */
final class LockWait {
    private static final long POLL_MILLIS = 100;
    /** The close event is queued before the lock is freed; so look again, each time a little later. */
    private static final int[] RETRY_MILLIS = {0, 0, 1, 2, 5, 10};

    private final EventWait wait;
    private final Steps steps;

    LockWait(EventWait wait, Steps steps) {
        this.wait = wait;
        this.steps = steps;
    }

    /**
     * Waits. Blocks. The file stays open meanwhile: closing it would wake all others who wait.
     *
     * @param deadline by {@link System#nanoTime}
     * @return what came of the last try; null when the deadline is over or a stop request came
     */
    @Nullable
    LockAttempt await(OpenLockFile file, long deadline) {
        try (Inotify events = watch(file)) {
            while (true) {
                LockAttempt attempt = tryAfterEvent(file);
                if (!(attempt instanceof LockAttempt.Held)) {
                    return attempt;
                }
                boolean inTime = events == null
                        ? wait.await(Math.min(deadline, System.nanoTime() + POLL_MILLIS * 1_000_000))
                        : wait.await(deadline, events.descriptor());
                if (wait.isStopRequested() || (!inTime && System.nanoTime() >= deadline)) {
                    return null;
                }
                if (events != null) {
                    events.drain();
                }
            }
        }
    }

    private LockAttempt tryAfterEvent(OpenLockFile file) {
        LockAttempt attempt = file.tryLock(steps);
        for (int millis : RETRY_MILLIS) {
            if (!(attempt instanceof LockAttempt.Held)) {
                return attempt;
            }
            if (!file.isWhatThePathNames()) {
                file.close();
                return new LockAttempt.Replaced();
            }
            if (millis > 0) {
                wait.pause(millis);
            }
            attempt = file.tryLock(steps);
        }
        return attempt;
    }

    private static @Nullable Inotify watch(OpenLockFile file) {
        Inotify events;
        try {
            events = Inotify.open();
        } catch (PosixException e) {
            return null; // EMFILE: this user's inotify instances are used up
        }
        try {
            events.watch("/proc/self/fd/" + file.descriptor());
            return events;
        } catch (PosixException e) {
            events.close();
            return null;
        }
    }
}
