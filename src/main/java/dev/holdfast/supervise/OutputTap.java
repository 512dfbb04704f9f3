package dev.holdfast.supervise;

import com.google.re2j.Pattern;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.files.Relay;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks through what a server writes for a line that tells that it is ready. Only then do stdout or stderr go through the
 * launcher, which passes them on byte for byte; otherwise they are the server's own.
 *
 * <p>Lines are matched by RE2, in time that grows with the line and the expression only, and without recursion: this is
 * the loop that stops the server.
 *
 * <p>The pipes stay over restarts. A reader who does not read stops the server, as without a tap, and never the launcher:
 * nothing more is read of what cannot be passed on yet.
 */
public final class OutputTap implements AutoCloseable {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    /** The beginning of a longer line must do. */
    private static final int LONGEST_LINE = 8192;
    /** A terminal with room for one byte polls as writable and does not take a newline, which is two. */
    private static final long TRY_AGAIN_NANOS = 10_000_000;

    private final Pattern pattern;
    private final List<Stream> streams = new ArrayList<>(2);
    private boolean looking = true;
    private boolean matched;

    private OutputTap(String regex) {
        pattern = Pattern.compile(regex);
    }

    /**
     * Makes the pipes.
     *
     * @param regex what a line must match, somewhere in it
     * @param withStdout whether stdout is looked through, too: not when it carries a protocol
     * @return the tap
     */
    public static OutputTap open(String regex, boolean withStdout) {
        OutputTap tap = new OutputTap(regex);
        tap.streams.add(new Stream(STDERR));
        if (withStdout) {
            tap.streams.add(new Stream(STDOUT));
        }
        return tap;
    }

    /** One stream of the server, with the line that is not complete yet. */
    private static final class Stream {
        private final Pipe pipe = Pipe.open();
        private final Relay relay;
        private final StringBuilder line = new StringBuilder();
        private int slot = -1;
        /** When a target that polled as writable and took nothing is tried again. */
        private long againAt = Long.MIN_VALUE;

        Stream(int target) {
            relay = new Relay(pipe.readEnd(), target);
        }
    }

    /**
     * What the server gets instead of a standard stream.
     *
     * @param standard 1 or 2
     * @return the descriptor; the same number when that stream is not tapped
     */
    public int replacement(int standard) {
        for (Stream stream : streams) {
            if (stream.relay.target() == standard) {
                return stream.pipe.writeEnd();
            }
        }
        return standard;
    }

    /** How many slots it needs. */
    static final int SLOTS = 2;

    void addTo(PollSet poll) {
        for (Stream stream : streams) {
            stream.slot = poll.add(-1, 0);
        }
    }

    /** A server was started: from now on lines count. */
    void expect() {
        looking = true;
        matched = false;
        streams.forEach(stream -> stream.line.setLength(0));
    }

    /** Lets the slots wait for what is to be done next. Before each poll. */
    void arm(PollSet poll) {
        long now = System.nanoTime();
        for (Stream stream : streams) {
            if (!stream.relay.hasPending()) {
                poll.set(stream.slot, stream.relay.source(), PollSet.READABLE);
            } else if (now >= stream.againAt) {
                poll.set(stream.slot, stream.relay.target(), PollSet.WRITABLE);
            } else {
                poll.ignore(stream.slot);
            }
        }
    }

    /** When it is to be armed anew, by {@link System#nanoTime}. */
    long deadline() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Stream stream : streams) {
            if (stream.relay.hasPending() && stream.againAt > now) {
                next = Math.min(next, stream.againAt);
            }
        }
        return next;
    }

    /** Moves what the poll found that can be moved. */
    void move(PollSet poll) {
        for (Stream stream : streams) {
            if (poll.returned(stream.slot) != 0) {
                step(stream);
            }
        }
    }

    private void step(Stream stream) {
        if (stream.relay.hasPending()) {
            if (!stream.relay.write()) {
                stream.againAt = System.nanoTime() + TRY_AGAIN_NANOS;
            }
        } else if (stream.relay.source() >= 0) {
            look(stream, stream.relay.read());
        }
    }

    private void look(Stream stream, byte[] bytes) {
        if (!looking) {
            return;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            stream.line.append(text, from, end);
            test(stream.line);
            stream.line.setLength(0);
            from = end + 1;
        }
        int room = Math.max(0, LONGEST_LINE - stream.line.length());
        stream.line.append(text, from, Math.min(text.length(), from + room));
    }

    private void test(StringBuilder line) {
        matched |= pattern.matcher(line).find();
        looking &= !matched;
    }

    /** Whether a line has matched. Tells it once. */
    boolean hasMatched() {
        boolean now = matched;
        matched = false;
        return now;
    }

    /** Whether all that was written until now has been passed on, or can be by nobody. */
    boolean isDrained() {
        for (Stream stream : streams) {
            if (stream.relay.hasPending() || isReadable(stream)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isReadable(Stream stream) {
        try (PollSet poll = new PollSet(1)) {
            int slot = poll.add(stream.relay.source(), PollSet.READABLE);
            return poll.await(0) > 0 && (poll.returned(slot) & PollSet.READABLE) != 0;
        }
    }

    @Override
    public void close() {
        for (Stream stream : streams) {
            stream.relay.close();
            FileDescriptors.close(stream.pipe.writeEnd());
        }
    }
}
