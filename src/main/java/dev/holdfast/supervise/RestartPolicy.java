package dev.holdfast.supervise;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import java.time.Duration;
import java.util.Set;

/**
 * Whether and how a server that ended is started again.
 *
 * @param mode after which ends
 * @param delay the first back-off
 * @param maxDelay the longest back-off
 * @param limit how many restarts within the window; 0 for any number
 * @param window the time in which they are counted
 * @param resetAfter a server that ran so long was healthy
 * @param successCodes exit codes that are a success besides 0
 */
public record RestartPolicy(
        Mode mode,
        Duration delay,
        Duration maxDelay,
        int limit,
        Duration window,
        Duration resetAfter,
        Set<Integer> successCodes) {
    /** After which ends. */
    public enum Mode {
        /** None. */
        NO,
        /** Failures. */
        ON_FAILURE,
        /** All that nobody asked for. */
        ALWAYS
    }

    /** Copies the set. */
    public RestartPolicy {
        successCodes = Set.copyOf(successCodes);
    }

    /**
     * Whether a server that ended so is to be started again.
     *
     * @param status how it ended
     * @param failed whether it failed whatever its status is
     * @return true when it is
     */
    public boolean wants(ExitStatus status, boolean failed) {
        return switch (mode) {
            case NO -> false;
            case ALWAYS -> true;
            case ON_FAILURE -> failed || !isSuccess(status);
        };
    }

    /**
     * Whether an end was no failure: code 0, or a death by a signal that asks programs to end, as systemd.service(5) has
     * it for {@code Restart=on-failure}.
     */
    private boolean isSuccess(ExitStatus status) {
        return switch (status.signal()) {
            case 0 -> status.code() == 0 || successCodes.contains(status.code());
            case Signals.HUP, Signals.INT, Signals.TERM, Signals.PIPE -> true;
            default -> successCodes.contains(status.shellCode());
        };
    }
}
