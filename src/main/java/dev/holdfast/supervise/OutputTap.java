package dev.holdfast.supervise;

import dev.holdfast.output.OutputFile;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.files.Relay;
import dev.holdfast.text.LinePattern;
import dev.holdfast.waiting.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks through what a server writes for a line that tells that it is ready, and keeps it in a file. Only where one of
 * these was asked for do stdout or stderr go through the launcher, which passes them on byte for byte; otherwise they are
 * the server's own. A source of the loop.
 *
 * <p>Lines are matched by RE2, in time that grows with the line and the expression only, and without recursion: this is
 * the loop that stops the server.
 *
 * <p>The pipes stay over restarts. A reader who does not read stops the server, as without a tap, and never the launcher:
 * nothing more is read of what cannot be passed on yet.
 */
public final class OutputTap implements EventSource, InstanceListener, AutoCloseable {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    /** The beginning of a longer line must do. */
    private static final int LONGEST_LINE = 8192;
    /** A terminal with room for one byte polls as writable and does not take a newline, which is two. */
    private static final long TRY_AGAIN_NANOS = 10_000_000;

    /** Null when no line tells that the server is ready. */
    private @Nullable LinePattern pattern;
    /** Null when nothing is kept. */
    private final @Nullable OutputFile copy;

    private final boolean isPassedOn;
    /** Whether both streams go through the pipe of stderr: where they end in one file, so that its lines keep their order. */
    private final boolean isOnePipe;

    private final List<Stream> streams = new ArrayList<>(2);
    private final Ticker ticker;
    /** By what the supervisor knows the server. */
    private final int seat;

    /** Gets what is read of stderr, too; null for nobody. */
    private @Nullable Consumer<byte[]> stderrCopy;

    private @Nullable Supervisor supervisor;
    private boolean looking;

    private OutputTap(
            String regex, @Nullable OutputFile copy, boolean isPassedOn, boolean isOnePipe, int seat, Ticker ticker) {
        this.seat = seat;
        pattern = regex.isEmpty() ? null : LinePattern.compile(regex);
        looking = pattern != null;
        this.copy = copy;
        this.isPassedOn = isPassedOn;
        this.isOnePipe = isOnePipe;
        this.ticker = ticker;
    }

    /**
     * Makes the pipes.
     *
     * @param regex what a line must match, somewhere in it; empty when none is looked for
     * @param withStdout whether stdout is looked through, too: not when it carries a protocol
     * @param copy where all of it is kept; null for nowhere. Closed with the tap
     * @param isPassedOn whether it goes to the launcher's own streams, too
     */
    public static OutputTap open(
            String regex, boolean withStdout, @Nullable OutputFile copy, boolean isPassedOn, Ticker ticker) {
        boolean isOnePipe = withStdout && !isPassedOn;
        OutputTap tap = new OutputTap(regex, copy, isPassedOn, isOnePipe, 0, ticker);
        tap.streams.add(new Stream(STDERR, isPassedOn));
        if (withStdout && !isOnePipe) {
            tap.streams.add(new Stream(STDOUT, isPassedOn));
        }
        return tap;
    }

    /**
     * Another one with pipes of its own, for a server that is about to be started while this one's runs: no line of the
     * one counts for the other. Both write where this one does.
     *
     * @param regex as in {@link #open}
     * @param otherSeat by what the supervisor knows that server
     */
    public OutputTap beside(String regex, int otherSeat) {
        OutputTap tap = new OutputTap(regex, copy, isPassedOn, isOnePipe, otherSeat, ticker);
        for (Stream stream : streams) {
            tap.streams.add(new Stream(stream.relay.target(), isPassedOn));
        }
        return tap;
    }

    /** Becomes a source of the loop, and hears of starts, while another tap is one, too. */
    public void join(Supervisor newSupervisor) {
        reportTo(newSupervisor);
        newSupervisor.add(this);
        newSupervisor.tell(this);
    }

    /** Its server has gone, and another tap goes on: where that one writes stays open. */
    public void leave(Supervisor from) {
        from.remove(this);
        from.untell(this);
        closeStreams();
    }

