package dev.holdfast.commands.explain;

import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.lock.file.LockFile;
import java.util.List;

/** Makes an {@link ExplainCommand}. */
public final class RunExplanation implements OtherCommands.Explanation {
    @Override
    public int execute(
            RunSettings settings,
            LockFile lockFile,
            SettingsReader reader,
            ResolvedCommand command,
            List<String> variables) {
        return new ExplainCommand(settings, lockFile, reader, command, variables).execute();
    }
}
