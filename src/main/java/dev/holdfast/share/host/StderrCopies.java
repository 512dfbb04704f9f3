package dev.holdfast.share.host;

import dev.holdfast.share.Client;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives what a shared server writes to stderr to all clients' starts, too, in whole lines. What it writes before the first
 * client is there, why it does not start, say, is kept for that one. Not safe for use by many threads.
 */
final class StderrCopies {
    /** A longer line goes in pieces, of which one may be lost. */
    private static final int LONGEST_PIECE = 8 * 1024;

    private final ObjIntConsumer<Client> lost;
    private final Map<Client, StderrQueue> queues = new LinkedHashMap<>();
    /** For the first client; null when that has come. */
    private @Nullable StderrQueue early = new StderrQueue();
    /** A line whose end has not come, or what is left of it. */
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(0);

    /**
     * Nobody is there.
     *
     * @param lost is told of lines that a client does not get
     */
    StderrCopies(ObjIntConsumer<Client> lost) {
        this.lost = lost;
    }

    /** A client's start is there: what it gets from now on. */
    StderrQueue join(Client client) {
        StderrQueue queue = early == null ? new StderrQueue() : early;
        early = null;
        queues.put(client, queue);
        return queue;
    }

    void leave(Client client) {
        queues.remove(client);
    }

    /** The server has written something. */
    void add(byte[] bytes) {
        int from = 0;
        while (from < bytes.length) {
            int room = LONGEST_PIECE - begun.size();
            int end = endOfPiece(bytes, from, Math.min(bytes.length, from + room));
            begun.write(bytes, from, end - from);
            from = end;
            if (begun.size() == LONGEST_PIECE || bytes[from - 1] == '\n') {
                tell();
            }
        }
    }

    /** Behind the last line that ends there, or else all of it. */
    private static int endOfPiece(byte[] bytes, int from, int end) {
        for (int at = end; at > from; at--) {
            if (bytes[at - 1] == '\n') {
                return at;
            }
        }
        return end;
    }

    /** The server has ended: nothing more comes of a line that was not. */
    void end() {
        if (begun.size() > 0) {
            begun.write('\n');
            tell();
        }
    }

    private void tell() {
        byte[] piece = begun.toByteArray();
        begun.reset();
        StderrQueue waiting = early;
        if (waiting == null && queues.isEmpty()) {
            return; // the log has it
        }
        StderrWord word = new StderrWord(piece);
        if (waiting != null) {
            var unused = waiting.add(word); // told to the first client when it has read the others
        }
        queues.forEach((client, queue) -> {
            int count = queue.add(word);
            if (count > 0) {
                lost.accept(client, count);
            }
        });
    }
}
