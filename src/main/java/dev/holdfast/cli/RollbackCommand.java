package dev.holdfast.cli;

import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.RedeployOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.instance.InstanceRedeploy;
import java.util.List;
import java.util.Map;

/** {@code holdfast rollback}: the command before this one again. */
final class RollbackCommand {
    private final CommandArguments arguments;

    RollbackCommand(List<String> words) {
        arguments = CommandArguments.withName(CommandOption.of("rollback"), words);
    }

    int execute() {
        Target target = Target.of(new InstanceArguments("rollback", arguments.name(), arguments.ofRun(), false))
                .orElseThrow(
                        () -> new SettingsException(List.of("which instance? as in: holdfast rollback NAME"), false));
        Map<String, String> options = arguments.has(RedeployOption.SETTLE)
                ? Map.of(RedeployOrder.SETTLE, RedeployCommand.settleMillis(arguments.value(RedeployOption.SETTLE)))
                : Map.of();
        byte[] order = new RedeployOrder(List.of(), List.of(), "/", options).payload();
        return new RedeployText("rollback", target).tell(InstanceRedeploy.rollback(target.lockFile(), order));
    }
}
