package dev.holdfast.command;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is different in the server's process from the launcher's; empty where nothing is.
 *
 * @param workingDirectory where it starts; relative to the launcher's
 * @param umask file mode creation mask
 * @param user who it runs as
 * @param oomScoreAdjustment how willingly the kernel kills it when memory runs out
 * @param niceness its scheduling niceness
 */
public record ProcessSettings(
        Optional<String> workingDirectory,
        OptionalInt umask,
        Optional<ServerUser> user,
        OptionalInt oomScoreAdjustment,
        OptionalInt niceness) {
    /** Nothing is different. */
    public static final ProcessSettings NONE = new ProcessSettings(
            Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty());

    /**
     * Whether anything is different.
     *
     * @return false when the server's process is as the launcher's
     */
    public boolean isAnythingDifferent() {
        return workingDirectory.isPresent()
                || umask.isPresent()
                || user.isPresent()
                || oomScoreAdjustment.isPresent()
                || niceness.isPresent();
    }
}
