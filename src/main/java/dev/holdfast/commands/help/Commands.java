package dev.holdfast.commands.help;

import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.CommandName;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.StatusOption;
import dev.holdfast.config.Suggestions;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.files.Terminal;
import dev.holdfast.text.Printable;
import dev.holdfast.text.Version;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands as picocli sees them: for help, for completion, and for what is not {@link InstanceArguments plain}. */
public final class Commands implements OtherCommands.CommandLine {
    /** Before all else, since somebody waits who has pressed a key. */
    private static final List<String> NAMES_FOR_SHELLS = List.of("completion", "names");

    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    /** Where there is no terminal. */
    private static final int WIDTH = 80;
    /** What these commands are called elsewhere. */
    static final Map<String, String> ELSEWHERE =
            Map.of("list", "ps", "ls", "ps", "version", "--version", "kill", "stop", "exec", "run");

    @Override
    public int execute(List<String> arguments, ToIntFunction<InstanceArguments> instances) {
        if (arguments.size() > 1 && arguments.subList(0, 2).equals(NAMES_FOR_SHELLS)) {
            System.out.print(CompletedPosition.names(arguments.subList(2, arguments.size())));
            return ExitCode.OK.number();
        }
        CommandLine line = new CommandLine(program());
        HelpWidth width = new HelpWidth(columns());
        line.setUsageHelpWidth(width.ofLayout());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(width.ansi()));
        line.setOut(new PrintWriter(width.over(System.out), true));
        line.setErr(new PrintWriter(width.over(System.err), true));
        try {
            // Not by execute: it would end our own failures with a class name and code 1, before Main sees them.
            Optional<Topic> topic = Topic.asked(line, arguments);
            if (topic.isPresent()) {
                Console.result(topic.get().page().stripTrailing());
                return ExitCode.OK.number();
            }
            return dispatch(line.parseArgs(arguments.toArray(String[]::new)), instances);
        } catch (ParameterException e) {
            CommandLine command = e.getCommandLine();
            String topic = command.getParent() == null ? "" : " " + command.getCommandName();
            Console.complain(complaint(e) + "\n  look       holdfast help" + topic);
            return ExitCode.USAGE.number();
        }
    }

    /** As wide as the terminal: the help's on stdout, or the complaint's on stderr when that alone is one. */
    private static int columns() {
        return Terminal.columns(STDOUT).orElse(Terminal.columns(STDERR).orElse(WIDTH));
    }

    private static String complaint(ParameterException problem) {
        String text = String.valueOf(problem.getMessage());
        if (problem instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            boolean isCommand =
                    !unmatched.isUnknownOption() && unmatched.getCommandLine().getParent() == null;
            String meant = meant(word, unmatched.getCommandLine().getCommandSpec(), isCommand);
            text = (unmatched.isUnknownOption()
                            ? "unknown option "
                            : isCommand ? "unknown command " : "unexpected word ")
                    + word
                    + (meant.isEmpty() ? "" : "; did you mean " + meant + "?");
        }
        return Printable.line(text);
    }

    /** What the user may have meant; empty when nothing is near. */
    private static String meant(String word, CommandSpec command, boolean isCommand) {
        if (isCommand && ELSEWHERE.containsKey(word)) {
            return ELSEWHERE.getOrDefault(word, "");
        }
        List<String> candidates = new ArrayList<>();
        if (isCommand) {
            candidates.addAll(command.subcommands().keySet());
        } else if (word.startsWith("-")) {
            candidates.addAll(command.optionsMap().keySet());
        }
        String nearest = Suggestions.nearest(word, candidates);
        return nearest.isEmpty() && isCommand && CommandName.isOfProgram(word) ? "run -- " + word : nearest;
    }

    private static int dispatch(ParseResult result, ToIntFunction<InstanceArguments> instances) {
        Integer help = CommandLine.executeHelpRequest(result);
        if (help != null) {
            return help;
        }
        if (!result.hasSubcommand()) {
            CommandLine program = result.commandSpec().commandLine();
            program.usage(program.getErr());
            return ExitCode.USAGE.number();
        }
        ParseResult command = result.subcommand();
        String name = command.commandSpec().name();
        return name.equals("completion")
                ? completion(command.matchedPositionalValue(0, "bash"))
                : instances.applyAsInt(instance(name, command));
    }

    private static InstanceArguments instance(String name, ParseResult command) {
        Map<RunOption, String> values = new EnumMap<>(RunOption.class);
        for (CommandOption each : CommandOption.of(name)) {
            if (each instanceof RunOption option && command.hasMatchedOption(option.longFlag())) {
                values.put(option, command.matchedOptionValue(option.longFlag(), ""));
            }
        }
        boolean isJson = command.hasMatchedOption(StatusOption.JSON.longFlag());
        return new InstanceArguments(name, command.matchedPositionalValue(0, ""), values, isJson);
    }

    private static int completion(String shell) {
        Optional<String> script = Completion.script(shell);
        if (script.isEmpty()) {
            Console.complain("no completion for \"" + Printable.line(shell) + "\"; there is one for "
                    + String.join(", ", Completion.SHELLS) + "\n  look       holdfast help completion");
            return ExitCode.USAGE.number();
        }
        System.out.print(script.get());
        System.out.flush();
        return ExitCode.OK.number();
    }

    /** All commands, with their options. */
    static CommandSpec program() {
        CommandSpec spec = CommandSpec.create().name("holdfast");
        spec.version("holdfast " + Version.TEXT);
        spec.usageMessage()
                .description("Makes any server run exactly once, stop gracefully and leave nothing behind.")
                .footer("", "Example: holdfast run -- node dist/index.js");
        spec.addOption(OptionSpec.builder("--version")
                .versionHelp(true)
                .type(boolean.class)
                .description("print the version")
                .build());
        spec.addOption(SpecParts.helpOption());
        spec.addSubcommand("run", StartingCommands.run());
        spec.addSubcommand("start", StartingCommands.start());
        spec.addSubcommand("redeploy", StartingCommands.redeploy());
        spec.addSubcommand("rollback", StartingCommands.rollback());
        spec.addSubcommand("lock", StartingCommands.lock());
        spec.addSubcommand("status", InstanceCommands.status());
        spec.addSubcommand("stop", InstanceCommands.stop());
        spec.addSubcommand("restart", InstanceCommands.restart());
        spec.addSubcommand("reload", InstanceCommands.reload());
        spec.addSubcommand("wait", InstanceCommands.waitFor());
        spec.addSubcommand("logs", InstanceCommands.logs());
        spec.addSubcommand("history", OverviewCommands.history());
        spec.addSubcommand("config", InstanceCommands.config());
        spec.addSubcommand("doctor", OverviewCommands.doctor());
        spec.addSubcommand("resolve", OverviewCommands.resolve());
        spec.addSubcommand("ps", OverviewCommands.ps());
        spec.addSubcommand("client", OverviewCommands.client());
        spec.addSubcommand("session", OverviewCommands.session());
        spec.addSubcommand("serve", OverviewCommands.serve());
        spec.addSubcommand("mcp", OverviewCommands.mcp());
        CommandSpec completion = CommandSpec.create();
        completion
                .usageMessage()
                .description("print a completion script for a shell")
                .footer(
                        "",
                        "bash, in ~/.bashrc:    eval \"$(holdfast completion bash)\"",
                        "zsh, in ~/.zshrc:      eval \"$(holdfast completion zsh)\"    (after compinit)",
                        "fish:                  holdfast completion fish > ~/.config/fish/completions/holdfast.fish");
        completion.addPositional(PositionalParamSpec.builder()
                .paramLabel("SHELL")
                .index("0")
                .arity("0..1")
                .type(String.class)
                .description("bash, zsh or fish. Default: bash.")
                .build());
        spec.addSubcommand("completion", completion.addOption(SpecParts.helpOption()));
        spec.addSubcommand("help", OverviewCommands.help());
        Topic.listIn(spec);
        return spec;
    }
}
