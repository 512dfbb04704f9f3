package dev.holdfast.share.host;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.share.Bye;
import dev.holdfast.share.Client;
import dev.holdfast.share.Outgoing;
import dev.holdfast.supervise.EventSource;
import dev.holdfast.supervise.PollSlots;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The connection of one client of a shared server. A source of the loop. Not safe for use by many threads. */
final class Link implements EventSource, Peer {
    private static final int STREAM_SLOT = 0;
    private static final int INPUT_SLOT = 1;
    private static final int OUTPUT_SLOT = 2;
    private static final int SLOTS = 3;
    private static final int GONE = PollSet.HANG_UP | PollSet.ERROR;
    /** No JSON text begins with it. */
    static final String HOSTS_WORD = "\u001e";
    /** What a client that is let go has to read what is still there for it. */
    private static final long FAREWELL_NANOS = Duration.ofSeconds(2).toNanos();

    private final UnixStream stream;
    private final @Nullable ClientPipes pipes;
    private final Client client;
    private final Host host;
    private final StderrQueue stderr;
    private final Lines lines;
    private final Ticker ticker;
    /** Nothing more comes from it. */
    private boolean inputHasEnded;

    private boolean isEndTold;
    /** The kernel takes nothing more for it now. */
    private boolean isFull;
    /** The same of the host's own words to its start, where the client's messages go another way. */
    private boolean isStreamFull;
    /** The beginning of a message was written, and not yet its end. */
    private boolean isAmidLine;
    /** What it is told last; null while it is not let go. */
    private byte @Nullable [] farewell;

    private int told;
    private long leaveAt = Ticker.NEVER;
    private boolean isOver;

    /**
     * One that is attached.
     *
     * @param stream to its start; closed with this
     * @param pipes its own, which its messages come and go by; closed with this. Null when its start copies them to the stream
     * @param stderr what the server writes there, for this client
     * @param longestMessage of the client's, in bytes
     */
    Link(
            UnixStream stream,
            @Nullable ClientPipes pipes,
            Client client,
            StderrQueue stderr,
            Host host,
            int longestMessage,
            Ticker ticker) {
        this.stream = stream;
        this.pipes = pipes;
        this.client = client;
        this.stderr = stderr;
        this.host = host;
        this.ticker = ticker;
        lines = new Lines(longestMessage);
    }

    @Override
    public Client client() {
        return client;
    }

    @Override
    public String origin() {
        return "pid=" + client.pid();
    }

    @Override
    public int descriptor() {
        return pipes != null && isFull ? pipes.output() : stream.descriptor();
    }

    /** Whether it has been closed, or is to be. */
    boolean isOver() {
        return isOver;
    }

    /** The kernel takes more for it. */
    @Override
    public void isWritable() {
        isFull = false;
        isStreamFull = false;
    }

    /** Whether there is something to write that the kernel has not taken yet. */
    boolean hasSomethingToWrite() {
        return !isOver && (farewell != null || !client.outgoing().isEmpty() || !stderr.isEmpty());
    }

