package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;

/**
 * The descriptors that one poll(2) waits for. Slots are numbered in the order of {@link #add} and can be changed in
 * place, so that a loop allocates nothing while it waits. Not safe for use by many threads.
 */
public final class PollSet implements AutoCloseable {
    /** Something can be read. */
    public static final int READABLE = 1;
    /** Something can be written. */
    public static final int WRITABLE = 4;
    /** The other side of a stream socket has shut down its writing half. Asked for like {@link #READABLE}. */
    public static final int PEER_CLOSED = 0x2000;
    /** An error. Reported without being asked for. */
    public static final int ERROR = 8;
    /** The other end is gone. Reported without being asked for. */
    public static final int HANG_UP = 0x10;

    private static final long POLL = Libc.symbol("poll");

    private final NativeBuffer entries;
    private int count;

    /**
     * An empty set.
     *
     * @param capacity how many descriptors it can hold
     */
    public PollSet(int capacity) {
        entries = NativeBuffer.allocate(capacity * Abi.SIZEOF_POLLFD);
    }

    /**
     * Adds a descriptor.
     *
     * @param fd the descriptor; poll(2) passes over a negative one
     * @param events what to wait for; 0 waits for hang-up and errors only
     * @return its slot
     */
    public int add(int fd, int events) {
        int slot = count++;
        set(slot, fd, events);
        return slot;
    }

    /** Takes all descriptors out again: the next one gets the first slot. */
    public void clear() {
        count = 0;
    }

    /**
     * Adds slots that wait for nothing yet.
     *
     * @param slots how many
     * @return the first one; the others follow
     */
    public int addEmpty(int slots) {
        int first = count;
        for (int i = 0; i < slots; i++) {
            add(-1, 0);
        }
        return first;
    }

    /**
     * Waits no more for a slot's descriptor. The slot keeps its number.
     *
     * @param slot as {@link #add} returned it
     */
    public void ignore(int slot) {
        entries.putInt(slot * Abi.SIZEOF_POLLFD, -1);
        entries.putShort(slot * Abi.SIZEOF_POLLFD + Abi.POLLFD_RETURNED_AT, 0);
    }

    /**
     * Lets a slot wait for something else.
     *
     * @param slot as {@link #add} returned it
     * @param fd the descriptor; poll(2) passes over a negative one
     * @param events what to wait for
     */
    public void set(int slot, int fd, int events) {
        entries.putInt(slot * Abi.SIZEOF_POLLFD, fd);
        entries.putShort(slot * Abi.SIZEOF_POLLFD + Abi.POLLFD_EVENTS_AT, events);
        entries.putShort(slot * Abi.SIZEOF_POLLFD + Abi.POLLFD_RETURNED_AT, 0);
    }

    /**
     * Waits until something happens on one of the descriptors. Blocks.
     *
     * @param timeoutMillis how long at the most; negative waits for ever
     * @return how many slots have something to tell; 0 after the timeout or an interruption
     */
    public int await(int timeoutMillis) {
        int ready = (int) Libc.call(POLL, entries.address(), used(), timeoutMillis);
        if (ready < 0) {
            int errno = Libc.errno();
            if (errno != Errno.EINTR) {
                throw new PosixException(errno, "poll", "");
            }
            for (int slot = 0; slot < count; slot++) {
                entries.putShort(slot * Abi.SIZEOF_POLLFD + Abi.POLLFD_RETURNED_AT, 0);
            }
            return 0;
        }
        return ready;
    }

    /**
     * Without the empty slots at the end: poll(2) fails with EINVAL for more slots than RLIMIT_NOFILE allows
     * descriptors.
     */
    private int used() {
        int used = count;
        while (used > 0 && entries.getInt((used - 1) * Abi.SIZEOF_POLLFD) < 0) {
            used--;
        }
        return used;
    }

    /**
     * What the last {@link #await} found on a slot.
     *
     * @param slot as {@link #add} returned it
     * @return the events, or-ed; 0 for none
     */
    public int returned(int slot) {
        return entries.getShort(slot * Abi.SIZEOF_POLLFD + Abi.POLLFD_RETURNED_AT);
    }

    @Override
    public void close() {
        entries.close();
    }
}
