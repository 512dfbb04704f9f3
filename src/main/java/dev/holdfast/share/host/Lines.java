package dev.holdfast.share.host;

import dev.holdfast.posix.files.Passage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes whole lines of what comes in pieces. A line that is too long is lost, and costs no memory. Empty ones are dropped. */
final class Lines {
    private final int longest;
    private final Deque<byte[]> whole = new ArrayDeque<>();
    /** The beginning of a line whose end has not come. */
    private final List<byte[]> pieces = new ArrayList<>();

    private int bytesOfPieces;
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
    void add(Passage read) {
        int from = 0;
        for (int end = read.indexOf('\n', from); end < read.length(); end = read.indexOf('\n', from)) {
            addEnd(read, from, end);
            from = end + 1;
        }
        addPiece(read, from);
    }

    private void addEnd(Passage read, int from, int end) {
        int length = bytesOfPieces + end - from;
        if (isTooLong || length > longest) {
            lost++;
        } else if (length > 0) {
            byte[] line = new byte[length];
            int at = 0;
            for (byte[] piece : pieces) {
                System.arraycopy(piece, 0, line, at, piece.length);
                at += piece.length;
            }
            read.copyTo(line, at, from, end);
            whole.add(line);
        }
        isTooLong = false;
        forgetPieces();
    }

    private void addPiece(Passage read, int from) {
        int length = read.length() - from;
        if (length == 0) {
            return;
        }
        isTooLong |= length > longest - bytesOfPieces;
        if (isTooLong) {
            forgetPieces();
        } else {
            byte[] piece = new byte[length];
            read.copyTo(piece, 0, from, read.length());
            pieces.add(piece);
            bytesOfPieces += length;
        }
    }

    private void forgetPieces() {
        pieces.clear();
        bytesOfPieces = 0;
    }

    /** Whether {@link #next} has a line. */
    boolean hasNext() {
        return !whole.isEmpty();
    }

    /** The next whole line, without its end; null while there is none. */
    byte @Nullable [] next() {
        return whole.poll();
    }

    /** How many lines were too long since this was asked. */
    int takeLost() {
        int count = lost;
        lost = 0;
        return count;
    }
}