    private boolean isRead() {
        return !inputHasEnded && farewell == null && host.multiplexer().takesFrom(client);
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public void arm(PollSlots slots) {
        int input = isRead() && !lines.hasNext() ? PollSet.READABLE : 0;
        int output = isFull ? PollSet.WRITABLE : 0;
        ClientPipes its = isOver ? null : pipes;
        // The end of a pipe shows at each look, so it is looked at only where it is read. Its start sends nothing.
        slots.watch(INPUT_SLOT, its == null || input == 0 ? -1 : its.input(), input);
        slots.watch(OUTPUT_SLOT, its == null ? -1 : its.output(), output);
        int events = pipes == null ? input | output : isStreamFull ? PollSet.WRITABLE : 0;
        slots.watch(STREAM_SLOT, isOver ? -1 : stream.descriptor(), events);
    }

    @Override
    public void serve(PollSlots slots) {
        int start = slots.returned(STREAM_SLOT);
        int output = pipes == null ? start : slots.returned(OUTPUT_SLOT);
        if (isOver) {
            return;
        }
        if (((start | output) & PollSet.WRITABLE) != 0) {
            isFull &= (output & PollSet.WRITABLE) == 0;
            isStreamFull &= (start & PollSet.WRITABLE) == 0;
            host.wake();
        }
        boolean hasInput = pipes == null ? (start & PollSet.READABLE) != 0 : slots.returned(INPUT_SLOT) != 0;
        if (hasInput && isRead()) {
            read(host.buffer());
        }
        takeLine();
        if (((start | output) & GONE) != 0) {
            close(); // nobody reads what would be answered
        }
        host.goOn();
    }

    private void read(Passage buffer) {
        int count = pipes == null ? buffer.fill(stream.descriptor()) : pipes.read(buffer);
        if (count > 0) {
            lines.add(buffer);
        } else if (count == Passage.END) {
            inputHasEnded = true;
        }
    }

    /** One in each turn: each client has its turn. */
    private void takeLine() {
        if (farewell != null || isOver) {
            return;
        }
        if (host.multiplexer().takesFrom(client)) {
            byte[] line = lines.next();
            for (int lost = lines.takeLost(); lost > 0 && farewell == null; lost--) {
                host.multiplexer().tooLong(client);
            }
            if (line != null) {
                host.multiplexer().fromClient(client, line);
            }
        }
        if (inputHasEnded && !isEndTold && !lines.hasNext()) {
            isEndTold = true;
            host.multiplexer().inputEnded(client);
        }
    }

    @Override
    public long deadline() {
        if (isOver) {
            return Ticker.NEVER;
        }
        boolean hasMore =
                farewell == null && lines.hasNext() && host.multiplexer().takesFrom(client);
        return hasMore ? ticker.nanoTime() : leaveAt;
    }

    /** Lets the client go when it has read what is there for it. */
    @Override
    public void dismiss(Bye why, int exitCode) {
        if (farewell == null) {
            farewell = StderrWord.line(
                    new FlatObjectWriter().text("bye", why.word()).number("exit", exitCode));
            leaveAt = ticker.nanoTime() + FAREWELL_NANOS;
        }
    }

    /** Writes what the kernel takes now: several small messages at once. */
    @Override
    public void flush() {
        if (pipes == null) {
            flushAll(host.buffer());
        } else {
            flushApart(host.buffer());
        }
        if (ticker.nanoTime() >= leaveAt) {
            close();
        }
    }

    private void flushAll(Passage buffer) {
        while (!isFull && hasSomethingToWrite()) {
            if (!isAmidLine && !stderr.isEmpty()) {
                isFull = writeStderr(buffer);
            } else if (client.outgoing().isEmpty()) {
                isFull = sayFarewell(buffer);
            } else {
                writeSome(client.outgoing(), buffer);
            }
        }
    }

    /** What the client reads and what its start reads do not wait for each other, but for the last word. */
    private void flushApart(Passage buffer) {
        while (!isFull && !isOver && !client.outgoing().isEmpty()) {
            writeSome(client.outgoing(), buffer);
        }
        while (!isStreamFull && !isOver && !stderr.isEmpty()) {
            isStreamFull = writeStderr(buffer);
        }
        if (!isStreamFull && !isOver && farewell != null && client.outgoing().isEmpty()) {
            isAmidLine = false; // of the client's pipe, which nothing follows in
            isStreamFull = sayFarewell(buffer);
        }
    }

    /** Whether the kernel takes nothing more there. */
    private boolean writeStderr(Passage buffer) {
        buffer.clear();
        stderr.show(buffer);
        int count = buffer.send(stream.descriptor());
        if (count == Passage.END) {
            close();
            return true;
        }
        stderr.written(count);
        return !buffer.isEmpty();
    }

    private void writeSome(Outgoing outgoing, Passage buffer) {
        buffer.clear();
        outgoing.show(buffer::putLine);
        int count = pipes == null ? buffer.send(stream.descriptor()) : pipes.write(buffer);
        if (count == Passage.END) {
            close();
            return;
        }
        isFull = !buffer.isEmpty();
        outgoing.written(count);
        isAmidLine = outgoing.offset() > 0;
    }

    /** Whether the kernel takes nothing more there. */
    private boolean sayFarewell(Passage buffer) {
        byte[] word = farewell;
        if (word == null || isAmidLine) {
            close(); // what it was sent the beginning of was given up: nothing can be said behind that
            return true;
        }
        buffer.clear();
        var unused = buffer.put(word, told);
        int count = buffer.send(stream.descriptor());
        told += Math.max(0, count);
        boolean isLeft = count >= 0 && told < word.length;
        if (!isLeft) {
            close();
        }
        return isLeft;
    }

    /** Does nothing the second time. */
    @Override
    public void close() {
        if (!isOver) {
            isOver = true;
            if (pipes != null) {
                pipes.close();
            }
            stream.close();
            host.closed(this);
        }
    }
}
