package dev.holdfast.supervise;

import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.signals.Signals;
import java.util.concurrent.locks.LockSupport;

/** Whether a server can be asked to read its configuration again, without dying of the question. */
public final class ReloadCheck {
    /**
     * Shells block everything for the moment of a fork, which says nothing; who reads signals from a descriptor has them
     * blocked all the time. So long at the most it is looked again, 20 ms that the supervisor's loop can spare.
     */
    private static final int MOST_LOOKS = 20;

    private static final long BETWEEN_LOOKS_NANOS = 1_000_000;

    private ReloadCheck() {}

    /**
     * What speaks against it. Short and without quotes, since it travels in an answer of the control socket.
     *
     * @param pid the server's main process
     * @param signal what it would get; 0 when that is mapped to nothing
     * @return the obstacle; empty when there is none that can be seen
     */
    public static String obstacle(int pid, int signal) {
        if (signal == 0) {
            return "HUP is mapped to nothing";
        }
        SignalDispositions dispositions = SignalDispositions.of(pid).orElse(null);
        for (int look = 1; dispositions != null && dispositions.isOnlyBlocked(signal) && look < MOST_LOOKS; look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            dispositions = SignalDispositions.of(pid).orElse(null);
        }
        if (dispositions == null) {
            // A server that is just gone gets nothing, either.
            return "it cannot be told what the server does at " + "SIG" + Signals.name(signal)
                    + ", since /proc does not show it";
        }
        String name = "SIG" + Signals.name(signal);
        return switch (dispositions.effectOf(signal)) {
            case TAKEN -> "";
            case NONE -> "the server ignores " + name;
            case DEATH -> "no handler for " + name + ": the server would die of it";
            case STOP -> "no handler for " + name + ": the server would be stopped";
        };
    }
}
