package dev.holdfast;

import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.tenure.TenureWatch;
import dev.holdfast.waiting.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks now and then whether the lock's path still leads to the locked file, and tells when it does not. */
final class PathWatch implements Runnable {
    private final String name;
    private final Path path;
    private final Ownership lock;
    private final TenureWatch watch;
    private final List<Consumer<? super LostLock>> listeners;
    private final CountDownLatch over = new CountDownLatch(1);

    PathWatch(String name, Path path, Ownership lock, Duration interval, List<Consumer<? super LostLock>> listeners) {
        this.name = name;
        this.path = path;
        this.lock = lock;
        watch = new TenureWatch(interval, Ticker.SYSTEM);
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
        lock.beat(); // here, so that no start waits for it
        while (!isOverAfter(watch.untilNext())) {
            LockCheck judged = watch.judge(lock.check(), lock.fenceAt());
            if (watch.isNews() && over.getCount() > 0) {
                tell(judged);
            }
            lock.beat();
        }
    }

    private boolean isOverAfter(Duration time) {
        try {
            return over.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // nobody of ours does that: the server wants its threads to end
        }
    }

    private void tell(LockCheck found) {
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
