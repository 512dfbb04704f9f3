package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.supervise.EventSource;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListeners;
import dev.holdfast.supervise.PollSlots;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.tenure.TenureWatch;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks after what is held while the server runs: when the kernel tells that something happens to the file,
 * and once a minute in any case. A source of the loop.
 *
 * <p>The first time comes when the server has run for a moment, and begins the watch. What a
 * check finds is judged by a {@link TenureWatch}.
 */
final class LockWatch implements EventSource {
    /** Events of the file are acted on at most so often, whoever makes them. */
    private static final long LOOK_AGAIN_NANOS = 5_000_000;

    private final Tenure tenure;
    private final InstanceListeners listeners;
    private final Journal journal;
    private final Ticker ticker;
    private final TenureWatch judge;
    private boolean begun;
    private long checkAt;
    /** From when on the next event of the file counts. */
    private long lookFrom;
    /** Never closed: it ends with this process, and the kernel takes its time for it. */
    private @Nullable Inotify events;

    LockWatch(Tenure tenure, InstanceListeners listeners, Journal journal, Ticker ticker) {
        this.tenure = tenure;
        this.listeners = listeners;
        this.journal = journal;
        this.ticker = ticker;
        judge = new TenureWatch(Guard.RECHECK, ticker);
        lookFrom = ticker.nanoTime();
        checkAt = lookFrom + Guard.FIRST_LOOK.toNanos();
    }

    @Override
    public void arm(PollSlots slots) {
        boolean mayLook = events != null && ticker.nanoTime() >= lookFrom;
        slots.watch(0, events == null || !mayLook ? -1 : events.descriptor(), PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        long now = ticker.nanoTime();
        if (events != null && slots.returned(0) != 0) {
            events.drain();
            lookFrom = now + LOOK_AGAIN_NANOS;
            checkAt = now;
        }
        if (now >= checkAt) {
            checkAt = now + lookAfter().toNanos();
        }
    }

    @Override
    public long deadline() {
        return events != null && ticker.nanoTime() < lookFrom ? Math.min(checkAt, lookFrom) : checkAt;
    }

    private Duration lookAfter() {
        if (begun) {
            return check();
        }
        begun = true;
        watch();
        return tenure.isIntact() ? Guard.RECHECK : check(); // it may have been lost before the watch began
    }

    /**
     * Looks after it, and tells what became of it.
     *
     * @return when to look again
     */
    Duration check() {
        LockCheck found = tenure.check();
        if (found == LockCheck.RESTORED && begun) {
            watch(); // which may be another one now
        }
        LockCheck judged = judge.judge(found, tenure.fenceAt());
        listeners.tell(new InstanceEvent.LockChecked(judged, judge.isNews()));
        return judge.untilNext();
    }

    /** The kernel tells when the file loses a name, and when its folder is moved or removed. Where it has no watches left, the look once a minute must do. */
    private void watch() {
        try {
            if (events == null) {
                events = Inotify.open();
            }
            var unused = events.watchNames("/proc/self/fd/" + tenure.watchedDescriptor());
            unused = events.watchPlace(tenure.location().directory());
        } catch (PosixException e) {
            journal.debug("the lock file is looked after once a minute only: " + e.getMessage());
        }
    }
}
