package dev.holdfast.share.attach;

import dev.holdfast.console.Console;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.posix.files.PollSet;
import java.util.Arrays;

/**
 * What a shared server writes to stderr, on the stderr of a client's start, byte for byte as it would be there without
 * sharing. Never blocks: of what the client does not read, lines are lost, and it is told how many. Not safe for use by many
 * threads.
 */
final class StderrCopy implements AutoCloseable {
    private static final int STDERR = 2;
    private static final int MOST_BYTES = 64 * 1024;
    /** A terminal with room for one byte polls as writable and does not take a newline, which is two. */
    private static final int TRY_AGAIN_MILLIS = 10;

    private final String name;
    private final NonBlockingWriter stderr = new NonBlockingWriter(STDERR);
    private byte[] pending = {};
    private int from;
    private long lost;
    private boolean isInLostLine;
    private boolean isRefusedAtOnce;

    /**
     * Nothing has come yet.
     *
     * @param name the instance's
     */
    StderrCopy(String name) {
        this.name = name;
    }

    /** Takes whole lines, or a part of a longer one. */
    void add(byte[] bytes) {
        boolean isEmpty = !hasPending();
        if (isInLostLine || pending.length - from + bytes.length > MOST_BYTES) {
            isInLostLine = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
            for (byte each : bytes) {
                lost += each == '\n' ? 1 : 0;
            }
            return;
        }
        int left = pending.length - from;
        byte[] all = Arrays.copyOfRange(pending, from, pending.length + bytes.length);
        System.arraycopy(bytes, 0, all, left, bytes.length);
        pending = all;
        from = 0;
        if (isEmpty) {
            write();
        }
    }

    /** The host has not sent so many lines, since this start did not read. */
    void lost(long lines) {
        lost += lines;
        tellLost();
    }

    /** Whether something waits for a reader of stderr. */
    boolean hasPending() {
        return from < pending.length;
    }

    /** Has poll(2) tell when more can be written. */
    void arm(PollSet poll, int slot) {
        poll.set(slot, hasPending() && !isRefusedAtOnce ? STDERR : -1, PollSet.WRITABLE);
    }

    /** For how long poll(2) may wait, in milliseconds; -1 for as long as it takes. */
    int timeout() {
        return isRefusedAtOnce ? TRY_AGAIN_MILLIS : -1;
    }

    /** poll(2) has returned. */
    void serve(int events) {
        if (events != 0 || isRefusedAtOnce) {
            boolean wasHalted = isRefusedAtOnce;
            int before = pending.length - from;
            isRefusedAtOnce = false;
            write();
            isRefusedAtOnce = !wasHalted && hasPending() && before == pending.length - from;
        }
    }

    private void write() {
        while (hasPending()) {
            int count = stderr.write(pending, from);
            if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
                return;
            }
            from = count < 0 ? pending.length : from + count; // nobody can read it any more
        }
        pending = new byte[0];
        from = 0;
        tellLost();
    }

    private void tellLost() {
        if (lost > 0 && !isInLostLine && !hasPending()) {
            Console.complain(lost + (lost == 1 ? " line" : " lines") + " that \"" + name
                    + "\" wrote to stderr were not read here in time; see: holdfast logs " + name);
            lost = 0;
        }
    }

    @Override
    public void close() {
        stderr.close();
    }
}
