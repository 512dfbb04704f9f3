package dev.holdfast;

import dev.holdfast.lock.file.HeldLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks now and then whether the lock's path still leads to the locked file, and tells when it does not. */
final class PathWatch implements Runnable {
    /** A cleaner may hold the new file's lock for a moment. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    private final String name;
    private final Path path;
    private final Ownership lock;
    private final Duration interval;
    private final List<Consumer<? super LostLock>> listeners;
    private final CountDownLatch over = new CountDownLatch(1);
    private HeldLock.PathState told = HeldLock.PathState.INTACT;

    PathWatch(String name, Path path, Ownership lock, Duration interval, List<Consumer<? super LostLock>> listeners) {
        this.name = name;
        this.path = path;
        this.lock = lock;
        this.interval = interval;
        this.listeners = List.copyOf(listeners);
    }

    void start() {
        Thread thread = new Thread(this, "holdfast-watch-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    void end() {
        over.countDown();
    }

    @Override
    public void run() {
        boolean seemedLost = false;
        while (!isOverAfter(seemedLost && interval.compareTo(SECOND_LOOK) > 0 ? SECOND_LOOK : interval)) {
            HeldLock.PathState found = lock.check();
            boolean isLost = found == HeldLock.PathState.LOST;
            if (!isLost || seemedLost) {
                tell(found);
            }
            seemedLost = isLost;
        }
    }

    private boolean isOverAfter(Duration time) {
        try {
            return over.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // nobody of ours does that: the server wants its threads to end
        }
    }

    /** Once for each change, but each time for a file that was put there again. */
    private void tell(HeldLock.PathState found) {
        boolean isNews = found != told || found == HeldLock.PathState.RESTORED;
        told = found;
        if (!isNews || over.getCount() == 0) {
            return;
        }
        switch (found) {
            case INTACT -> {}
            case RESTORED -> tell(LostLock.State.REGAINED, "made and locked it again");
            case UNREPAIRABLE ->
                tell(
                        LostLock.State.UNREPAIRABLE,
                        "it cannot be made again, and a second instance is kept out by the interlock only");
            case LOST -> tell(LostLock.State.TAKEN, "another process holds the new one");
        }
    }

    private void tell(LostLock.State state, String text) {
        Log.warn("the lock file of \"" + name + "\" was removed or replaced; " + text + " file=" + path);
        LostLock event = new LostLock(name, path, state);
        for (Consumer<? super LostLock> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                Log.warn("a listener for the lost lock of \"" + name + "\" failed", e);
            }
        }
    }
}
