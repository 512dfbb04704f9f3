package dev.holdfast.output;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from some point on, through all its files, and goes on while it grows and is rotated: each byte once.
 *
 * <p>A reader that is slower than the files are rotated away misses what was in them, and says so. Never blocks. Not safe
 * for use by many threads.
 */
public final class OutputReader implements AutoCloseable {
    private static final int AT_ONCE = 65_536;

    private final String path;
    /** The oldest first; what is read now is the first one. */
    private final Deque<OutputPart> parts = new ArrayDeque<>();

    private long offset;
    private long readFrom;
    private @Nullable OutputPart readOf;
    private boolean hasMissed;

    /**
     * Of a log's file, which need not be there yet. Begins with its first byte.
     *
     * @param path the file that is written
     */
    public OutputReader(String path) {
        this.path = path;
        take(OutputPart.all(path));
    }

    private void take(List<OutputPart> newestFirst) {
        newestFirst.forEach(parts::addFirst);
    }

    /** Whether there is a log. */
    public boolean isThere() {
        return !parts.isEmpty();
    }

    /**
     * Begins with the last lines instead. Before anything was read.
     *
     * @param lines how many; what stands behind the last newline is one, too
     */
    public void skipToLast(long lines) {
        OutputPart[] all = parts.toArray(OutputPart[]::new);
        if (lines == 0 && all.length > 0) {
            begin(all.length - 1, all[all.length - 1].size());
            return;
        }
        long newlines = lines;
        boolean isLastByte = true;
        for (int i = all.length - 1; i >= 0; i--) {
            for (long end = all[i].size(); end > 0; ) {
                byte[] block = all[i].read(Math.max(0, end - AT_ONCE), (int) Math.min(AT_ONCE, end));
                end = Math.max(0, end - AT_ONCE);
                for (int at = block.length - 1; at >= 0; at--) {
                    // The one at the very end ends the last line; before the first one there is one, too.
                    boolean counts = block[at] == '\n' && !isLastByte;
                    isLastByte = false;
                    newlines -= counts ? 1 : 0;
                    if (newlines == 0) {
                        begin(i, end + at + 1);
                        return;
                    }
                }
            }
        }
    }

    /**
     * Begins with what came at a time or later instead, unless it begins later already. Before anything was read.
     *
     * @param epochMillis since 1970
     */
    public void skipTo(long epochMillis) {
        while (!parts.isEmpty()) {
            long from = parts.getFirst().times().since(epochMillis);
            if (from >= 0) {
                offset = Math.max(offset, from);
                return;
            }
            if (parts.size() == 1) {
                offset = parts.getFirst().size();
                return;
            }
            next();
        }
    }

    /**
     * Begins not before an offset of the file that is written, when that is what would be read first. Before anything was
     * read.
     */
    public void skipToOffset(long from) {
        if (parts.size() == 1 && from <= parts.getFirst().size()) {
            offset = Math.max(offset, from);
        }
    }

    private void begin(int part, long from) {
        for (int i = 0; i < part; i++) {
            next();
        }
        offset = from;
    }

    private void next() {
        parts.removeFirst().close();
        offset = 0;
    }

    /**
     * Reads what comes next.
     *
     * @return the bytes; empty when there are no more now
     */
    public byte[] read() {
        while (!parts.isEmpty()) {
            OutputPart part = parts.getFirst();
            byte[] bytes = part.read(offset, AT_ONCE);
            if (bytes.length > 0) {
                readOf = part;
                readFrom = offset;
                offset += bytes.length;
                return bytes;
            }
            if (parts.size() > 1) {
                next();
            } else if (!isContinued(part)) {
                return bytes;
            }
        }
        take(OutputPart.all(path));
        return parts.isEmpty() ? new byte[0] : read();
    }

    /** Whether there is more to read, in this file or in a newer one. */
    private boolean isContinued(OutputPart part) {
        if (part.isNamed(path)) {
            if (part.size() < offset) {
                offset = 0; // somebody has cut it
                return part.size() > 0;
            }
            return false;
        }
        List<OutputPart> all = OutputPart.all(path);
        int ours = 0;
        while (ours < all.size() && !all.get(ours).isSameFile(part)) {
            ours++;
        }
        hasMissed |= ours == all.size() && !all.isEmpty();
        for (int i = ours; i < all.size(); i++) {
            all.get(i).close();
        }
        List<OutputPart> newer = List.copyOf(all.subList(0, ours));
        for (int i = newer.size() - 1; i >= 0; i--) {
            parts.addLast(newer.get(i));
        }
        // It was written to until it was renamed, and not after that: what came since our last look is read first.
        return part.size() > offset || !newer.isEmpty();
    }

    /**
     * When a byte of what was read last came.
     *
     * @param index in that piece
     * @return milliseconds since 1970; within a second of the truth, or the file's own time where nothing tells
     */
    public long time(int index) {
        return readOf == null ? 0 : readOf.times().at(readFrom + index);
    }

    /** Whether files were rotated away before they were read. Tells it once. */
    public boolean hasMissed() {
        boolean missed = hasMissed;
        hasMissed = false;
        return missed;
    }

    @Override
    public void close() {
        parts.forEach(OutputPart::close);
        parts.clear();
    }
}
