package dev.holdfast.share.host;

import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.share.Multiplexer;
import dev.holdfast.supervise.PollSlots;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What goes to a shared server and comes from it, as lines. Not safe for use by many threads. */
final class ServerStream {
    private static final int INPUT_SLOT = 0;
    private static final int OUTPUT_SLOT = 1;
    static final int SLOTS = 2;
    /** What is taken over at most before the server reads. */
    private static final int MOST_TAKEN = 64 * 1024;
    /** A client that was sent more could not take it before it counts as slow. */
    private static final int LONGEST_LINE = 64 * 1024 * 1024;

    private static final int READS_AT_ONCE = 4;

    private final ServerPipes pipes;
    private final Multiplexer multiplexer;
    private final Passage buffer;
    private final Deque<byte[]> messages = new ArrayDeque<>();
    private int bytes;
    private int written;
    private boolean isFull;
    private Lines lines = new Lines(LONGEST_LINE);
    private boolean hasEnded;
    private boolean isToEnd;

    /** For a server that runs. */
    ServerStream(ServerPipes pipes, Multiplexer multiplexer, Passage buffer) {
        this.pipes = pipes;
        this.multiplexer = multiplexer;
        this.buffer = buffer;
    }

    void arm(PollSlots slots) {
        slots.watch(INPUT_SLOT, isFull ? pipes.input() : -1, PollSet.WRITABLE);
        slots.watch(OUTPUT_SLOT, multiplexer.takesFromServer() ? pipes.output() : -1, PollSet.READABLE);
    }

    /**
     * Reads what is there.
     *
     * @return whether the server takes more
     */
    boolean serve(PollSlots slots) {
        boolean takesMore = slots.returned(INPUT_SLOT) != 0;
        isFull &= !takesMore;
        if (slots.returned(OUTPUT_SLOT) != 0) {
            read();
        }
        return takesMore;
    }

    /** Reads what is there, within bounds. */
    void read() {
        for (int i = 0; i < READS_AT_ONCE && pipes.output() >= 0; i++) {
            int count = buffer.fill(pipes.output());
            if (count == Passage.END) {
                hasEnded = true;
                pipes.closeOutput();
                return;
            }
            lines.add(buffer);
            for (byte @Nullable [] line = lines.next(); line != null; line = lines.next()) {
                multiplexer.fromServer(line);
            }
            if (count < buffer.size()) {
                return;
            }
        }
    }

    /** How many lines were too long since this was asked. */
    int takeLost() {
        return lines.takeLost();
    }

    /** Whether the server has closed its output. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** Writes what the server takes now: several small messages at once. */
    void flush() {
        while (!isFull) {
            take();
            if (messages.isEmpty()) {
                if (isToEnd) {
                    pipes.closeInput();
                }
                return;
            }
            if (pipes.input() < 0) {
                forget(); // nobody gets it; whoever waits for an answer hears of the server's end
            } else {
                write();
            }
        }
    }

    /** The server sees the end of its input, after what it has not read yet. */
    void endInput() {
        isToEnd = true;
        flush();
    }

    private void take() {
        while (bytes < MOST_TAKEN) {
            byte[] message = multiplexer.nextForServer();
            if (message == null) {
                return;
            }
            messages.add(message);
            bytes += message.length + 1;
        }
    }

    private void write() {
        buffer.clear();
        int from = written;
        for (byte[] message : messages) {
            if (!buffer.putLine(message, from)) {
                break;
            }
            from = 0;
        }
        int count = buffer.write(pipes.input());
        if (count == Passage.END) {
            pipes.closeInput(); // it may still answer what it has read
            return;
        }
        isFull = !buffer.isEmpty();
        written(count);
    }

    private void written(int count) {
        written += count;
        bytes -= count;
        while (!messages.isEmpty() && written > messages.element().length) {
            written -= messages.remove().length + 1;
        }
    }

    private void forget() {
        messages.clear();
        bytes = 0;
        written = 0;
    }

    /** Another server has been started, or will be: nothing of what is left here is for it. */
    void reset() {
        forget();
        lines = new Lines(LONGEST_LINE);
        isFull = false;
        hasEnded = false;
        isToEnd = false;
    }
}
