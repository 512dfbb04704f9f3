package dev.holdfast.cli;

import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.SettingsException;
import dev.holdfast.instance.InstanceRedeploy;
import java.util.ArrayList;
import java.util.List;

/** {@code holdfast rollback}: the command before this one again. */
final class RollbackCommand {
    private final CommandArguments arguments;

    RollbackCommand(List<String> words) {
        List<CommandOption> options = new ArrayList<>(InstanceArguments.PLACE);
        arguments = CommandArguments.withName(options, words);
    }

    int execute() {
        Target target = Target.of(new InstanceArguments("rollback", arguments.name(), arguments.ofRun(), false))
                .orElseThrow(
                        () -> new SettingsException(List.of("which instance? as in: holdfast rollback NAME"), false));
        return new RedeployText("rollback", target).tell(InstanceRedeploy.rollback(target.lockFile()));
    }
}