    /** Closes all but the file, which another tap closes. */
    public void closeStreams() {
        for (Stream stream : streams) {
            stream.relay.close();
            FileDescriptors.close(stream.pipe.writeEnd());
        }
    }

    /** One stream of the server, with the line that is not complete yet. */
    private static final class Stream {
        private final Pipe pipe = Pipe.open();
        private final Relay relay;
        private final StringBuilder line = new StringBuilder();
        /** When a target that polled as writable and took nothing is tried again. */
        private long againAt = Long.MIN_VALUE;

        Stream(int target, boolean isPassedOn) {
            relay = isPassedOn ? new Relay(pipe.readEnd(), target) : Relay.toNobody(pipe.readEnd(), target);
        }
    }

    /**
     * What the server gets instead of a standard stream.
     *
     * @param standard 1 or 2
     * @return the descriptor; the same number when that stream is not tapped
     */
    public int replacement(int standard) {
        int piped = isOnePipe && standard == STDOUT ? STDERR : standard;
        for (Stream stream : streams) {
            if (stream.relay.target() == piped) {
                return stream.pipe.writeEnd();
            }
        }
        return standard;
    }

    /**
     * Tells of the line from now on.
     *
     * @param newSupervisor whose server it is
     */
    public void reportTo(Supervisor newSupervisor) {
        supervisor = newSupervisor;
    }

    /**
     * Gives what the server writes to stderr to somebody else, too.
     *
     * @param reader is called in the loop, and must not block
     */
    public void copyStderr(Consumer<byte[]> reader) {
        stderrCopy = reader;
    }

    /**
     * Looks for another line, from the next start on.
     *
     * @param regex what a line must match, somewhere in it; empty when none is looked for
     */
    public void lookFor(String regex) {
        pattern = regex.isEmpty() ? null : LinePattern.compile(regex);
        looking = false;
    }

    /** From now on lines count. */
    @Override
    public void started(InstanceEvent.Started event) {
        looking = pattern != null;
        streams.forEach(stream -> stream.line.setLength(0));
    }

    @Override
    public int slots() {
        return 2;
    }

    @Override
    public boolean isBeforeReaping() {
        return true;
    }

    @Override
    public void arm(PollSlots slots) {
        long now = ticker.nanoTime();
        for (int slot = 0; slot < streams.size(); slot++) {
            Stream stream = streams.get(slot);
            if (!stream.relay.hasPending()) {
                slots.watch(slot, stream.relay.source(), PollSet.READABLE);
            } else if (now >= stream.againAt) {
                slots.watch(slot, stream.relay.target(), PollSet.WRITABLE);
            }
        }
    }

    /** When it is to be armed anew. */
    @Override
    public long deadline() {
        long now = ticker.nanoTime();
        long next = Ticker.NEVER;
        for (Stream stream : streams) {
            if (stream.relay.hasPending() && stream.againAt > now) {
                next = Math.min(next, stream.againAt);
            }
        }
        return next;
    }

    /** Moves what the wait found that can be moved. */
    @Override
    public void serve(PollSlots slots) {
        for (int slot = 0; slot < streams.size(); slot++) {
            if (slots.returned(slot) != 0) {
                step(streams.get(slot));
            }
        }
    }

    private void step(Stream stream) {
        if (stream.relay.hasPending()) {
            if (!stream.relay.write()) {
                stream.againAt = ticker.nanoTime() + TRY_AGAIN_NANOS;
            }
        } else if (stream.relay.source() >= 0) {
            byte[] bytes = stream.relay.read();
            if (!isPassedOn) {
                stream.relay.discard();
            }
            if (copy != null) {
                copy.write(bytes);
            }
            if (stderrCopy != null && stream.relay.target() == STDERR) {
                stderrCopy.accept(bytes);
            }
            look(stream, bytes);
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
        if (looking && pattern != null && pattern.isIn(line)) {
            looking = false;
            if (supervisor != null) {
                supervisor.servers().readiness(seat).logMatched();
            }
        }
    }

    /** Whether all that was written until now has been passed on, or can be by nobody. */
    @Override
    public boolean isDrained() {
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
        closeStreams();
        if (copy != null) {
            copy.close();
        }
    }
}
