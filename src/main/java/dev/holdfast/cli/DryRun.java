package dev.holdfast.cli;

import dev.holdfast.command.CallersEnvironment;
import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.config.RunSettings;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.waiting.EventWait;
import java.util.List;

/**
 * The checks of a redeploy where nothing runs, which would be a start.
 *
 * @param name the instance
 * @param settings how it would be started
 * @param environment of this process
 * @param command what would be started
 */
record DryRun(String name, RunSettings settings, Environment environment, List<byte[]> command) {
    /**
     * Checks, and tells it. Blocks for as long as the check does.
     *
     * @param check a shell command that must succeed; empty for none
     * @return the exit code
     * @throws dev.holdfast.command.CommandException if there is no such command, or it may not be executed
     * @throws dev.holdfast.command.ProcessSettingsException if its user, folder or files cannot be had
     */
    int tell(String check) {
        ProcessSettings process = settings.process().orElse(ProcessSettings.none());
        ServerContext context =
                ServerContext.of(process.in(process.workingDirectory().orElse(Self.workingDirectory())));
        Environment servers = context.environment(CallersEnvironment.forServer(environment));
        var unused = ResolvedCommand.resolve(command, servers.bytes("PATH"), context);
        String problem = check.isEmpty() ? "" : hooks(context, servers).checkNow(check);
        if (!problem.isEmpty()) {
            Console.complain(
                    "\"" + name + "\" does not run, and would not be started: the command of --check " + problem);
            return ExitCode.UNAVAILABLE.number();
        }
        Console.result(name + ": not running; all checks passed, and without --dry-run it would be started");
        return ExitCode.OK.number();
    }

    private Hooks hooks(ServerContext context, Environment servers) {
        return new Hooks(
                name,
                settings.server().hooks(),
                context,
                settings.server().stop().grace(),
                servers,
                new EventWait(null, false),
                new Journal(LogLevel.INFO, () -> entry -> Console.complain(entry.text())));
    }
}
