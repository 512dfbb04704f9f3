package dev.holdfast.config;

import java.time.Duration;

/**
 * Shell commands around the server; empty where there is none.
 *
 * @param preStart before it
 * @param postStop after it
 * @param onConflict when another instance runs
 * @param timeout how long each may take
 */
public record HookOptions(String preStart, String postStop, String onConflict, Duration timeout) {
    private static final String COMMAND = "be a shell command";

    static HookOptions read(OptionValues values) {
        Duration timeout = values.duration(RunOption.HOOK_TIMEOUT, Duration.ofSeconds(30));
        if (timeout.isZero()) {
            values.problem(RunOption.HOOK_TIMEOUT, "must be longer than nothing");
        }
        return new HookOptions(
                values.nonEmpty(RunOption.PRE_START, COMMAND).orElse(""),
                values.nonEmpty(RunOption.POST_STOP, COMMAND).orElse(""),
                values.nonEmpty(RunOption.ON_CONFLICT_COMMAND, COMMAND).orElse(""),
                timeout);
    }
}
