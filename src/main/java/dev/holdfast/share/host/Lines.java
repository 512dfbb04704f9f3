package dev.holdfast.share.host;

import dev.holdfast.posix.files.TransferBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes whole lines of what comes in pieces. A line that is too long is lost, and costs no memory. */
final class Lines {
    private static final byte[] NOTHING = new byte[0];
    private static final int LEAST = 4096;
    /** What is kept for the next line when nothing is left. */
    private static final int KEPT = 64 * 1024;

    private final int longest;
    private byte[] bytes = NOTHING;
    private int start;
    private int end;
    /** Up to here there is no newline. */
    private int searched;

    private boolean isTooLong;
    private int lost;

    /**
     * Nothing has come yet.
     *
     * @param longest a line's bytes, without its end
     */
    Lines(int longest) {
        this.longest = longest;
    }

    /** Takes what was read. */
    void add(TransferBuffer read) {
        int count = read.filled();
        makeRoom(count);
        read.copyTo(bytes, end);
        end += count;
    }

    private void makeRoom(int count) {
        if (bytes.length - end >= count) {
            return;
        }
        int kept = end - start;
        int needed = kept + count;
        byte[] room = bytes.length >= needed && start > bytes.length / 2
                ? bytes
                : new byte[Math.max(LEAST, needed + Math.min(kept, longest))];
        System.arraycopy(bytes, start, room, 0, kept);
        bytes = room;
        searched -= start;
        start = 0;
        end = kept;
    }

    /** Whether {@link #next} has a line. */
    boolean hasNext() {
        find();
        return searched < end;
    }

    /** The next whole line, without its end; null while there is none. */
    byte @Nullable [] next() {
        if (!hasNext()) {
            return null;
        }
        byte[] line = Arrays.copyOfRange(bytes, start, searched);
        pass();
        return line;
    }

    /** How many lines were too long since this was asked. */
    int takeLost() {
        int count = lost;
        lost = 0;
        return count;
    }

    /** Whether the beginning of a line is there. */
    boolean hasRest() {
        return end > start || isTooLong;
    }

    /** Goes to the next newline that ends a line which is not too long, or to the end of what is there. */
    private void find() {
        while (true) {
            while (searched < end && bytes[searched] != '\n') {
                searched++;
            }
            boolean isWhole = searched < end;
            isTooLong |= searched - start > longest;
            if (!isTooLong) {
                return;
            }
            if (!isWhole) {
                start = searched;
                forgetIfEmpty();
                return;
            }
            isTooLong = false;
            lost++;
            pass();
        }
    }

    private void pass() {
        start = ++searched;
        forgetIfEmpty();
    }

    private void forgetIfEmpty() {
        if (start == end) {
            start = 0;
            end = 0;
            searched = 0;
            if (bytes.length > KEPT) {
                bytes = NOTHING;
            }
        }
    }
}
