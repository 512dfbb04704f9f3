package dev.holdfast.supervise;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.settings.SignalTarget;
import java.util.Map;

/**
 * What becomes of a signal that the launcher gets.
 *
 * @param rewrites what the server gets instead, by the signal that came; 0 drops it
 * @param target who gets it
 * @param reloadOnHangUp whether HUP means "read your configuration again", not "stop"
 */
public record Forwarding(Map<Integer, Integer> rewrites, SignalTarget target, boolean reloadOnHangUp) {
    /** Copies the map. */
    public Forwarding {
        rewrites = Map.copyOf(rewrites);
    }

    /** What the server gets for a signal; 0 for nothing. */
    int rewritten(int signal) {
        return rewrites.getOrDefault(signal, signal);
    }

    /**
     * Whether a signal is a stop request: TERM, INT, QUIT and HUP are, unless they are rewritten to something that does
     * not mean the end.
     */
    boolean isStopRequest(int signal) {
        return meansTheEnd(signal) && meansTheEnd(rewritten(signal)) && !(reloadOnHangUp && signal == Signals.HUP);
    }

    private static boolean meansTheEnd(int signal) {
        return switch (signal) {
            case Signals.TERM, Signals.INT, Signals.QUIT, Signals.HUP, Signals.KILL -> true;
            default -> false;
        };
    }
}
