package dev.holdfast.settings;

import java.util.Map;

/**
 * What becomes of a signal that the launcher gets.
 *
 * @param rewrites what the server gets instead, by the signal that came; 0 drops it
 * @param target who gets it
 * @param reloadOnHangUp whether HUP means "read your configuration again", not "stop"
 */
public record Forwarding(Map<Integer, Integer> rewrites, SignalTarget target, boolean reloadOnHangUp) {
    // The numbers that POSIX fixes, see kill(1).
    private static final int HUP = 1;
    private static final int INT = 2;
    private static final int QUIT = 3;
    private static final int KILL = 9;
    private static final int TERM = 15;

    /** Copies the map. */
    public Forwarding {
        rewrites = Map.copyOf(rewrites);
    }

    /** What the server gets for a signal; 0 for nothing. */
    public int rewritten(int signal) {
        return rewrites.getOrDefault(signal, signal);
    }

    /**
     * Whether a signal is a stop request: TERM, INT, QUIT and HUP are, unless they are rewritten to something that does
     * not mean the end.
     */
    public boolean isStopRequest(int signal) {
        return meansTheEnd(signal) && meansTheEnd(rewritten(signal)) && !(reloadOnHangUp && signal == HUP);
    }

    private static boolean meansTheEnd(int signal) {
        return switch (signal) {
            case TERM, INT, QUIT, HUP, KILL -> true;
            default -> false;
        };
    }
}
