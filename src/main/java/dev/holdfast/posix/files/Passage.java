package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.MappedMemory;

/**
 * Bytes on their way between descriptors that do not block, in memory outside the heap: what goes from one to another nothing
 * copies but the kernel. To be driven by a poll loop. Not safe for use by many threads.
 */
public final class Passage implements AutoCloseable {
    /** That no more will come, or be taken. */
    public static final int END = -1;

    private static final long READ = Libc.symbol("read");
    private static final long WRITE = Libc.symbol("write");
    private static final long SEND = Libc.symbol("send");
    private static final long RECEIVE = Libc.symbol("recv");
    private static final long SEARCH = Libc.symbol("memchr");

    private static final byte[] LINE_END = {'\n'};

    private final MappedMemory memory;
    private int from;
    private int to;

    /**
     * An empty one.
     *
     * @param size how many bytes are in it at the most
     */
    public Passage(int size) {
        memory = MappedMemory.allocate(size);
    }

    /** Whether nothing is in it. */
    public boolean isEmpty() {
        return from == to;
    }

    /** How many bytes are in it. */
    public int length() {
        return to - from;
    }

    /** How many bytes it has room for. */
    public int size() {
        return memory.size();
    }

    /** Forgets what is in it. */
    public void clear() {
        from = 0;
        to = 0;
    }

    /**
     * Reads once, in place of what is in it. Blocks as the descriptor does.
     *
     * @return how many bytes came; 0 when none are there now, {@link #END} when no more will come, also after an error
     */
    public int fill(int fd) {
        return came((int) Libc.call(READ, fd, memory.address(0, memory.size()), memory.size()));
    }

    /** The same from a socket, which does not block here even where it blocks others. */
    public int receive(int socket) {
        return came(
                (int) Libc.call(RECEIVE, socket, memory.address(0, memory.size()), memory.size(), Abi.MSG_DONTWAIT));
    }

    private int came(int count) {
        clear();
        if (count < 0) {
            return isForLater(Libc.errno()) ? 0 : END;
        }
        to = count;
        return count == 0 ? END : count;
    }

    /**
     * Begins with bytes that came in another way, when nothing is in it.
     *
     * @param bytes no more than it has room for
     */
    public void begin(byte[] bytes) {
        clear();
        boolean unused = put(bytes, 0);
    }

    /**
     * Puts bytes behind those that are in it, as many as it has room for.
     *
     * @param first the first one
     * @return whether it has room for more
     */
    public boolean put(byte[] bytes, int first) {
        int count = Math.min(bytes.length - first, memory.size() - to);
        memory.put(to, bytes, first, count);
        to += count;
        return to < memory.size();
    }

    /**
     * Puts a line behind what is in it, as much as it has room for, and then the line's end.
     *
     * @param line without its end
     * @param first the first byte; the line's length when only its end is left
     * @return whether it has room for more
     */
    public boolean putLine(byte[] line, int first) {
        return (first == line.length || put(line, first)) && put(LINE_END, 0);
    }

    /**
     * Copies a part of what is in it.
     *
     * @param at where to
     * @param start the index of the first byte
     * @param end behind the index of the last one
     */
    public void copyTo(byte[] into, int at, int start, int end) {
        memory.copy(from + start, into, at, end - start);
    }

    /** The byte at an index, as a number from 0 to 255; that before the first one is at -1, when one has gone. */
    public int at(int index) {
        return memory.unsignedByte(from + index);
    }

    /**
     * Where a byte is.
     *
     * @param start the first index to look at, no more than {@link #length}
     * @return its index; the length when it is not there
     */
    public int indexOf(int octet, int start) {
        int count = length() - start;
        long first = memory.address(from + start, count);
        long found = count == 0 ? 0 : Libc.call(SEARCH, first, octet, count);
        return found == 0 ? length() : start + (int) (found - first);
    }

    /** Takes the first bytes out. */
    public byte[] take(int count) {
        byte[] taken = memory.bytes(from, count);
        from += count;
        return taken;
    }

    /**
     * Sends what is in it, as far as the kernel takes it now.
     *
     * @return how many bytes went; {@link #END} when nobody takes any more
     */
    public int send(int socket) {
        int flags = Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL;
        int count = (int) Libc.call(SEND, socket, memory.address(from, length()), length(), flags);
        return gone(count < 0 ? -Libc.errno() : count);
    }

    /** The same to a pipe that does not block. */
    public int write(int pipe) {
        int count = (int) Libc.call(WRITE, pipe, memory.address(from, length()), length());
        return gone(count < 0 ? -Libc.errno() : count);
    }

    /**
     * Writes the first bytes, as far as they are taken now.
     *
     * @param most how many at the most
     * @return how many bytes went; {@link #END} when nobody takes any more
     */
    public int write(NonBlockingWriter out, int most) {
        return gone(out.write(memory.address(from, most), most));
    }

    private int gone(int count) {
        if (count < 0) {
            return isForLater(-count) ? 0 : END;
        }
        from += count;
        return count;
    }

    private static boolean isForLater(int errno) {
        return errno == Errno.EAGAIN || errno == Errno.EINTR;
    }

    @Override
    public void close() {
        memory.close();
    }
}
