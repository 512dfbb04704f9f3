package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.sockets.UnixStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * One connection to the control socket: takes one line, gives one line, and is over. Bounded in bytes and in time, so that
 * who is slow, or sends without end, costs nothing but its own connection.
 */
final class ControlConnection implements AutoCloseable {
    /** With its newline. */
    private static final int LONGEST_LINE = 512;

    private static final Duration MOST_TIME = Duration.ofSeconds(1);

    private final UnixStream stream;
    private final UnixStream.Peer peer;
    private final long deadline = System.nanoTime() + MOST_TIME.toNanos();
    private final byte[] received = new byte[LONGEST_LINE];
    private int length;

    ControlConnection(UnixStream stream, UnixStream.Peer peer) {
        this.stream = stream;
        this.peer = peer;
    }

    int descriptor() {
        return stream.descriptor();
    }

    /** When it is closed, done or not, by {@link System#nanoTime}. */
    long deadline() {
        return deadline;
    }

    /**
     * Reads what has come, and answers when that is a line. Never blocks.
     *
     * @param events what poll(2) found
     * @return whether it is over
     */
    boolean serve(int events, ControlSocket.Handler handler) {
        if ((events & (PollSet.HANG_UP | PollSet.ERROR)) != 0) {
            // Whoever asked is gone. A launcher that was stopped for an hour must not do then what nobody waits for.
            return true;
        }
        int count = stream.read(received, length);
        length += Math.max(0, count);
        int end = indexOfNewline();
        boolean isComplete = end < length || (count < 0 && length > 0);
        if (isComplete || length == LONGEST_LINE) {
            // One that is too long is cut, and so not understood.
            String answer = handler.answer(Arrays.copyOf(received, end), peer) + "\n";
            // A new connection's buffer takes far more. What does not read its answer does not get it.
            var unused = stream.write(answer.getBytes(StandardCharsets.UTF_8));
            return true;
        }
        return count < 0;
    }

    private int indexOfNewline() {
        int at = 0;
        while (at < length && received[at] != '\n') {
            at++;
        }
        return at;
    }

    @Override
    public void close() {
        stream.close();
    }
}
