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
    private static final int SLOT = 0;
    /** No JSON text begins with it. */
    static final String HOSTS_WORD = "\u001e";
    /** What a client that is let go has to read what is still there for it. */
    private static final long FAREWELL_NANOS = Duration.ofSeconds(2).toNanos();

    private final UnixStream stream;
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
     * @param stream closed with this
     * @param stderr what the server writes there, for this client
     * @param longestMessage of the client's, in bytes
     */
    Link(UnixStream stream, Client client, StderrQueue stderr, Host host, int longestMessage, Ticker ticker) {
        this.stream = stream;
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
        return stream.descriptor();
    }

    /** Whether it has been closed, or is to be. */
    boolean isOver() {
        return isOver;
    }

    /** The kernel takes more for it. */
    @Override
    public void isWritable() {
        isFull = false;
    }

    /** Whether there is something to write that the kernel has not taken yet. */
    boolean hasSomethingToWrite() {
        return !isOver && (farewell != null || !client.outgoing().isEmpty() || !stderr.isEmpty());
    }

    private boolean isRead() {
        return !inputHasEnded && farewell == null && host.multiplexer().takesFrom(client);
    }

    @Override
    public void arm(PollSlots slots) {
        int events = (isRead() && !lines.hasNext() ? PollSet.READABLE : 0) | (isFull ? PollSet.WRITABLE : 0);
        slots.watch(SLOT, isOver ? -1 : stream.descriptor(), events);
    }

    @Override
    public void serve(PollSlots slots) {
        int events = slots.returned(SLOT);
        if (isOver) {
            return;
        }
        if ((events & PollSet.WRITABLE) != 0) {
            isFull = false;
            host.wake();
        }
        if ((events & PollSet.READABLE) != 0 && isRead()) {
            read(host.buffer());
        }
        takeLine();
        if ((events & (PollSet.HANG_UP | PollSet.ERROR)) != 0) {
            close(); // nobody reads what would be answered
        }
        host.goOn();
    }

    private void read(Passage buffer) {
        int count = buffer.fill(stream.descriptor());
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
        Passage buffer = host.buffer();
        while (!isFull && hasSomethingToWrite()) {
            if (!isAmidLine && !stderr.isEmpty()) {
                writeStderr(buffer);
            } else if (client.outgoing().isEmpty()) {
                sayFarewell(buffer);
                return;
            } else {
                writeSome(client.outgoing(), buffer);
            }
        }
        if (ticker.nanoTime() >= leaveAt) {
            close();
        }
    }

    private void writeStderr(Passage buffer) {
        buffer.clear();
        stderr.show(buffer);
        int count = buffer.send(stream.descriptor());
        if (count == Passage.END) {
            close();
            return;
        }
        isFull = !buffer.isEmpty();
        stderr.written(count);
    }

    private void writeSome(Outgoing outgoing, Passage buffer) {
        buffer.clear();
        outgoing.show(buffer::put);
        int count = buffer.send(stream.descriptor());
        if (count == Passage.END) {
            close();
            return;
        }
        isFull = !buffer.isEmpty();
        outgoing.written(count);
        isAmidLine = outgoing.offset() > 0;
    }

    private void sayFarewell(Passage buffer) {
        byte[] word = farewell;
        if (word == null || isAmidLine) {
            close(); // what it was sent the beginning of was given up: nothing can be said behind that
            return;
        }
        buffer.clear();
        var unused = buffer.put(word, told);
        int count = buffer.send(stream.descriptor());
        told += Math.max(0, count);
        isFull = count >= 0 && told < word.length;
        if (!isFull) {
            close();
        }
    }

    /** Does nothing the second time. */
    @Override
    public void close() {
        if (!isOver) {
            isOver = true;
            stream.close();
            host.closed(this);
        }
    }
}
