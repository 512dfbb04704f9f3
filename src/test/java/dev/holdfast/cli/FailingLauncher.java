package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.guard.Guard;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.testkit.LockChild;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A launcher that fails at a step by an Error, as a defect of it would: no release has a switch for that. */
public final class FailingLauncher {
    private FailingLauncher() {}

    /**
     * Its command line.
     *
     * @param where the step that it fails after, or what is in the line of its log that it fails instead of
     * @param words as after {@code holdfast run}
     */
    public static List<String> command(String where, List<String> words) {
        List<String> all = new ArrayList<>();
        all.add(where);
        all.addAll(words);
        List<String> command = new ArrayList<>(LockChild.command(FailingLauncher.class, all.toArray(String[]::new)));
        // As bin/holdfast starts it: signals wait until they are read
        command.add(1, "-Xrs");
        command.addAll(0, List.of("env", "--block-signal"));
        return command;
    }

    public static void main(String[] arguments) {
        Runtime.getRuntime().halt(run(arguments[0], List.of(arguments).subList(1, arguments.length)));
    }

    private static int run(String where, List<String> words) {
        Environment environment = LaunchScript.environment();
        RunArguments options = RunArguments.parse(words);
        RunSettings settings = new SettingsReader(options, environment)
                .read(words.subList(options.commandIndex(), words.size()), "/tmp", 0);
        List<byte[]> command = words.subList(options.commandIndex(), words.size()).stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
        String id = LockRecord.newInstanceId();
        Journal journal = new Journal(settings.log().level(), () -> entry -> {
            failIf(entry.text().contains(where));
            Console.line(entry.text());
        });
        Guard guard = new Guard(
                RunCommand.guardSettings(
                        settings, RunCommand.lockFile(settings), Optional.empty(), ServerContext.LAUNCHERS),
                id,
                journal,
                reached -> failIf(reached.name().equals(where)));
        try {
            var unused = guard.run(
                    ResolvedCommand.resolve(command, environment.bytes("PATH"), ServerContext.LAUNCHERS), environment);
            return ExitCode.OK.number();
        } catch (Error e) {
            Console.complain("internal error, please report it: " + e);
            return ExitCode.INTERNAL.number();
        }
    }

    private static void failIf(boolean isThere) {
        if (isThere) {
            throw new StackOverflowError("injected");
        }
    }
}
