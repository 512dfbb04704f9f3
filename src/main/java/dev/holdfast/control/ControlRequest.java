package dev.holdfast.control;

import dev.holdfast.posix.signals.SignalQueue;
import java.util.Optional;

/**
 * What another Holdfast asks of a running launcher. Travels as a queued signal with a value: nothing to open, nothing
 * left behind, and the kernel lets it through only from the same user or root. The same signal without such a value is
 * the server's.
 */
public enum ControlRequest {
    /** Stop the server gracefully and start it again, keeping the lock. */
    RESTART(0x48460001),
    /** Let the server read its configuration again. */
    RELOAD(0x48460002);

    /** SIGRTMAX: no program of note uses it. */
    public static final int SIGNAL = 64;

    private final int value;

    ControlRequest(int value) {
        this.value = value;
    }

    /**
     * What is queued with the signal.
     *
     * @return the value
     */
    public int value() {
        return value;
    }

    public static Optional<ControlRequest> of(SignalQueue.Received signal) {
        if (signal.number() == SIGNAL) {
            for (ControlRequest request : values()) {
                if (request.value == signal.value()) {
                    return Optional.of(request);
                }
            }
        }
        return Optional.empty();
    }
}
