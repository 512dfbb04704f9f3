package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import java.util.Arrays;

/**
 * The places of one {@link EventSource} in the poll set, numbered from 0. Only what is waited for in this turn is in the
 * set: poll(2) fails for more slots than RLIMIT_NOFILE allows descriptors. Not safe for use by many threads.
 */
public final class PollSlots {
    private static final int NOWHERE = -1;

    private final PollSet poll;
    private final int[] places;

    PollSlots(PollSet poll, int count) {
        this.poll = poll;
        places = new int[count];
        clear();
    }

    /** A new turn: nothing is waited for yet. */
    void clear() {
        Arrays.fill(places, NOWHERE);
    }

    /**
     * Waits for a descriptor in this turn.
     *
     * @param slot which of the source's places, below {@link EventSource#slots}
     * @param fd the descriptor; a negative one is passed over
     * @param events what to wait for, as {@link PollSet} names it; hang-up and errors always are
     */
    public void watch(int slot, int fd, int events) {
        places[slot] = fd < 0 ? NOWHERE : poll.add(fd, events);
    }

    /**
     * What this turn's wait has found.
     *
     * @param slot which of the source's places
     * @return the events, or-ed; 0 for none
     */
    public int returned(int slot) {
        return places[slot] == NOWHERE ? 0 : poll.returned(places[slot]);
    }
}
