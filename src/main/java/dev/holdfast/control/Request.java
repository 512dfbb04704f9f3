package dev.holdfast.control;

import dev.holdfast.posix.signals.SignalQueue;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be asked of a running launcher. All of it travels by the control socket, as a {@link ControlCall}.
 *
 * <p>Where the sender can pin the launcher, some of it also travels as a queued signal with a value: nothing to open,
 * nothing left behind, and the kernel lets it through only from the same user or root. The same signal without such a
 * value is the server's.
 */
public enum Request {
    /** Tell how it goes. */
    STATUS(0),
    /** Stop the server for good. */
    STOP(0),
    /** The same, since another start wants the place. */
    YIELD(0),
    /** Stop the server gracefully and start it again, keeping the lock. */
    RESTART(0x48460001),
    /** Let the server read its configuration again. */
    RELOAD(0x48460002),
    /** Tell whether it runs the same command, in the same folder and version. */
    SAME(0),
    /** Tell whether its command could be started again. Changes nothing. */
    STARTABLE(0),
    /** Hand a second launch's arguments to the server. */
    ACTIVATE(0),
    /** Hand over the listening sockets, by descriptors that come with the answer. */
    SOCKETS(0),
    /** Put another command into the server's place. */
    REDEPLOY(0),
    /** Put the command before this one into its place again. */
    ROLLBACK(0),
    /** Tell whether it is shared, and by which key starts are compared. */
    SHARE(0),
    /** Tell who its clients are, and what became of their requests. */
    CLIENTS(0),
    /** Let another client in, which goes on with the connection. */
    ATTACH(0);

    /** SIGRTMAX: no program of note uses it. */
    public static final int SIGNAL = 64;

    private final int signalValue;

    Request(int signalValue) {
        this.signalValue = signalValue;
    }

    /** The word for it on the socket and in the journal. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is queued with {@link #SIGNAL}; 0 when it travels by the socket only. */
    public int signalValue() {
        return signalValue;
    }

    /** Whether it brings or gets more than a line: it is of version 2 of the protocol. */
    public boolean isLong() {
        return this == ACTIVATE || this == SOCKETS || this == REDEPLOY || this == ROLLBACK || this == ATTACH;
    }

    /** What a signal asks; empty when it is one for the server. */
    public static Optional<Request> of(SignalQueue.Received signal) {
        if (signal.number() == SIGNAL && signal.value() != 0) {
            for (Request request : values()) {
                if (request.signalValue == signal.value()) {
                    return Optional.of(request);
                }
            }
        }
        return Optional.empty();
    }
}
