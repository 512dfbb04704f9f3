package dev.holdfast.share.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange is to be sent: put in by the host's thread, taken out by the exchange's own, which has made it. Safe for use
 * by both.
 */
final class Mailbox implements AutoCloseable {
    private final BlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
    private final Thread taker = Thread.currentThread();
    private final boolean isStream;
    private volatile boolean isClosed;
    private volatile boolean isTakenBack;

    /**
     * An empty one.
     *
     * @param isStream whether it takes more than one message
     */
    Mailbox(boolean isStream) {
        this.isStream = isStream;
    }

    /** A message, or that nothing follows. */
    static final class Letter {
        private final byte[] line;
        private final boolean isLast;

        Letter(byte[] line, boolean isLast) {
            this.line = line;
            this.isLast = isLast;
        }

        /** With or without its end, and the receiver's own; empty for none. */
        byte[] line() {
            return line;
        }

        /** Whether nothing follows. */
        boolean isLast() {
            return isLast;
        }

        /** Whether it only says that nothing follows. */
        boolean isEnd() {
            return line.length == 0;
        }
    }

    boolean isStream() {
        return isStream;
    }

    void put(byte[] line, boolean isLast) {
        letters.add(new Letter(line, isLast));
    }

    /** Nothing more comes. */
    void end() {
        put(new byte[0], true);
    }

    /** Nothing more comes: the client has taken its request back, and waits for no answer. */
    void takeBack() {
        isTakenBack = true;
        end();
    }

    /** Whether that is why it has ended. */
    boolean isTakenBack() {
        return isTakenBack;
    }

    /** Takes all messages that have not been taken. */
    List<byte[]> takeRest() {
        List<Letter> rest = new ArrayList<>();
        var unused = letters.drainTo(rest);
        return rest.stream().filter(each -> !each.isEnd()).map(Letter::line).toList();
    }

    /** The next one; null when none has come in time. Blocks. */
    @Nullable
    Letter take(Duration atMost) throws InterruptedException {
        return letters.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the exchange also where it is stuck in a write to a client that does not read: its connection is closed by that. */
    synchronized void breakOff() {
        if (!isClosed) {
            taker.interrupt();
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    /** By its exchange: the thread has other work after this. */
    @Override
    public synchronized void close() {
        isClosed = true;
        var unused = Thread.interrupted();
    }
}
