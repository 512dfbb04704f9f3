package dev.holdfast.guard;

import dev.holdfast.command.CommandDigest;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.posix.processes.Self;

/**
 * Compares what this launcher runs with what somebody else would start.
 *
 * @param command what it runs
 * @param settings how
 */
record SameCommand(ResolvedCommand command, GuardSettings settings) {
    boolean isMeantBy(String digest) {
        String folder = settings.context().workingDirectory().orElseGet(Self::workingDirectory);
        return CommandDigest.of(command.words(), folder, settings.instance().version())
                .equals(digest);
    }
}
