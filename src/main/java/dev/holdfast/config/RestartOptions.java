package dev.holdfast.config;

import java.time.Duration;

/**
 * Whether and how the server is started again when it ends.
 *
 * @param policy {@code no}, {@code on-failure} or {@code always}
 * @param delay the first back-off
 * @param maxDelay the longest back-off
 * @param limit how many restarts within the window; 0 for any number
 * @param window the time in which they are counted
 * @param resetAfter how long a healthy server runs
 */
public record RestartOptions(
        String policy, Duration delay, Duration maxDelay, int limit, Duration window, Duration resetAfter) {
    private static final int MOST_RESTARTS = 1_000_000;

    static RestartOptions read(OptionValues values) {
        RestartOptions options = new RestartOptions(
                values.oneOf(RunOption.RESTART, "no", "on-failure", "always"),
                values.duration(RunOption.RESTART_DELAY, Duration.ofSeconds(1)),
                values.duration(RunOption.RESTART_MAX_DELAY, Duration.ofMinutes(1)),
                values.number(RunOption.RESTART_LIMIT, 0, MOST_RESTARTS).orElse(10),
                values.duration(RunOption.RESTART_WINDOW, Duration.ofMinutes(10)),
                values.duration(RunOption.RESTART_RESET, Duration.ofMinutes(1)));
        if (values.isSaid(RunOption.RESTART_MAX_DELAY) && options.maxDelay.compareTo(options.delay) < 0) {
            values.problem(RunOption.RESTART_MAX_DELAY, "must not be shorter than --restart-delay");
        }
        return options;
    }
}
