package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import java.util.List;

/** The signals of this process, as a source of the loop. */
public final class SignalSource implements EventSource {
    /**
     * Bounded: three senders of real-time signals keep the queue full for ever. What ends a server comes first, since the
     * kernel gives out the lowest number first.
     */
    private static final int SIGNALS_AT_ONCE = 64;

    private final SignalQueue signals;
    private final SignalHandler handler;
    private List<SignalQueue.Received> sentBefore;

    /**
     * Serves what came before it, too.
     *
     * @param signals the queue of this process's signals
     * @param sentBefore what was taken from it before the server ran, for the server
     * @param supervisor whose signals they are
     */
    public SignalSource(SignalQueue signals, List<SignalQueue.Received> sentBefore, Supervisor supervisor) {
        this.signals = signals;
        this.sentBefore = sentBefore;
        handler = new SignalHandler(supervisor);
    }

    @Override
    public boolean isBeforeReaping() {
        return true;
    }

    @Override
    public void arm(PollSlots slots) {
        slots.watch(0, signals.descriptor(), PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        if (!sentBefore.isEmpty()) {
            List<SignalQueue.Received> first = sentBefore;
            sentBefore = List.of();
            for (SignalQueue.Received signal : first) {
                handler.handle(signal);
            }
        }
        if (slots.returned(0) != 0) {
            readQueue();
        }
    }

    private void readQueue() {
        for (int taken = 0; taken < SIGNALS_AT_ONCE; taken++) {
            SignalQueue.Received signal = signals.next();
            if (signal == null) {
                return;
            }
            // Our own: SIGPIPE from writing an audit line to a stderr that is closed.
            if (signal.number() != Signals.CHLD && signal.senderPid() != Self.pid()) {
                handler.handle(signal);
            }
        }
    }
}
