package dev.holdfast.settings;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is different in the server's process from the launcher's; empty where nothing is.
 *
 * @param workingDirectory where it starts; relative to the launcher's
 * @param umask file mode creation mask
 * @param user name or number of who it runs as
 * @param niceness its scheduling niceness
 * @param group name or number of its group; the user's own when only a user is given
 * @param oomScoreAdjustment how willingly the kernel kills it when memory runs out
 * @param environmentFiles files with further variables, in their order
 */
public record ProcessSettings(
        Optional<String> workingDirectory,
        OptionalInt umask,
        Optional<String> user,
        OptionalInt niceness,
        Optional<String> group,
        OptionalInt oomScoreAdjustment,
        List<String> environmentFiles) {
    /** Copies the list. */
    public ProcessSettings {
        environmentFiles = List.copyOf(environmentFiles);
    }

    /** Nothing is said: all is the launcher's. */
    public static ProcessSettings none() {
        return new ProcessSettings(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                List.of());
    }

    /** The same in another folder. */
    public ProcessSettings in(String folder) {
        return new ProcessSettings(
                Optional.of(folder), umask, user, niceness, group, oomScoreAdjustment, environmentFiles);
    }
}
