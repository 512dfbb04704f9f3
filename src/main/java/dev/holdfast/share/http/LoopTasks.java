package dev.holdfast.share.http;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.supervise.PollSlots;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What other threads have the host's thread do. Safe for use by many threads, but for those that say so. */
final class LoopTasks implements AutoCloseable {
    private static final int MOST_IN_A_TURN = 64;
    private static final int MOST_WAKES = 512;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Pipe pipe = Pipe.open();
    private volatile boolean isClosed;

    /** Has something done soon. After {@link #close} it is never done. */
    void add(Runnable task) {
        tasks.add(task);
        wake();
    }

    private synchronized void wake() {
        if (!isClosed) {
            FileDescriptors.wake(pipe.writeEnd());
        }
    }

    /** For the host's thread: waits for tasks in this turn. */
    void arm(PollSlots slots, int slot) {
        slots.watch(slot, pipe.readEnd(), PollSet.READABLE);
    }

    /** For the host's thread: does what there is, as far as a turn allows. */
    void serve(PollSlots slots, int slot) {
        if (slots.returned(slot) != 0) {
            var unused = FileDescriptors.read(pipe.readEnd(), MOST_WAKES);
        }
        for (int i = 0; i < MOST_IN_A_TURN; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
        wake();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        pipe.close();
    }
}
