package dev.holdfast.supervise;

import dev.holdfast.control.Request;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;

/**
 * Why a server is being stopped.
 *
 * @param cause such as {@code SIGTERM} or {@code stdin-closed}
 * @param signal what to forward: the number of the signal that came, or 0 when the request was none
 * @param senderPid who sent the signal; 0 when the kernel did, or somebody in another pid namespace
 * @param senderUid the sender's user id
 * @param fromKernel whether it came from the terminal
 * @param host where the sender says to be, and its pid to count; empty when that is here
 * @param endSignal of which a launcher without a server ends as if it had died: the signal that came, TERM for a request
 *     that stands for it, 0 when nobody asked and something has happened, such as the client's death
 */
public record StopReason(
        String cause, int signal, int senderPid, int senderUid, boolean fromKernel, String host, int endSignal) {
    static StopReason signal(SignalQueue.Received received) {
        return new StopReason(
                "SIG" + Signals.name(received.number()),
                received.number(),
                received.senderPid(),
                received.senderUid(),
                received.fromKernel(),
                "",
                received.number());
    }

    /**
     * Nobody asked; something has happened.
     *
     * @param cause such as {@code stdin-closed}
     */
    public static StopReason event(String cause) {
        return new StopReason(cause, 0, 0, 0, false, "", 0);
    }

    /** A signal of the launcher's own choice, whatever the stop signal is. */
    static StopReason ownSignal(String cause, int signal) {
        return new StopReason(cause, signal, Self.pid(), Self.effectiveUser(), false, "", 0);
    }

    static StopReason request(Request request, SignalQueue.Received received) {
        return new StopReason(request.word(), 0, received.senderPid(), received.senderUid(), false, "", Signals.TERM);
    }

    /**
     * A request that came by the control socket.
     *
     * @param cause what was asked for
     * @param pid the sender's, as it says itself when it lives elsewhere
     * @param uid the sender's user id, by the kernel
     * @param host where the sender says to be; empty when it was proved to be here
     */
    public static StopReason asked(String cause, int pid, int uid, String host) {
        return new StopReason(cause, 0, pid, uid, false, host, Signals.TERM);
    }

    /** Whether it is a signal that came, and is for the server, too. */
    boolean isForwarded() {
        return signal != 0 && !isOwnSignal();
    }

    /** How a launcher ends that is asked to stop between two servers: it must not depend on where between them. */
    ExitStatus statusAfter(ExitStatus last) {
        return endSignal == 0 ? last : ExitStatus.killedBy(endSignal);
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
        if ((senderPid == 0 && signal == 0 && host.isEmpty()) || isOwnSignal()) {
            return "reason=" + cause;
        }
        String sender = (host.isEmpty() ? "" : host + "/") + senderPid;
        return "reason=" + cause + (fromKernel ? " from=terminal" : " from=" + sender + " uid=" + senderUid);
    }
}
