package dev.holdfast.share;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What is to be written to a client: messages, each with its newline, in their order. Bounded by the multiplexer's rules. */
public final class Outgoing {
    private final Deque<byte[]> lines = new ArrayDeque<>();
    private int written;

    Outgoing() {}

    void add(byte[] line) {
        byte[] ended = java.util.Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        lines.add(ended);
    }

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** The bytes that are next, of which {@link #offset} have been written; null for none. */
    public byte @Nullable [] first() {
        return lines.peek();
    }

    /** How many of the first ones have been written. */
    public int offset() {
        return written;
    }

    /** So many bytes have been written. */
    public void written(int count) {
        byte[] first = lines.peek();
        written += count;
        if (first != null && written == first.length) {
            lines.remove();
            written = 0;
        }
    }
}
