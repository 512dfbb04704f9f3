package dev.holdfast.supervise;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.waiting.Ticker;

/**
 * A loop that serves a control socket and nothing else, in a thread of its own: for a process that has no supervisor. Made,
 * run and closed by that thread, but for {@link #wake} and {@link #end}, which any thread may call until it is closed.
 */
public final class SocketLoop implements AutoCloseable {
    private static final int MOST_WAKES = 512;

    private final Pipe pipe = Pipe.open();
    private final EventLoop loop;
    private volatile boolean ended;

    /**
     * A loop that does not run yet.
     *
     * @param socket is served
     * @param chore is done from time to time, in the loop's thread
     */
    public SocketLoop(ControlSocket socket, Chore chore) {
        loop = new EventLoop(Ticker.SYSTEM, new Wakes());
        loop.add(socket);
        loop.add(chore);
    }

    /** What others write to wake the loop. */
    private final class Wakes implements EventSource {
        @Override
        public void arm(PollSlots slots) {
            slots.watch(0, pipe.readEnd(), PollSet.READABLE);
        }

        @Override
        public void serve(PollSlots slots) {
            if (slots.returned(0) != 0) {
                var unused = FileDescriptors.read(pipe.readEnd(), MOST_WAKES);
            }
        }
    }

    /** Serves until {@link #end}. Blocks. */
    public void run() {
        loop.begin();
        while (!ended) {
            loop.turn();
        }
    }

    /** Has the loop look at what has come up. */
    public void wake() {
        FileDescriptors.wake(pipe.writeEnd());
    }

    /** Has {@link #run} return soon. */
    public void end() {
        ended = true;
        wake();
    }

    @Override
    public void close() {
        loop.close();
        pipe.close();
    }
}
