package dev.holdfast.advisory;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads this process's signals while a thread waits for something else, and interrupts that thread at a stop request.
 * Other signals are kept for the command that will be started.
 *
 * <p>The thread that waits closes it, and then may read the signals itself again.
 */
public final class SignalInterrupter implements Runnable, AutoCloseable {
    private final SignalQueue signals;
    private final Pipe over = Pipe.open();
    private final Thread waiting = Thread.currentThread();
    private final Thread reading = new Thread(this, "holdfast-signals");
    /** These three belong to the reading thread until it is joined. */
    private final List<SignalQueue.Received> kept = new ArrayList<>();

    private int stop;
    private @Nullable PosixException failure;

    private SignalInterrupter(SignalQueue signals) {
        this.signals = signals;
    }

    /**
     * Begins to read signals for the calling thread.
     *
     * @param signals the queue of this process's signals
     * @return what interrupts the calling thread
     */
    public static SignalInterrupter begin(SignalQueue signals) {
        SignalInterrupter interrupter = new SignalInterrupter(signals);
        interrupter.reading.setDaemon(true);
        interrupter.reading.start();
        return interrupter;
    }

    /** What the reading thread does. */
    @Override
    public void run() {
        try (PollSet poll = new PollSet(2)) {
            poll.add(signals.descriptor(), PollSet.READABLE);
            int overSlot = poll.add(over.readEnd(), PollSet.READABLE);
            while (stop == 0) {
                poll.await(-1);
                for (SignalQueue.Received next = signals.next(); next != null && stop == 0; next = signals.next()) {
                    take(next);
                }
                if (poll.returned(overSlot) != 0) {
                    return;
                }
            }
            waiting.interrupt();
        } catch (PosixException e) {
            failure = e; // a filter of system calls refuses poll(2): a wait that hears no signal is over
            waiting.interrupt();
        }
    }

    private void take(SignalQueue.Received signal) {
        int number = signal.number();
        switch (number) {
            case Signals.TERM, Signals.INT, Signals.QUIT, Signals.HUP -> {
                // Blocked signals are queued although they are ignored, as by nohup or a shell's "&".
                stop = Signals.isIgnored(number) ? 0 : number;
            }
            case Signals.TSTP, Signals.TTIN, Signals.TTOU -> {
                var unused = Signals.stopSelf(number);
            }
            case Signals.CHLD, Signals.CONT -> {}
            default -> {
                if (!signal.fromKernel() && signal.senderPid() != Self.pid()) {
                    kept.add(signal);
                }
            }
        }
    }

    /** Stops reading, and takes an interruption back that came too late. */
    @Override
    public void close() {
        FileDescriptors.wake(over.writeEnd());
        // Interrupted by the reading thread, which therefore is about to end: the second time nobody interrupts.
        if (!isJoined()) {
            var unused = isJoined();
        }
        var unused = Thread.interrupted();
        over.close();
    }

    private boolean isJoined() {
        try {
            reading.join();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /**
     * The stop request that came. Good after {@link #close}.
     *
     * @return the signal's number; 0 for none
     */
    public int stopSignal() {
        return stop;
    }

    /**
     * Ends the wait with what has ended the reading, if that was no signal. Good after {@link #close}.
     *
     * @throws PosixException if signals could not be read
     */
    public void requireRead() {
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * The other signals that came. Good after {@link #close}.
     *
     * @return the signals, in their order
     */
    public List<SignalQueue.Received> kept() {
        return List.copyOf(kept);
    }
}
