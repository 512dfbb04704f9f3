package dev.holdfast.share.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What a client that does not listen now may hear later: the last of it, within bounds. Not safe for use by many threads. */
final class Unheard {
    private static final int MOST = 100;
    private static final long MOST_BYTES = 1 << 20;

    private final Deque<byte[]> lines = new ArrayDeque<>();
    private long bytes;

    void add(byte[] line) {
        lines.add(line);
        bytes += line.length;
        while (lines.size() > MOST || bytes > MOST_BYTES) {
            bytes -= lines.remove().length;
        }
    }

    List<byte[]> takeAll() {
        List<byte[]> all = List.copyOf(lines);
        lines.clear();
        bytes = 0;
        return all;
    }
}
