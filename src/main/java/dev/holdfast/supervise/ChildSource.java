package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.waiting.Ticker;

/**
 * The children of this process, as a source of the loop: reaps, whatever woke the loop, since one SIGCHLD can stand for
 * many. Waits for the server's main process, too, where that is no child of this one.
 */
public final class ChildSource implements EventSource {
    /**
     * In a fork storm children end as fast as they are reaped: signals and deadlines have their turn, too. A time and not
     * a number, since each waitid(2) waits for the lock that all the forking processes fight for.
     */
    private static final long AT_ONCE_NANOS = 5_000_000;

    private final ChildEvents events;
    private final Supervisor supervisor;
    private final Ticker ticker;
    /** Whether news of children was left for the next turn. */
    private boolean moreNews;

    /** Where the news of children comes from. */
    @FunctionalInterface
    interface ChildEvents {
        /** The next piece of news. A child that ended is reaped by it. Never blocks. */
        Children.News next();
    }

    /** The kernel's news. No method reference: that would spin a class. */
    private static final class Kernel implements ChildEvents {
        @Override
        public Children.News next() {
            return Children.next();
        }
    }

    /**
     * Reaps from the next turn of the loop on.
     *
     * @param supervisor who is told
     */
    public ChildSource(Supervisor supervisor, Ticker ticker) {
        this(new Kernel(), supervisor, ticker);
    }

    ChildSource(ChildEvents events, Supervisor supervisor, Ticker ticker) {
        this.events = events;
        this.supervisor = supervisor;
        this.ticker = ticker;
    }

    /** A second one while two servers run. */
    @Override
    public int slots() {
        return 2;
    }

    @Override
    public void arm(PollSlots slots) {
        slots.watch(0, supervisor.servers().mainDescriptor(), PollSet.READABLE);
        slots.watch(1, supervisor.servers().mainDescriptorBeside(), PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        reap();
        // When it was a child of ours, it has been reaped by now and is the main one no more.
        if (slots.returned(0) != 0 && supervisor.servers().mainDescriptor() >= 0) {
            supervisor.servers().mainEnded();
            reap();
        }
        if (supervisor.servers().mainDescriptorBeside() >= 0 && slots.returned(1) != 0) {
            supervisor.servers().mainEndedBeside();
            reap();
        }
    }

    private void reap() {
        long end = ticker.nanoTime() + AT_ONCE_NANOS;
        do {
            Children.News news = events.next();
            if (news.change() == Children.Change.NONE || news.change() == Children.Change.NO_CHILDREN) {
                moreNews = false;
                supervisor.servers().reapingDone(news.change() == Children.Change.NONE);
                return;
            }
            supervisor.childChanged(news);
        } while (ticker.nanoTime() < end);
        moreNews = true;
    }

    /** At once, when news was left. */
    @Override
    public long deadline() {
        return moreNews ? ticker.nanoTime() : Ticker.NEVER;
    }
}
