package dev.holdfast.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether and how an instance is in the registry.
 *
 * @param isOn whether it is
 * @param folder the registry's folder, absolute; empty for the one in Holdfast's own folder
 * @param heartbeat how often its file is written again
 * @param profile what was said of it
 * @param level how much it may have in common with another one before that is told
 */
public record TrackingSettings(
        boolean isOn, Optional<String> folder, Duration heartbeat, InstanceProfile profile, ConflictDetection level) {
    /** When nothing was said. */
    public static final TrackingSettings USUAL = new TrackingSettings(
            true, Optional.empty(), Duration.ofSeconds(30), InstanceProfile.NONE, ConflictDetection.STRICT);
}
