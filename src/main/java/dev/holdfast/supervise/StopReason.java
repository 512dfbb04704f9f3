package dev.holdfast.supervise;

import dev.holdfast.posix.Self;
import dev.holdfast.posix.SignalQueue;
import dev.holdfast.posix.Signals;
import java.util.Locale;

/**
 * Why a server is being stopped.
 *
 * @param cause such as {@code SIGTERM} or {@code stdin-closed}
 * @param signal what to forward: the number of the signal that came, or 0 when the request was none
 * @param senderPid who sent the signal; 0 when the kernel did, or somebody in another pid namespace
 * @param senderUid the sender's user id
 * @param fromKernel whether it came from the terminal
 */
public record StopReason(String cause, int signal, int senderPid, int senderUid, boolean fromKernel) {
    static StopReason signal(SignalQueue.Received received) {
        return new StopReason(
                "SIG" + Signals.name(received.number()),
                received.number(),
                received.senderPid(),
                received.senderUid(),
                received.fromKernel());
    }

    static StopReason event(String cause) {
        return new StopReason(cause, 0, 0, 0, false);
    }

    /** A signal of the launcher's own choice, whatever the stop signal is. */
    static StopReason ownSignal(String cause, int signal) {
        return new StopReason(cause, signal, Self.pid(), Self.effectiveUser(), false);
    }

    static StopReason request(ControlRequest request, SignalQueue.Received received) {
        return new StopReason(
                request.name().toLowerCase(Locale.ROOT), 0, received.senderPid(), received.senderUid(), false);
    }

    boolean isOwnSignal() {
        return signal != 0 && senderPid == Self.pid();
    }

    /**
     * The reason as facts for a log line.
     *
     * @return {@code reason=... from=... uid=...}
     */
    public String facts() {
        if ((senderPid == 0 && signal == 0) || isOwnSignal()) {
            return "reason=" + cause;
        }
        return "reason=" + cause + (fromKernel ? " from=terminal" : " from=" + senderPid + " uid=" + senderUid);
    }
}
