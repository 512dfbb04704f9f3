package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayList;
import java.util.List;

/**
 * One thread, one poll(2): waits for all sources together, until the next deadline of any, and serves them in a fixed
 * order.
 *
 * <p>The order of a turn is that of {@link #add}, but for two things: those that say so are served before the ended
 * children are reaped, and the one that decides what follows is the last. Sources come and go while the loop runs. Not
 * safe for use by many threads.
 */
final class EventLoop implements AutoCloseable {
    private static final int FIRST_CAPACITY = 32;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int FOR_EVER = -1;

    private final Ticker ticker;
    private final Place last;
    private final List<Place> places = new ArrayList<>();
    /** How many of them are served before the reaping. */
    private int early;

    private final List<EventSource> added = new ArrayList<>();
    private PollSet poll = new PollSet(FIRST_CAPACITY);
    private int capacity = FIRST_CAPACITY;

    /**
     * A loop that has one source only.
     *
     * @param last is served after all others, also after those that are added later
     */
    EventLoop(Ticker ticker, EventSource last) {
        this.ticker = ticker;
        this.last = new Place(last, poll);
    }

    /** A source with its places. */
    private static final class Place {
        private final EventSource source;
        private PollSlots slots;
        private boolean removed;

        Place(EventSource source, PollSet poll) {
            this.source = source;
            slots = new PollSlots(poll, source.slots());
        }

        void arm() {
            slots.clear();
            source.arm(slots);
        }

        void serve() {
            if (!removed) {
                source.serve(slots);
            }
        }
    }

    /** Adds a source, from the next turn on. May be called by one that is served. */
    void add(EventSource source) {
        added.add(source);
    }

    /** Takes a source out: it is not called any more. May be called by one that is served, also for itself. */
    void remove(EventSource source) {
        added.remove(source);
        for (Place place : places) {
            place.removed |= place.source == source;
        }
    }

    /** The first turn, without a wait: what has come up before the loop began is news, too. */
    void begin() {
        settle();
        serve();
    }

    /** Waits until something comes up, or a deadline has passed, and serves all sources. Blocks. */
    void turn() {
        settle();
        poll.clear();
        for (Place place : places) {
            place.arm();
        }
        last.arm();
        var unused = poll.await(timeoutMillis());
        serve();
    }

    private void serve() {
        for (Place place : places) {
            place.serve();
        }
        last.serve();
    }

    /** Lets all sources know of a child. */
    void childChanged(Children.News news) {
        for (Place place : places) {
            if (!place.removed) {
                place.source.childChanged(news);
            }
        }
    }

    /** Whether nothing that an ended server has written is still to be passed on by any source. */
    boolean isDrained() {
        for (Place place : places) {
            if (!place.removed && !place.source.isDrained()) {
                return false;
            }
        }
        return true;
    }

    /** Until the next deadline, rounded up, or the loop would spin through the last millisecond; negative for ever. */
    int timeoutMillis() {
        long next = last.source.deadline();
        for (Place place : places) {
            next = Math.min(next, place.source.deadline());
        }
        if (next == Ticker.NEVER) {
            return FOR_EVER;
        }
        long nanos = next - ticker.nanoTime();
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
    }

    /** Lets in who was added, and out who was removed, where no source is being served. */
    private void settle() {
        for (int i = places.size() - 1; i >= 0; i--) {
            if (places.get(i).removed) {
                places.remove(i);
                early -= i < early ? 1 : 0;
            }
        }
        for (EventSource source : added) {
            Place place = new Place(source, poll);
            places.add(source.isBeforeReaping() ? early++ : places.size(), place);
        }
        if (!added.isEmpty()) {
            added.clear();
            makeRoom();
        }
    }

    private void makeRoom() {
        int needed = last.source.slots();
        for (Place place : places) {
            needed += place.source.slots();
        }
        if (needed > capacity) {
            poll.close();
            capacity = 2 * needed;
            poll = new PollSet(capacity);
            last.slots = new PollSlots(poll, last.source.slots());
            for (Place place : places) {
                place.slots = new PollSlots(poll, place.source.slots());
            }
        }
    }

    @Override
    public void close() {
        poll.close();
    }
}
