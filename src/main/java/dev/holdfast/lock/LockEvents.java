package dev.holdfast.lock;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.posix.files.PollSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Wakes those who wait for a lock when something happens to its file: one inotify(7) instance and one daemon thread for
 * the whole JVM, so that those who wait can be interrupted. Both come with the first wait, and go when nobody has
 * waited for ten seconds; to close the instance takes the kernel milliseconds, so it is not done for each wait.
 *
 * <p>Safe for use by many threads. Its own lock is taken after that of a {@link LockQueue}, never before.
 */
final class LockEvents implements Runnable {
    /** For all of this class loader. */
    static final LockEvents INSTANCE = new LockEvents();

    private static final int LINGER_MILLIS = 10_000;

    private final ReentrantLock guard = new ReentrantLock();
    private final Map<Integer, Watch> byNumber = new HashMap<>();
    private final Map<LockQueue, Watch> byQueue = new HashMap<>();
    private @Nullable Inotify inotify;
    private int waiting;
    private boolean usedLately;

    private LockEvents() {}

    private static final class Watch {
        final LockQueue queue;
        final int number;
        int waiting;

        Watch(LockQueue queue, int number) {
            this.queue = queue;
            this.number = number;
        }
    }

    /**
     * A thread begins to wait.
     *
     * @param fd any open descriptor of the file
     * @return false when it will not be woken, since this user's inotify instances or watches are used up
     */
    boolean begin(LockQueue queue, int fd) {
        guard.lock();
        try {
            waiting++;
            usedLately = true;
            Watch watch = byQueue.get(queue);
            if (watch == null) {
                watch = watch(queue, fd);
            }
            if (watch != null) {
                watch.waiting++;
            }
            return watch != null;
        } finally {
            guard.unlock();
        }
    }

    private @Nullable Watch watch(LockQueue queue, int fd) {
        try {
            if (inotify == null) {
                inotify = Inotify.open();
                Thread thread = new Thread(this, "holdfast-lock-events");
                thread.setDaemon(true);
                thread.setContextClassLoader(null);
                thread.start();
            }
            Watch watch = new Watch(queue, inotify.watch("/proc/self/fd/" + fd));
            byNumber.put(watch.number, watch);
            byQueue.put(queue, watch);
            return watch;
        } catch (PosixException e) {
            return null; // EMFILE, ENOSPC
        }
    }

    /** A thread has ended its wait, for which {@link #begin} gave this answer. */
    void end(LockQueue queue, boolean driven) {
        guard.lock();
        try {
            waiting--;
            usedLately = true;
            Watch watch = byQueue.get(queue);
            if (driven && watch != null) {
                watch.waiting--;
            }
        } finally {
            guard.unlock();
        }
    }

    /** Nobody will wait here any more. */
    void forget(LockQueue queue) {
        guard.lock();
        try {
            Watch watch = byQueue.remove(queue);
            if (watch != null) {
                remove(watch);
            }
        } finally {
            guard.unlock();
        }
    }

    /** The number may be another queue's by now, when the same file was opened again at once. */
    private void remove(Watch watch) {
        if (inotify != null && byNumber.remove(watch.number, watch)) {
            inotify.forget(watch.number);
        }
    }

    @Override
    public void run() {
        Inotify events = inotify();
        if (events == null) {
            return;
        }
        try (PollSet poll = new PollSet(1)) {
            poll.add(events.descriptor(), PollSet.READABLE);
            while (poll.await(LINGER_MILLIS) > 0 || !isOver()) {
                List<LockQueue> changed = new ArrayList<>();
                events.take((number, inside) -> note(number, inside, changed));
                changed.forEach(LockQueue::changed);
            }
        } catch (PosixException e) {
            giveUp(); // a filter of system calls refuses poll(2): those who wait look by time alone
        } finally {
            events.closeAndWait(); // without a class that would have to be loaded now: the loader may be closed
        }
    }

    private @Nullable Inotify inotify() {
        guard.lock();
        try {
            return inotify;
        } finally {
            guard.unlock();
        }
    }

    private void note(int number, boolean inside, List<LockQueue> changed) {
        guard.lock();
        try {
            if (number < 0) {
                changed.addAll(byQueue.keySet());
                return;
            }
            Watch watch = byNumber.get(number);
            if (watch != null && watch.waiting > 0 && !inside && !changed.contains(watch.queue)) {
                changed.add(watch.queue);
            } else if (watch != null && watch.waiting == 0 && inside) {
                // A folder where others work: each file that they close in it would wake us for nothing.
                byQueue.remove(watch.queue);
                remove(watch);
            }
        } finally {
            guard.unlock();
        }
    }

    private void giveUp() {
        guard.lock();
        try {
            forgetAll();
        } finally {
            guard.unlock();
        }
    }

    private void forgetAll() {
        inotify = null;
        byNumber.clear();
        byQueue.clear();
    }

    /** Nobody waits, and nobody has since the last time that this was asked: a new thread will be started. */
    private boolean isOver() {
        guard.lock();
        try {
            if (waiting > 0 || usedLately) {
                usedLately = false;
                return false;
            }
            forgetAll();
            return true;
        } finally {
            guard.unlock();
        }
    }
}
