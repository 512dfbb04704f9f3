package dev.holdfast.settings;

import java.time.Duration;

/**
 * How a running instance is told of a second launch, and how long that may take.
 *
 * @param command the shell command that tells the server; empty when there is none
 * @param signal what the server gets instead; 0 when it gets none
 * @param timeout how long a second launch waits for the instance, and how long the command may take
 */
public record ActivationSettings(String command, int signal, Duration timeout) {
    /** What a user waits without thinking that nothing happens. */
    public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);

    /** Whether anything tells the server. */
    public boolean isAnyWay() {
        return !command.isEmpty() || signal != 0;
    }
}
