package dev.holdfast.supervise;

import dev.holdfast.control.Request;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import java.util.Optional;

/**
 * What each signal at the launcher means: a stop, a request, the terminal's job control, or something for the server. Not
 * safe for use by many threads.
 */
final class SignalHandler {
    private final Supervisor supervisor;
    private final InstanceLife instance;

    SignalHandler(Supervisor supervisor) {
        this.supervisor = supervisor;
        instance = supervisor.instance();
    }

    void handle(SignalQueue.Received signal) {
        switch (signal.number()) {
            case Signals.HUP -> {
                if (!settings().hangUpIgnored()) {
                    stopOrForward(signal);
                }
            }
            case Signals.TERM, Signals.INT, Signals.QUIT -> {
                if (signal.number() == Signals.INT && signal.fromKernel()) {
                    instance.interruptKeyPressed();
                }
                stopOrForward(signal);
            }
            case Signals.TSTP, Signals.TTIN, Signals.TTOU -> jobControl(signal.number());
            case Request.SIGNAL -> request(signal);
            default -> instance.forward(signal.number());
        }
    }

    private SupervisorSettings settings() {
        return supervisor.servers().settings();
    }

    private void stopOrForward(SignalQueue.Received signal) {
        if (settings().forwarding().isStopRequest(signal.number())) {
            var unused = instance.stop(
                    StopReason.signal(signal), settings().stop().grace()); // the listeners have heard why not
        } else {
            instance.forward(signal.number());
        }
    }

    private void jobControl(int signal) {
        if (settings().forwarding().rewritten(signal) != signal) {
            instance.forward(signal);
        } else if (signal == Signals.TSTP) {
            instance.suspend();
        }
        // TTIN and TTOU: the launcher was continued by the shell, and TerminalShare has continued the server.
    }

    private void request(SignalQueue.Received signal) {
        Optional<Request> request = Request.of(signal);
        if (request.isEmpty()) {
            instance.forward(signal.number());
        } else if (request.get() == Request.RELOAD) {
            supervisor.reloadBySignal();
        } else {
            var unused =
                    instance.restart(StopReason.request(request.get(), signal)); // the listeners have heard why not
        }
    }
}
