package dev.holdfast.share.host;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.posix.files.Passage;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one client's start has yet to get of the server's stderr, and what it is told beside that. Bounded: one that does not read loses lines, is told how
 * many, and nothing else comes of it. Not safe for use by many threads.
 */
final class StderrQueue {
    static final int MOST_BYTES = 64 * 1024;

    private final Deque<byte[]> lines = new ArrayDeque<>();
    private int bytes;
    private int written;
    /** Lines that it was not told to have lost. */
    private long lost;
    /** The rest of a line of which a part is lost is so, too. */
    private boolean isInLostLine;

    /**
     * Adds a word, if there is room.
     *
     * @return how many lines are lost by that
     */
    int add(StderrWord word) {
        if (isInLostLine || bytes + word.line().length > MOST_BYTES) {
            isInLostLine = !word.endsLine();
            lost += word.lines();
            tellLost();
            return word.lines();
        }
        append(word.line());
        return 0;
    }

    /** Adds what its user is to be told. */
    void warn(String text) {
        append(StderrWord.line(new FlatObjectWriter().text("warn", text)));
    }

    private void append(byte[] line) {
        lines.add(line);
        bytes += line.length;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Puts in what waits, as much as there is room for. */
    void show(Passage buffer) {
        int from = written;
        for (byte[] line : lines) {
            if (!buffer.put(line, from)) {
                return;
            }
            from = 0;
        }
    }

    /** So many bytes more have gone. */
    void written(int count) {
        written += count;
        while (!lines.isEmpty() && written >= lines.element().length) {
            int length = lines.remove().length;
            written -= length;
            bytes -= length;
        }
        tellLost();
    }

    private void tellLost() {
        if (lines.isEmpty() && lost > 0 && !isInLostLine) {
            append(StderrWord.line(new FlatObjectWriter().number("lost", lost)));
            lost = 0;
        }
    }
}
