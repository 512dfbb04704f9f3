package dev.holdfast.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a start does when another instance is running.
 *
 * @param policy the decision
 * @param waitTimeout how long it waits for the other's end; empty for ever
 * @param exitCode of a refusal; empty for the usual one
 * @param tellsClient whether a refusal also answers what comes on stdin
 */
public record ConflictSettings(
        ConflictPolicy policy, Optional<Duration> waitTimeout, OptionalInt exitCode, boolean tellsClient) {
    /** The same where there is no client. */
    public ConflictSettings withoutClient() {
        return new ConflictSettings(policy, waitTimeout, exitCode, false);
    }
}
