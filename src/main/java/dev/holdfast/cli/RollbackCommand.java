package dev.holdfast.cli;

import dev.holdfast.command.CallersEnvironment;
import dev.holdfast.command.Environment;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.RedeployOption;
import dev.holdfast.config.RunFolder;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.control.KnownCommands;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.control.RedeployReport;
import dev.holdfast.instance.InstanceRedeploy;
import dev.holdfast.posix.processes.Self;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code holdfast rollback}: the command before this one again. A launcher knows it with its environment. Where that
 * launcher is gone, the command is known from a file, and gets the environment of who asks.
 */
final class RollbackCommand {
    private final CommandArguments arguments;
    private final Environment environment = LaunchScript.environment();
    private final Target target;
    private final Map<String, String> options = new LinkedHashMap<>();

    RollbackCommand(List<String> words) {
        arguments = CommandArguments.withName(CommandOption.of("rollback"), words);
        target = Target.of(new InstanceArguments("rollback", arguments.name(), arguments.ofRun(), false))
                .orElseThrow(
                        () -> new SettingsException(List.of("which instance? as in: holdfast rollback NAME"), false));
        if (arguments.has(RedeployOption.SETTLE)) {
            options.put(RedeployOrder.SETTLE, RedeployCommand.settleMillis(arguments.value(RedeployOption.SETTLE)));
        }
        if (arguments.has(RedeployOption.OVERLAP)) {
            options.put(RedeployOrder.OVERLAP, "");
        }
    }

    int execute() {
        byte[] order = new RedeployOrder(List.of(), List.of(), "/", options).payload();
        InstanceRedeploy.Result result = InstanceRedeploy.rollback(target.lockFile(), order);
        boolean isRunning = !(result instanceof InstanceRedeploy.Result.NotRunning);
        boolean isUnknown = !isRunning
                || (result instanceof InstanceRedeploy.Result.Reported reported
                        && reported.report().outcome().equals(RedeployReport.Outcome.UNKNOWN));
        Optional<KnownCommands> known = isUnknown ? known() : Optional.empty();
        if (known.isEmpty()) {
            return new RedeployText("rollback", target).tell(result);
        }
        RedeployOrder lastGood = known.get().lastGood();
        Console.complain("the launcher that knew the environment of the last good command of \"" + target.name()
                + "\" is gone: version " + lastGood.text("app-version", "0") + " gets the environment of this command");
        return isRunning ? redeploy(lastGood) : start(known.get());
    }

    private String path() {
        return RunFolder.path(environment::value, Self.workingDirectory(), Self.effectiveUser())
                .map(folder -> KnownCommands.path(
                        folder, target.name(), target.lockFile().path()))
                .orElse("");
    }

    private Optional<KnownCommands> known() {
        String path = path();
        return path.isEmpty() ? Optional.empty() : KnownCommands.read(path);
    }

    /** By the launcher that runs, which writes down what it does. */
    private int redeploy(RedeployOrder lastGood) {
        Map<String, String> all = new LinkedHashMap<>(lastGood.options());
        all.putAll(options);
        byte[] order = new RedeployOrder(
                        lastGood.command(),
                        CallersEnvironment.forServer(environment).entries(),
                        lastGood.folder(),
                        all)
                .payload();
        return new RedeployText("rollback", target).tell(InstanceRedeploy.redeploy(target.lockFile(), order));
    }

    private int start(KnownCommands known) {
        int code = new StartCommand(Words.of(new RestoredStart(known, target, options).words())).execute();
        if (code == ExitCode.OK.number()) {
            String obstacle = known.turned().write(path());
            if (!obstacle.isEmpty()) {
                Console.complain("cannot keep which command served before: " + obstacle + "\n  file       " + path());
            }
        }
        return code;
    }
}
