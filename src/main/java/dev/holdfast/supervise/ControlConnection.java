package dev.holdfast.supervise;

import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.sockets.DescriptorMessage;
import dev.holdfast.posix.sockets.UnixStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the control socket: takes one line, gives one line, and is over, unless the line asks for something
 * longer. Bounded in bytes and in time, so that who is slow, or sends without end, costs nothing but its own connection.
 */
final class ControlConnection implements AutoCloseable {
    private static final Duration MOST_TIME = Duration.ofSeconds(1);

    private final UnixStream stream;
    private final UnixStream.Peer peer;
    private final long since;
    private final byte[] received = new byte[ControlCall.LONGEST_LINE];
    private int length;
    private int[] descriptors = new int[0];
    private ControlReply.@Nullable Longer longer;
    private ControlReply.@Nullable Answer later;

    /** Accepted now, by the loop's ticker. */
    ControlConnection(UnixStream stream, UnixStream.Peer peer, long now) {
        this.stream = stream;
        this.peer = peer;
        since = now;
    }

    int descriptor() {
        return stream.descriptor();
    }

    /** What to wait for. Whoever waits for an answer may have shut its own side: the end of input is none of its own. */
    int events() {
        return later == null ? PollSet.READABLE : 0;
    }

    /** When it is closed, done or not, by the loop's ticker. */
    long deadline() {
        return later != null && later.line() != null ? since : since + MOST_TIME.toNanos();
    }

    /** When it was accepted, by the loop's ticker. */
    long since() {
        return since;
    }

    /** The longer work that was asked for; null when none was. */
    ControlReply.@Nullable Longer longer() {
        return longer;
    }

    /** The same connection, for that work: this one is not to be used or closed any more. */
    LongConnection toLong(ControlReply.Longer request, ControlSocket.Handler handler) {
        return new LongConnection(stream, request, descriptors, handler);
    }

    /** The answer, or a refusal instead of the work. */
    void send(String line) {
        var unused = stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads what has come, and answers when that is a line. Never blocks.
     *
     * @param events what poll(2) found
     * @return whether it is over, or has become a longer one
     */
    boolean serve(int events, ControlSocket.Handler handler) {
        if ((events & (PollSet.HANG_UP | PollSet.ERROR)) != 0) {
            // Whoever asked is gone. A launcher that was stopped for an hour must not do then what nobody waits for.
            return true;
        }
        DescriptorMessage message = DescriptorMessage.receive(stream.descriptor(), received, length);
        keep(message.descriptors());
        int count = message.length();
        length += Math.max(0, count);
        int end = indexOfNewline();
        boolean isComplete = end < length || (count < 0 && length > 0);
        if (isComplete || length == ControlCall.LONGEST_LINE) {
            // One that is too long is cut, and so not understood.
            answer(handler.answer(Arrays.copyOf(received, end), peer), end + 1 >= length, handler);
            return later == null;
        }
        return count < 0;
    }

    /**
     * Gives the answer that has been waited for, if it is known by now.
     *
     * @return whether it was given
     */
    boolean giveAnswer() {
        String line = later == null ? null : later.line();
        if (line != null) {
            send(line);
        }
        return line != null;
    }

    /** Only those that come with the first byte count; whoever needs more breaks the protocol. */
    private void keep(int... more) {
        if (length == 0) {
            descriptors = more;
        } else {
            DescriptorMessage.close(more);
        }
    }

    private void answer(ControlReply reply, boolean isAll, ControlSocket.Handler handler) {
        if (reply instanceof ControlReply.Line line) {
            // A new connection's buffer takes far more. What does not read its answer does not get it.
            send(line.line());
        } else if (reply instanceof ControlReply.Later known) {
            later = known.answer();
        } else if (reply instanceof ControlReply.Descriptors handed) {
            byte[] bytes = (handed.line() + "\n").getBytes(StandardCharsets.UTF_8);
            int[] numbers = new int[handed.descriptors().size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = handed.descriptors().get(i);
            }
            var unused = DescriptorMessage.send(stream.descriptor(), bytes, numbers);
        } else if (reply instanceof ControlReply.Longer work) {
            if (!isAll || !work.takes(descriptors.length)) {
                work.work().abandon();
                send(handler.refusal(
                        isAll
                                ? work.descriptors() + " descriptors must come with the request's first byte"
                                : "the payload was sent before it was asked for",
                        LongAnswer.Refusal.NEVER));
            } else {
                longer = work;
            }
        }
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
        DescriptorMessage.close(descriptors);
    }
}
