package dev.holdfast.lock.file;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.waiting.EventWait;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the lock on one open file is free. Driven by events of the file itself: its holder's end closes it, its
 * release unlinks it. Only where the user has no inotify watches left, the lock is tried every 100 ms.
 */
public final class LockWait {
    private static final long POLL_MILLIS = 100;
    /**
     * The close event is queued before the lock is freed, and on a busy machine the closing process may be out of the
     * processor in between; so look again, each time a little later. After the last one only another event wakes us.
     */
    private static final long[] LOOK_AGAIN_MILLIS = {0, 0, 1, 2, 5, 10, 50, 200, 1000};

    private final EventWait wait;
    private final Steps steps;

    /**
     * Waits that a stop request ends.
     *
     * @param wait tells of one
     * @param steps is told of each step of an attempt
     */
    public LockWait(EventWait wait, Steps steps) {
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
    public LockAttempt await(OpenLockFile file, long deadline) {
        return await(file, deadline, null);
    }

    /**
     * Waits. Blocks. The file stays open meanwhile, as above.
     *
     * @param deadline by {@link System#nanoTime}
     * @param launcher whose end is a reason to look anew who holds the lock, even when it is still held; null for nobody
     * @return what came of the last try; replaced when the launcher ended; null as above
     */
    @Nullable
    public LockAttempt await(OpenLockFile file, long deadline, @Nullable PinnedProcess launcher) {
        try (Inotify events = watch(file)) {
            int looks = 0;
            while (true) {
                LockAttempt attempt = file.tryLock(steps);
                if (!(attempt instanceof LockAttempt.Held)) {
                    return attempt;
                }
                if (!file.isStillAtPath()) {
                    file.close();
                    return new LockAttempt.Replaced();
                }
                if (launcher != null && launcher.hasEnded()) {
                    file.close();
                    return new LockAttempt.Replaced();
                }
                long until = Math.min(deadline, events == null ? millisFromNow(POLL_MILLIS) : nextLook(looks));
                boolean woken = wait.await(until, descriptors(events, launcher));
                if (wait.isStopRequested() || System.nanoTime() >= deadline) {
                    return null;
                }
                looks = woken ? 0 : looks + 1;
                if (events != null) {
                    events.drain();
                }
            }
        }
    }

    private static int[] descriptors(@Nullable Inotify events, @Nullable PinnedProcess launcher) {
        if (events == null) {
            return launcher == null ? new int[0] : new int[] {launcher.descriptor()};
        }
        return launcher == null
                ? new int[] {events.descriptor()}
                : new int[] {events.descriptor(), launcher.descriptor()};
    }

    private static long nextLook(int looks) {
        return looks < LOOK_AGAIN_MILLIS.length ? millisFromNow(LOOK_AGAIN_MILLIS[looks]) : Long.MAX_VALUE;
    }

    private static long millisFromNow(long millis) {
        return System.nanoTime() + millis * 1_000_000;
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
