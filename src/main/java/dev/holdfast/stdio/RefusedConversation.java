package dev.holdfast.stdio;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.posix.files.Terminal;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.util.Optional;

/**
 * Tells a client of the Model Context Protocol, in the place of the server that was not started, why it was not: each
 * request on stdin gets the refusal as its answer, since that is all that clients show their users. Of a server that only
 * ends they say "Connection closed", or wait for a minute.
 *
 * <p>Ends one second after the first answer, so that requests which were sent together get theirs; at the end of the input, for
 * the client has read enough; when nobody reads the answers; after five seconds; at a stop request. In one thread.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio">Model Context Protocol,
 *     Transports, stdio</a>
 */
public final class RefusedConversation implements RefusalAnswers.Output {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int READ_AT_ONCE = 16 * 1024;
    /** A client's first requests are small, and this process's memory is, too. */
    private static final int LONGEST_LINE = 1024 * 1024;

    private final EventWait wait;
    private final AnswerTime time = new AnswerTime(Ticker.SYSTEM);
    private final NonBlockingWriter stdout;
    private final RefusalAnswers answers;
    private final BoundedLines lines = new BoundedLines(LONGEST_LINE);

    private RefusedConversation(
            String message, String reason, String instance, int holderPid, EventWait wait, NonBlockingWriter stdout) {
        this.wait = wait;
        this.stdout = stdout;
        answers =
                new RefusalAnswers(message, reason, instance, holderPid, this); // no lambda: the first one takes 20 ms
    }

    /**
     * Holds it, on stdin and stdout. Returns at once when stdin is a terminal: a person reads stderr. Blocks for five seconds
     * at the most, whatever the client does, or until a stop request has come, which {@code wait} then knows.
     *
     * @param message the refusal; may have several lines
     * @param reason a word for it, for programs
     * @param instance the instance's name
     * @param holderPid who is in the way; 0 when that is not known
     */
    public static void hold(String message, String reason, String instance, int holderPid, EventWait wait) {
        if (Terminal.isOne(STDIN)) {
            return;
        }
        try (NonBlockingWriter stdout = new NonBlockingWriter(STDOUT)) {
            new RefusedConversation(message, reason, instance, holderPid, wait, stdout).hold();
        }
    }

    private void hold() {
        while (!time.isOver() && wait.await(time.deadline(), STDIN)) {
            byte[] piece = read();
            if (piece.length == 0) {
                var unused = answer(lines.rest());
                return;
            }
            lines.add(piece, piece.length);
            Optional<byte[]> line = lines.next();
            while (line.isPresent()) {
                if (!answer(line)) {
                    return;
                }
                line = lines.next();
            }
        }
    }

    /** Empty at the end, and where there is nothing to be read: stdin may be closed, a folder, or only for writing. */
    private static byte[] read() {
        try {
            return FileDescriptors.read(STDIN, READ_AT_ONCE);
        } catch (PosixException e) {
            return new byte[0];
        }
    }

    /** Whether there is any use in going on. The time is not asked here: what has been read together is answered together. */
    private boolean answer(Optional<byte[]> line) {
        int count = line.isPresent() ? answers.answer(line.get()) : 0;
        if (count > 0) {
            time.answered();
        }
        return count >= 0 && !wait.isStopRequested();
    }

    /** In pieces, as far as somebody reads: a pipe that is full is waited for, to the deadline. */
    @Override
    public boolean write(byte[] bytes) {
        int from = 0;
        while (from < bytes.length) {
            int count = stdout.write(bytes, from);
            boolean isFull = count == -Errno.EAGAIN;
            if (isFull && (time.isOver() || !wait.awaitWritable(time.deadline(), STDOUT))) {
                return false;
            }
            if (count < 0 && !isFull && count != -Errno.EINTR) {
                return false;
            }
            from += Math.max(count, 0);
        }
        return !wait.isStopRequested();
    }
}
