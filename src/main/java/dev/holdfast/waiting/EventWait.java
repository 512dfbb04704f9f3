package dev.holdfast.waiting;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Waiting before the server runs: for descriptors, for a deadline, and always for a stop request. Not safe for use by
 * many threads.
 */
public final class EventWait {
    private static final int NONE = -1;
    private static final int SIGNALS_AT_ONCE = 64;

    private final @Nullable SignalQueue signals;
    private final boolean hangUpIgnored;
    private final int interruption;
    private final Map<Integer, SignalQueue.Received> forServer = new TreeMap<>();
    private int stopSignal;
    private boolean interruptKey;

    /** Without a queue, signals do what they do by default: for commands that hold nothing. */
    public EventWait(@Nullable SignalQueue signals, boolean hangUpIgnored) {
        this.signals = signals;
        this.hangUpIgnored = hangUpIgnored;
        interruption = NONE;
    }

    /**
     * For a thread of a JVM whose signals are its own: its interruption is the stop request.
     *
     * @param interruption is readable, or hung up, once the thread was interrupted
     */
    public EventWait(int interruption) {
        signals = null;
        hangUpIgnored = false;
        this.interruption = interruption;
    }

    /**
     * Waits until one of the descriptors has something to tell. Blocks.
     *
     * @param deadline by {@link System#nanoTime}; Long.MAX_VALUE for ever
     * @return false when the deadline is over, or a stop request came
     */
    public boolean await(long deadline, int... descriptors) {
        return await(deadline, PollSet.READABLE, descriptors);
    }

    private boolean await(long deadline, int events, int[] descriptors) {
        try (PollSet poll = new PollSet(descriptors.length + 1)) {
            int signalSlot = poll.add(signals == null ? interruption : signals.descriptor(), PollSet.READABLE);
            for (int descriptor : descriptors) {
                poll.add(descriptor, events);
            }
            while (!isStopRequested()) {
                int ready = poll.await(millisUntil(deadline));
                boolean signalled = poll.returned(signalSlot) != 0;
                if (signalled) {
                    takeSignals();
                }
                if (ready > (signalled ? 1 : 0)) {
                    return !isStopRequested();
                }
                if (deadline != Long.MAX_VALUE && System.nanoTime() >= deadline) {
                    return false;
                }
            }
            return false;
        }
    }

    /**
     * Waits until a descriptor takes more. Blocks.
     *
     * @param deadline by {@link System#nanoTime}
     * @return false when the deadline is over, or a stop request came
     */
    public boolean awaitWritable(long deadline, int descriptor) {
        return await(deadline, PollSet.WRITABLE, new int[] {descriptor});
    }

    /** Waits a little before something is tried again that no event announces. */
    public void pause(long millis) {
        var unused = await(System.nanoTime() + millis * 1_000_000L);
    }

    /** Whether a stop was requested; reads pending signals first. */
    public boolean isStopRequested() {
        takeSignals();
        return stopSignal != 0
                || (interruption != NONE && Thread.currentThread().isInterrupted());
    }

    /** Signals that are none of the launcher's business and came before there was a server. */
    public List<SignalQueue.Received> sentForServer() {
        return List.copyOf(forServer.values());
    }

    /** The stop request's signal; 0 when none has come, or it was a thread's interruption. */
    public int stopSignal() {
        return stopSignal;
    }

    /** Whether it was the terminal's Ctrl-C. */
    public boolean isInterruptKey() {
        return interruptKey;
    }

    private void takeSignals() {
        if (signals == null) {
            return;
        }
        // Bounded, since senders may be faster; stop requests have the lowest numbers, which come out first.
        for (int taken = 0; taken < SIGNALS_AT_ONCE; taken++) {
            SignalQueue.Received signal = signals.next();
            if (signal == null) {
                return;
            }
            switch (signal.number()) {
                case Signals.TERM, Signals.INT, Signals.QUIT -> {
                    stopSignal = signal.number();
                    interruptKey = stopSignal == Signals.INT && signal.fromKernel();
                }
                case Signals.HUP -> stopSignal = hangUpIgnored ? stopSignal : Signals.HUP;
                // Ctrl-Z: nothing runs yet that would have to be stopped with us.
                case Signals.TSTP -> {
                    var unused = Signals.stopSelf(Signals.TSTP);
                }
                case Signals.CHLD, Signals.CONT -> {}
                // One of each: a launcher may wait for days.
                default -> forServer.put(signal.number(), signal);
            }
        }
    }

    private static int millisUntil(long deadline) {
        if (deadline == Long.MAX_VALUE) {
            return -1;
        }
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (deadline - System.nanoTime() + 999_999) / 1_000_000));
    }
}
