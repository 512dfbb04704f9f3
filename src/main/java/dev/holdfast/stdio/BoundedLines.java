package dev.holdfast.stdio;

import java.util.Arrays;
import java.util.Optional;

/**
 * Makes lines of what comes in pieces of any size. A line that is too long is dropped whole, and takes no memory. Not safe
 * for use by many threads.
 */
public final class BoundedLines {
    private static final int FIRST_CAPACITY = 4096;

    private final int longest;
    private byte[] piece = new byte[0];
    private int at;
    private int end;
    private byte[] line = new byte[FIRST_CAPACITY];
    private int length;
    private boolean isTooLong;
    private int dropped;

    /**
     * No lines yet.
     *
     * @param longest how many bytes a line may have, without its end
     */
    public BoundedLines(int longest) {
        this.longest = longest;
    }

    /**
     * Takes what comes next. To be called when {@link #next} has nothing more. The bytes must not change until it has nothing
     * more again.
     *
     * @param count how many of the bytes are meant, from the first one on
     */
    public void add(byte[] bytes, int count) {
        piece = bytes;
        at = 0;
        end = count;
    }

    /** How many lines have been too long until now. One that has no end yet is counted by {@link #rest}. */
    public int dropped() {
        return dropped;
    }

    /** The next whole line, without its newline; empty when more has to come for one. */
    public Optional<byte[]> next() {
        for (int i = at; i < end; i++) {
            if (piece[i] == '\n') {
                keep(i);
                at = i + 1;
                boolean isWhole = !isTooLong;
                Optional<byte[]> found = isWhole ? Optional.of(Arrays.copyOf(line, length)) : Optional.empty();
                length = 0;
                isTooLong = false;
                if (isWhole) {
                    return found;
                }
                dropped++;
            }
        }
        keep(end);
        at = end;
        return Optional.empty();
    }

    /** What stands behind the last newline. */
    public Optional<byte[]> rest() {
        if (isTooLong) {
            dropped++;
            isTooLong = false;
            return Optional.empty();
        }
        return Optional.of(Arrays.copyOf(line, length));
    }

    /** Keeps what of the piece belongs to this line. */
    private void keep(int until) {
        int more = until - at;
        if (isTooLong || more > longest - length) {
            isTooLong = true;
            line = line.length > FIRST_CAPACITY ? new byte[FIRST_CAPACITY] : line;
            length = 0;
            return;
        }
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, Math.min(longest, 2 * line.length)));
        }
        System.arraycopy(piece, at, line, length, more);
        length += more;
    }
}
