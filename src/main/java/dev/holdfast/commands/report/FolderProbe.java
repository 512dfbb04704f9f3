package dev.holdfast.commands.report;

import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.LockArguments;
import java.util.List;

/** Makes a {@link ProbeCommand}. */
public final class FolderProbe implements OtherCommands.Probe {
    @Override
    public int execute(LockArguments said, List<String> words) {
        return new ProbeCommand(said, words).execute();
    }
}
