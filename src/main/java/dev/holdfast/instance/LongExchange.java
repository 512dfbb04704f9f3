package dev.holdfast.instance;

import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.waiting.EventWait;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way that takes longer than one answer, from the side that asks: lines come in, and a payload goes out.
 * Not safe for use by many threads.
 */
public final class LongExchange {
    private static final int CHUNK = 64 * 1024;

    private final UnixStream stream;
    private final EventWait wait;
    private final byte[] received;
    private int length;

    /** Nothing received yet; no line may be longer. The caller closes the stream. */
    public LongExchange(UnixStream stream, EventWait wait, int longestLine) {
        this.stream = stream;
        this.wait = wait;
        received = new byte[longestLine];
    }

    /** Waits until something can be received, or the connection has ended. False when the time is over, or at a stop request. */
    public boolean await(long deadline) {
        return wait.await(deadline, stream.descriptor());
    }

    /** Receives what is there. False when the connection has ended, or a line is too long. Never blocks. */
    public boolean receive() {
        int count = stream.read(received, length);
        length += Math.max(0, count);
        return count >= 0 && (length < received.length || newline() < length);
    }

    /** Takes the next line, without its newline; null when there is no whole one. */
    public byte @Nullable [] line() {
        int end = newline();
        if (end == length) {
            return null;
        }
        byte[] line = Arrays.copyOf(received, end);
        length -= end + 1;
        System.arraycopy(received, end + 1, received, 0, length);
        return line;
    }

    /** What has been received, and belongs to no line that was taken. */
    public byte[] rest() {
        return Arrays.copyOf(received, length);
    }

    private int newline() {
        int at = 0;
        while (at < length && received[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Sends all of a payload. Blocks until the deadline. False when the other end takes no more of it. */
    public boolean send(byte[] payload, long deadline) {
        int sent = 0;
        while (sent < payload.length) {
            int count = stream.writeSome(Arrays.copyOfRange(payload, sent, Math.min(payload.length, sent + CHUNK)));
            if (count < 0) {
                return false;
            }
            sent += count;
            if (count == 0 && !wait.awaitWritable(deadline, stream.descriptor())) {
                return false;
            }
        }
        return true;
    }
}
