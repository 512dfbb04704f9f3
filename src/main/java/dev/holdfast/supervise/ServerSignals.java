package dev.holdfast.supervise;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;

/**
 * Which signal a server gets for what is asked of it, and who of it gets that. The listeners hear of each that may not be sent.
 * Not safe for use by many threads.
 */
final class ServerSignals {
    private final ServerTree server;
    private final SupervisorSettings settings;
    private InstanceListeners listeners;

    ServerSignals(ServerTree server, SupervisorSettings settings, InstanceListeners listeners) {
        this.server = server;
        this.settings = settings;
        this.listeners = listeners;
    }

    /** From now on others hear of it. */
    void reportTo(InstanceListeners others) {
        listeners = others;
    }

    /** One that the launcher has got is the server's, too, unless it is mapped to nothing. */
    void forward(int signal) {
        int rewritten = settings.forwarding().rewritten(signal);
        if (rewritten != 0) {
            send(rewritten);
        }
    }

    /** To whom of the server the settings say. */
    void send(int signal) {
        var unused = check(signal, server.signal(signal, settings.forwarding().target()));
    }

    /**
     * Tells it to stop. A terminal sends its keys to the whole foreground group, and shells rely on it: a bash that waits for
     * a program ends at an INT only if the program died of it, too.
     *
     * @return false when it may not be signalled
     */
    boolean tell(StopReason reason) {
        int signal = of(reason);
        return check(
                signal,
                reason.fromKernel() && settings.stop().signal() == 0
                        ? server.signalGroup(signal)
                        : server.signal(signal, settings.forwarding().target()));
    }

    /** What it gets for a stop request. */
    int of(StopReason reason) {
        if (reason.isOwnSignal()) {
            return reason.signal();
        }
        if (settings.stop().signal() != 0) {
            return settings.stop().signal();
        }
        return reason.signal() == 0 ? Signals.TERM : settings.forwarding().rewritten(reason.signal());
    }

    /** Whether an INT may be passed over: a runner such as npx catches it and goes on, and the client's own TERM may never come. */
    boolean mayDoNothing(StopReason reason) {
        return settings.watchClient() && of(reason) == Signals.INT;
    }

    /** Whether the server could be told. */
    boolean check(int signal, Delivery delivery) {
        if (delivery == Delivery.REFUSED) {
            listeners.tell(new InstanceEvent.Refused(server.mainPid(), signal));
        }
        return delivery != Delivery.REFUSED;
    }
}
