package dev.holdfast.commands.help;

import dev.holdfast.commands.OtherCommands;
import dev.holdfast.config.ClientOption;
import dev.holdfast.config.CommandName;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.ConfigOption;
import dev.holdfast.config.DoctorOption;
import dev.holdfast.config.HistoryOption;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.LockOption;
import dev.holdfast.config.LogsOption;
import dev.holdfast.config.McpOption;
import dev.holdfast.config.PsOption;
import dev.holdfast.config.RedeployOption;
import dev.holdfast.config.ResolveOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.ServeOption;
import dev.holdfast.config.SessionOption;
import dev.holdfast.config.StartOption;
import dev.holdfast.config.StatusOption;
import dev.holdfast.config.Suggestions;
import dev.holdfast.config.WaitOption;
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
import picocli.CommandLine.Model.ArgGroupSpec;
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
        spec.addOption(helpOption());
        spec.addSubcommand("run", run());
        spec.addSubcommand("start", start());
        spec.addSubcommand("redeploy", redeploy());
        spec.addSubcommand("rollback", rollback());
        spec.addSubcommand("lock", lock());
        spec.addSubcommand("status", status());
        spec.addSubcommand("stop", stop());
        spec.addSubcommand("restart", restart());
        spec.addSubcommand("reload", reload());
        spec.addSubcommand("wait", waitFor());
        spec.addSubcommand("logs", logs());
        spec.addSubcommand("history", history());
        spec.addSubcommand("config", config());
        spec.addSubcommand("doctor", doctor());
        spec.addSubcommand("resolve", resolve());
        spec.addSubcommand("ps", ps());
        spec.addSubcommand("client", client());
        spec.addSubcommand("session", session());
        spec.addSubcommand("serve", serve());
        spec.addSubcommand("mcp", mcp());
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
        spec.addSubcommand("completion", completion.addOption(helpOption()));
        spec.addSubcommand("help", help());
        Topic.listIn(spec);
        return spec;
    }

    private static CommandSpec help() {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new CommandLine.HelpCommand());
        spec.usageMessage()
                .header("print the help of a command, or a page on a topic")
                .customSynopsis("holdfast help [COMMAND|TOPIC]")
                .description("", "Topics: " + String.join(", ", Topic.ids()) + ".", "");
        return spec;
    }

    private static OptionSpec helpOption() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("print this help")
                .build();
    }

    /** For help and completion only: {@code run} reads its words itself. */
    private static CommandSpec run() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("take the lock, run COMMAND, stop it gracefully, release")
                .sortOptions(false)
                .abbreviateSynopsis(true);
        return addRunOptions(spec, 0);
    }

    /** For help and completion only: {@code StartCommand} reads its words itself. */
    private static CommandSpec start() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("run COMMAND in the background, under a launcher of its own; returns when the server is"
                        + " ready, or tells why not")
                .sortOptions(false)
                .abbreviateSynopsis(true);
        ArgGroupSpec.Builder section = ArgGroupSpec.builder()
                .validate(false)
                .heading("%nIn the background:%n")
                .order(0);
        for (StartOption option : StartOption.values()) {
            section.addArg(option(option, meaning(option)));
        }
        spec.addArgGroup(section.build());
        return addRunOptions(spec, 1);
    }

    /** For help and completion only: {@code RedeployCommand} reads its words itself. */
    private static CommandSpec redeploy() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("put another command into the place of the one that runs, under the same lock; the old one"
                        + " comes back when the new one does not become ready. What is not said stays as it is. Nothing"
                        + " runs: it is started, as by start")
                .sortOptions(false)
                .customSynopsis("holdfast redeploy [NAME] [OPTIONS] -- COMMAND [ARG...]");
        for (RedeployOption option : RedeployOption.values()) {
            spec.addOption(option(option, meaning(option)));
        }
        for (RunOption option : RedeployOption.CHANGEABLE) {
            spec.addOption(option(option, option.meaning() + "."));
        }
        for (RunOption option : RedeployOption.PLACE) {
            spec.addOption(option(option, option.meaning() + "."));
        }
        spec.addOption(helpOption());
        spec.addPositional(name());
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .index("1..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("the server and its arguments, behind --")
                .build());
    }

    private static CommandSpec rollback() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "put the command that served before the last redeploy back into its place; twice: where one"
                                + " was");
        spec.addOption(option(RedeployOption.SETTLE, meaning(RedeployOption.SETTLE)));
        return addTarget(spec);
    }

    private static CommandSpec addRunOptions(CommandSpec spec, int firstGroup) {
        int order = firstGroup;
        for (OptionGroups.Group group : OptionGroups.OF_RUN) {
            // Not validated: the groups are for the reader, and the command reads its words itself.
            ArgGroupSpec.Builder section = ArgGroupSpec.builder()
                    .validate(false)
                    .heading("%n" + group.heading() + ":%n")
                    .order(order++);
            for (RunOption option : group.options()) {
                String variable = option.variable().isEmpty() ? "" : " Variable: " + option.variable() + ".";
                section.addArg(option(option, meaning(option) + variable));
            }
            spec.addArgGroup(section.build());
        }
        spec.addOption(helpOption());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .index("0..*")
                .arity("1..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("the server and its arguments; -- before it ends the options")
                .build());
        return spec;
    }

    private static String meaning(CommandOption option) {
        String otherwise = option.defaultText();
        return option.meaning() + "." + (otherwise.isEmpty() ? "" : " Default: " + otherwise + ".");
    }

    private static OptionSpec option(CommandOption option, String description) {
        OptionSpec.Builder builder =
                OptionSpec.builder(option.flags().toArray(String[]::new)).description(description);
        return option.takesValue()
                ? builder.type(String.class).paramLabel(option.placeholder()).build()
                : builder.type(boolean.class).build();
    }

    private static void addOptions(CommandSpec spec, CommandOption... options) {
        for (CommandOption option : options) {
            spec.addOption(option(option, meaning(option)));
        }
    }

    /** For help and completion only: {@code lock} reads its words itself. */
    private static CommandSpec lock() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("run COMMAND while an advisory lock on FILE, which may be a folder, is held: flock(1) that"
                        + " tells who has it")
                .sortOptions(false)
                .abbreviateSynopsis(true);
        addOptions(spec, LockOption.values());
        spec.addOption(helpOption());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .index("0")
                .type(String.class)
                .description("made when it is not there, and never written or removed")
                .build());
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .index("1..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("the command and its arguments; -- before it ends the options")
                .build());
    }

    private static CommandSpec status() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("tell who holds the lock; changes nothing. Without NAME: this server's own instance when"
                        + " called inside one, all instances otherwise");
        spec.addOption(option(StatusOption.JSON, StatusOption.JSON.meaning()));
        return addTarget(spec);
    }

    private static CommandSpec stop() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("stop a running instance gracefully; fine when it does not run");
        spec.addOption(OptionSpec.builder("--grace")
                .type(String.class)
                .paramLabel("5s")
                .description("from TERM to SIGKILL. Default: the instance's own.")
                .build());
        return addTarget(spec);
    }

    private static CommandSpec restart() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("stop the server of a running instance gracefully and start it again, with the lock held;"
                        + " waits until it runs and, where --ready-... was said, is ready");
        return addTarget(spec);
    }

    private static CommandSpec reload() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "let the server of a running instance read its configuration again: it gets HUP, or what"
                                + " --map-signal makes of it, unless it would die of that or ignores it; watches it for a second");
        return addTarget(spec);
    }

    private static CommandSpec waitFor() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("wait until an instance is ready, or gone, for scripts");
        addOptions(spec, WaitOption.values());
        return addTarget(spec);
    }

    private static CommandSpec logs() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("show what a server that was started in the background has printed. Without NAME: all of"
                        + " them, each line with its name");
        addOptions(spec, LogsOption.values());
        spec.addOption(helpOption());
        return spec.addPositional(name());
    }

    private static CommandSpec config() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "show the settings of a running instance and where each comes from; of one that does not run, and"
                                + " without NAME, what is configured for a next start");
        addOptions(spec, ConfigOption.values());
        return addTarget(spec);
    }

    private static CommandSpec doctor() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "tell what is wrong with the instances of this user, and what to do: conflicts, and what killed"
                                + " launchers have left. Exit code 0: healthy, 1: warnings, 2: conflicts");
        addOptions(spec, DoctorOption.values());
        spec.addOption(option(RunOption.LOCK_DIR, RunOption.LOCK_DIR.meaning()));
        spec.addOption(option(RunOption.TRACKING_DIR, meaning(RunOption.TRACKING_DIR)));
        spec.addOption(option(RunOption.CONFLICT_DETECTION, meaning(RunOption.CONFLICT_DETECTION)));
        return spec.addOption(helpOption());
    }

    private static CommandSpec resolve() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "clear away what killed launchers have left; without --yes, tell what would be done. Ends no"
                                + " running instance. Without NAME: of all instances of this user");
        addOptions(spec, ResolveOption.values());
        spec.addOption(option(RunOption.LOCK_DIR, RunOption.LOCK_DIR.meaning()));
        spec.addOption(option(RunOption.TRACKING_DIR, meaning(RunOption.TRACKING_DIR)));
        spec.addOption(helpOption());
        return spec.addPositional(name());
    }

    private static CommandSpec history() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("show what has happened to the instances of this user: starts, stops and who wanted them,"
                        + " restarts, refusals, takeovers, crashes. Without NAME: to all of them");
        addOptions(spec, HistoryOption.values());
        spec.addOption(helpOption());
        return spec.addPositional(name());
    }

    private static CommandSpec ps() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("show all instances of this user, by their files in the registry: state, age, restarts,"
                        + " memory of all their processes, port and folders of data");
        addOptions(spec, PsOption.values());
        spec.addOption(
                option(RunOption.LOCK_DIR, "tell of the instances in this folder, too, that are not in the registry."));
        spec.addOption(option(RunOption.TRACKING_DIR, meaning(RunOption.TRACKING_DIR)));
        return spec.addOption(helpOption());
    }

    private static CommandSpec session() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "run several servers per terminal, or per client: each session has servers, configuration and logs"
                                + " of its own, and its servers are ended once its terminal is gone. The same as"
                                + " mcp-session-manager.sh")
                .customSynopsis(
                        "holdfast session init [--template FILE...]",
                        "       holdfast session status|list [--json]",
                        "       holdfast session start NAME [START OPTIONS] -- COMMAND [ARG...]",
                        "       holdfast session start NAME 'COMMAND LINE'",
                        "       holdfast session stop NAME|--all [--grace 5s]",
                        "       holdfast session logs [NAME] [-f] [LOGS OPTIONS]",
                        "       holdfast session cleanup [--dry-run] [--session ID]",
                        "       holdfast session hook bash|zsh|fish")
                .footer(
                        "",
                        "Examples: holdfast session start files -- npx -y @modelcontextprotocol/server-filesystem .",
                        "          holdfast session status",
                        "          holdfast session stop files",
                        "In ~/.bashrc: eval \"$(holdfast session hook bash)\"    to clean up when the terminal closes");
        addOptions(spec, SessionOption.values());
        spec.addOption(helpOption());
        spec.addPositional(clientWord(
                "ACTION",
                "0",
                "init, status, list, start, stop, logs, cleanup or hook. start takes the options of holdfast start,"
                        + " stop and logs those of theirs."));
        return spec.addPositional(clientWord("NAME", "1..*", "what the server is called in its session"));
    }

    private static CommandSpec client() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "put Holdfast in front of the servers that an AI client starts, in the client's own file, and take it"
                                + " away again. All else in the file stays as it is, and a copy is kept beside it")
                .customSynopsis(
                        "holdfast client list|show [CLIENT] [SERVER...] [--json]",
                        "       holdfast client wrap|unwrap CLIENT SERVER...|--all [--dry-run]",
                        "       holdfast client add CLIENT SERVER [--env NAME=VALUE...] -- COMMAND [ARG...]",
                        "       holdfast client remove CLIENT SERVER...")
                .footer(
                        "",
                        "Examples: holdfast client list",
                        "          holdfast client wrap cursor --all --dry-run",
                        "          holdfast client wrap claude-desktop memory",
                        "          holdfast client add vscode memory -- npx -y server-memory");
        addOptions(spec, ClientOption.values());
        spec.addOption(helpOption());
        spec.addPositional(clientWord(
                "ACTION",
                "0",
                "list, show, add, remove, wrap or unwrap. A server that is wrapped is started by Holdfast."));
        spec.addPositional(clientWord("CLIENT", "1", "one of those that list names, such as claude-code"));
        return spec.addPositional(clientWord("SERVER", "2..*", "the names of its servers"));
    }

    private static PositionalParamSpec clientWord(String label, String index, String meaning) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index(index)
                .arity("0..1")
                .type(String.class)
                .description(meaning)
                .build();
    }

    private static CommandSpec serve() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("serve the health, the metrics and a page of all instances of this user over HTTP, until a"
                        + " signal ends it");
        addOptions(spec, ServeOption.values());
        return spec.addOption(helpOption());
    }

    private static CommandSpec mcp() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("serve tools to an AI client by the Model Context Protocol, on stdin and stdout: health,"
                        + " diagnosis, cleaning up and configuration of all instances of this user");
        addOptions(spec, McpOption.values());
        return spec.addOption(helpOption());
    }

    private static PositionalParamSpec name() {
        return PositionalParamSpec.builder()
                .paramLabel("NAME")
                .index("0")
                .arity("0..1")
                .type(String.class)
                .description("the instance")
                .build();
    }

    private static CommandSpec addTarget(CommandSpec spec) {
        for (RunOption option : InstanceArguments.PLACE) {
            spec.addOption(option(option, option.meaning()));
        }
        spec.addOption(helpOption());
        return spec.addPositional(name());
    }
}
