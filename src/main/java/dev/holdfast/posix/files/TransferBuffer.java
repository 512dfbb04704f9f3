package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.MappedMemory;

/**
 * A piece of memory through which bytes go between arrays and descriptors that do not block: one for many of them, since
 * nothing stays in it. Not safe for use by many threads.
 */
public final class TransferBuffer implements AutoCloseable {
    private static final long READ = Libc.symbol("read");
    private static final long WRITE = Libc.symbol("write");
    private static final long MEMCHR = Libc.symbol("memchr");
    private static final long SEND = Libc.symbol("send");
    /** What {@link #read} returns at the end. */
    public static final int END = -1;

    private final MappedMemory memory;
    private int filled;

    /**
     * An empty one.
     *
     * @param size how many bytes go through it at once
     */
    public TransferBuffer(int size) {
        memory = MappedMemory.allocate(size);
    }

    /** How many bytes it has room for. */
    public int size() {
        return memory.size();
    }

    /**
     * Reads once, from a pipe or a socket.
     *
     * @return how many bytes it holds now; 0 when none are there, {@link #END} when no more will come, also after an error
     */
    public int read(int fd) {
        filled = 0;
        int count = (int) Libc.call(READ, fd, memory.address(0, memory.size()), memory.size());
        if (count < 0) {
            return isForLater(Libc.errno()) ? 0 : END;
        }
        filled = count;
        return count == 0 ? END : count;
    }

    /**
     * Where a byte is in what it holds.
     *
     * @param from where the search begins; not more than {@link #filled}
     * @return its index; {@link #filled} when it is not there
     */
    public int find(int wanted, int from) {
        long start = memory.address(from, filled - from);
        long found = Libc.call(MEMCHR, start, wanted, filled - from);
        return found == 0 ? filled : (int) (found - start) + from;
    }

    /**
     * Copies a part of what it holds.
     *
     * @param at where to
     */
    public void copyTo(byte[] into, int at, int from, int end) {
        memory.copy(from, into, at, end - from);
    }

    /** Forgets what it holds. */
    public void clear() {
        filled = 0;
    }

    /** How many bytes it holds. */
    public int filled() {
        return filled;
    }

    /**
     * Puts bytes behind those that it holds, as many as it has room for.
     *
     * @param from the first one
     * @return whether it has room for more
     */
    public boolean put(byte[] bytes, int from) {
        int count = Math.min(bytes.length - from, memory.size() - filled);
        memory.put(filled, bytes, from, count);
        filled += count;
        return filled < memory.size();
    }

    /**
     * Writes what it holds to a pipe.
     *
     * @return how much was taken; 0 when nothing can be now, {@link #END} when nobody reads any more
     */
    public int write(int fd) {
        return taken(Libc.call(WRITE, fd, memory.address(0, filled), filled));
    }

    /** The same to a socket. */
    public int send(int socket) {
        return taken(Libc.call(SEND, socket, memory.address(0, filled), filled, Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL));
    }

    private static int taken(long result) {
        int count = (int) result;
        return count >= 0 ? count : isForLater(Libc.errno()) ? 0 : END;
    }

    private static boolean isForLater(int errno) {
        return errno == Errno.EAGAIN || errno == Errno.EINTR;
    }

    @Override
    public void close() {
        memory.close();
    }
}
