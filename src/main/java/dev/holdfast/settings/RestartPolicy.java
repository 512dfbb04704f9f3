package dev.holdfast.settings;

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
        NO("no"),
        /** Failures. */
        ON_FAILURE("on-failure"),
        /** All that nobody asked for. */
        ALWAYS("always");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        /** The word that is typed for it. */
        @Override
        public String toString() {
            return word;
        }
    }

    /** Copies the set. */
    public RestartPolicy {
        successCodes = Set.copyOf(successCodes);
    }
}
