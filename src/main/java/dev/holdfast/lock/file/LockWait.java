package dev.holdfast.lock.file;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.RetrySchedule;
import dev.holdfast.waiting.Ticker;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the lock on one open file is free. Driven by events of the file itself: its holder's end closes it, its
 * release unlinks it. Only where the user has no inotify watches left, the lock is tried each 100 ms.
 */
public final class LockWait {
    /** A wait that has lasted this long may last much longer. */
    private static final long LONG_PAUSE_NANOS = 50_000_000;

    private final EventWait wait;
    private final Steps steps;
    /** Null for nothing, and once it is done. */
    private @Nullable Supplier<Boolean> preparation;

    /** Something whose end is a reason to look anew who holds the lock, even when it is still held. */
    public interface Watch {
        /**
         * Whether it has ended. Asked at each look, after the lock was tried in vain. Must not block.
         *
         * @return false also when there is nothing to wait for
         */
        boolean isOver();

        /**
         * What becomes readable with its end; -1 for nothing.
         *
         * @return the descriptor, by the last answer
         */
        int descriptor();
    }

    /**
     * Waits that a stop request ends.
     *
     * @param wait knows whether one has come
     * @param steps is told of each step of an attempt
     */
    public LockWait(EventWait wait, Steps steps) {
        this(wait, steps, null);
    }

    /**
     * The same for whoever can prepare what comes after the wait.
     *
     * @param preparation does some of it each time, for some milliseconds, and tells whether there is more; asked in this
     *     thread when a tenth of a second has gone by without an event, until the next one; null for nothing
     */
    public LockWait(EventWait wait, Steps steps, @Nullable Supplier<Boolean> preparation) {
        this.wait = wait;
        this.steps = steps;
        this.preparation = preparation;
    }

    /**
     * Waits. Blocks. The file stays open meanwhile: closing it would wake all others who wait.
     *
     * @param deadline by {@link System#nanoTime}
     * @return what came of the last try; null when the deadline is over or a stop request came
     */
    @Nullable
    public LockAttempt await(OpenLockFile file, long deadline) {
        return await(file, deadline, null);
    }

    /**
     * Waits. Blocks. The file stays open meanwhile, as above.
     *
     * @param deadline by {@link System#nanoTime}
     * @param watch what else ends the wait; null for nothing
     * @return what came of the last try; replaced when what is watched is over; null as above
     */
    @Nullable
    public LockAttempt await(OpenLockFile file, long deadline, @Nullable Watch watch) {
        try (Inotify events = events(file)) {
            RetrySchedule looks =
                    events == null ? RetrySchedule.byTime(Ticker.SYSTEM) : RetrySchedule.byEvents(Ticker.SYSTEM);
            while (true) {
                LockAttempt attempt = file.tryLock(steps);
                if (!(attempt instanceof LockAttempt.Held)) {
                    return attempt;
                }
                if (!file.isStillAtPath()) {
                    file.close();
                    return new LockAttempt.Replaced();
                }
                if (watch != null && watch.isOver()) {
                    file.close();
                    return new LockAttempt.Replaced();
                }
                var unused = looks.isOverdue(); // this look was the one
                long pause = looks.nextPause();
                int[] descriptors = descriptors(events, watch == null ? -1 : watch.descriptor());
                boolean woken = wait.await(Math.min(deadline, after(pause)), descriptors);
                if (!woken && pause >= LONG_PAUSE_NANOS) {
                    woken = prepare(file, events, descriptors);
                }
                if (wait.isStopRequested() || System.nanoTime() >= deadline) {
                    return null;
                }
                if (woken) {
                    looks.restart();
                }
                if (events != null) {
                    events.drain();
                }
            }
        }
    }

    /** Whether an event has come meanwhile. */
    private boolean prepare(OpenLockFile file, @Nullable Inotify events, int[] descriptors) {
        if (preparation != null && events != null) {
            events.prepareClose();
        }
        while (preparation != null && !wait.isStopRequested()) {
            if (!preparation.get()) {
                preparation = null;
                var unusedRecord = file.record(); // as it is now: unchanged, it need not be understood once more
            }
            if (wait.await(System.nanoTime(), descriptors)) {
                return true;
            }
        }
        return false;
    }

    private static int[] descriptors(@Nullable Inotify events, int watched) {
        if (events == null) {
            return watched < 0 ? new int[0] : new int[] {watched};
        }
        return watched < 0 ? new int[] {events.descriptor()} : new int[] {events.descriptor(), watched};
    }

    private static long after(long pauseNanos) {
        return pauseNanos == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + pauseNanos;
    }

    private static @Nullable Inotify events(OpenLockFile file) {
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
