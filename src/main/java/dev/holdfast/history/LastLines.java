package dev.holdfast.history;

import dev.holdfast.posix.files.PositionedAccess;
import java.util.Arrays;

/**
 * The lines of a file from its end on, the last one first, without more of it in memory than a block. What is appended
 * meanwhile is not seen.
 */
final class LastLines {
    /** Of a longer line the end is enough: no whole one is so long, and one behind a half is at the end. */
    static final int LONGEST = 1 << 13;

    private static final int BLOCK = 1 << 16;
    private static final byte[] NOTHING = new byte[0];

    private final int fd;
    private final long begin;
    /** Where the block begins in the file. */
    private long at;

    private byte[] block = NOTHING;
    /** What is left of the block; what is behind it was told. */
    private int length;

    /**
     * Nothing is read yet.
     *
     * @param fd of the file; stays open
     * @param begin where to end
     * @param end where to begin
     */
    LastLines(int fd, long begin, long end) {
        this.fd = fd;
        this.begin = begin;
        at = end;
    }

    /** Whether there is one more, or a rest before the first newline. */
    boolean hasNext() {
        return length > 0 || at > begin;
    }

    /** The line before, without its newline. */
    byte[] next() {
        byte[] line = NOTHING;
        while (hasNext()) {
            if (length == 0) {
                readBefore();
            }
            int from = length;
            while (from > 0 && block[from - 1] != '\n') {
                from--;
            }
            line = joined(from, line);
            length = from;
            if (from > 0) {
                length = from - 1; // without the newline, which ends the one before
                return line;
            }
        }
        return line;
    }

    private void readBefore() {
        long from = Math.max(begin, at - BLOCK);
        block = PositionedAccess.readAt(fd, (int) (at - from), from);
        length = block.length; // fewer when somebody has cut the file: then what is missing is passed over
        at = from;
    }

    private byte[] joined(int from, byte[] behind) {
        int room = Math.min(length - from, LONGEST - behind.length);
        byte[] joined = Arrays.copyOfRange(block, length - room, length + behind.length);
        System.arraycopy(behind, 0, joined, room, behind.length);
        return joined;
    }
}
