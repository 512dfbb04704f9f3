package dev.holdfast.commands.help;

import dev.holdfast.config.ClientOption;
import dev.holdfast.config.DoctorOption;
import dev.holdfast.config.HistoryOption;
import dev.holdfast.config.McpOption;
import dev.holdfast.config.PsOption;
import dev.holdfast.config.ResolveOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.ServeOption;
import dev.holdfast.config.SessionOption;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The commands about all instances, and around them, for help and completion: they read their words themselves. */
final class OverviewCommands {
    private OverviewCommands() {}

    static CommandSpec doctor() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "tell what is wrong with the instances of this user, and what to do: conflicts, and what killed"
                                + " launchers have left. Exit code 0: healthy, 1: warnings, 2: conflicts");
        SpecParts.addOptions(spec, DoctorOption.values());
        spec.addOption(SpecParts.option(RunOption.LOCK_DIR, RunOption.LOCK_DIR.meaning()));
        spec.addOption(SpecParts.option(RunOption.TRACKING_DIR, SpecParts.meaning(RunOption.TRACKING_DIR)));
        spec.addOption(SpecParts.option(RunOption.CONFLICT_DETECTION, SpecParts.meaning(RunOption.CONFLICT_DETECTION)));
        return spec.addOption(SpecParts.helpOption());
    }

    static CommandSpec resolve() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "clear away what killed launchers have left; without --yes, tell what would be done. Ends no"
                                + " running instance. Without NAME: of all instances of this user");
        SpecParts.addOptions(spec, ResolveOption.values());
        spec.addOption(SpecParts.option(RunOption.LOCK_DIR, RunOption.LOCK_DIR.meaning()));
        spec.addOption(SpecParts.option(RunOption.TRACKING_DIR, SpecParts.meaning(RunOption.TRACKING_DIR)));
        spec.addOption(SpecParts.helpOption());
        return spec.addPositional(SpecParts.name());
    }

    static CommandSpec history() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("show what has happened to the instances of this user: starts, stops and who wanted them,"
                        + " restarts, refusals, takeovers, crashes. Without NAME: to all of them");
        SpecParts.addOptions(spec, HistoryOption.values());
        spec.addOption(SpecParts.helpOption());
        return spec.addPositional(SpecParts.name());
    }

    static CommandSpec ps() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("show all instances of this user, by their files in the registry: state, age, restarts,"
                        + " memory of all their processes, port and folders of data");
        SpecParts.addOptions(spec, PsOption.values());
        spec.addOption(SpecParts.option(
                RunOption.LOCK_DIR, "tell of the instances in this folder, too, that are not in the registry."));
        spec.addOption(SpecParts.option(RunOption.TRACKING_DIR, SpecParts.meaning(RunOption.TRACKING_DIR)));
        return spec.addOption(SpecParts.helpOption());
    }

    static CommandSpec session() {
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
        SpecParts.addOptions(spec, SessionOption.values());
        spec.addOption(SpecParts.helpOption());
        spec.addPositional(SpecParts.word(
                "ACTION",
                "0",
                "init, status, list, start, stop, logs, cleanup or hook. start takes the options of holdfast start,"
                        + " stop and logs those of theirs."));
        return spec.addPositional(SpecParts.word("NAME", "1..*", "what the server is called in its session"));
    }

    static CommandSpec client() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "put Holdfast in front of the servers that an AI client starts, in the client's own file, and take it"
                                + " away again. All else in the file stays as it is, and a copy is kept beside it")
                .customSynopsis(
                        "holdfast client list|show [CLIENT] [SERVER...] [--json]",
                        "       holdfast client wrap|unwrap CLIENT SERVER...|--all [--share] [--dry-run]",
                        "       holdfast client add CLIENT SERVER [--env NAME=VALUE...] -- COMMAND [ARG...]",
                        "       holdfast client remove CLIENT SERVER...")
                .footer(
                        "",
                        "Examples: holdfast client list",
                        "          holdfast client wrap cursor --all --dry-run",
                        "          holdfast client wrap claude-desktop memory --share",
                        "          holdfast client add vscode memory -- npx -y server-memory");
        SpecParts.addOptions(spec, ClientOption.values());
        spec.addOption(SpecParts.helpOption());
        spec.addPositional(SpecParts.word(
                "ACTION",
                "0",
                "list, show, add, remove, wrap or unwrap. A server that is wrapped is started by Holdfast."));
        spec.addPositional(SpecParts.word("CLIENT", "1", "one of those that list names, such as claude-code"));
        return spec.addPositional(SpecParts.word("SERVER", "2..*", "the names of its servers"));
    }

    static CommandSpec serve() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("serve the health, the metrics and a page of all instances of this user over HTTP, until a"
                        + " signal ends it");
        SpecParts.addOptions(spec, ServeOption.values());
        return spec.addOption(SpecParts.helpOption());
    }

    static CommandSpec mcp() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("serve tools to an AI client by the Model Context Protocol, on stdin and stdout: health,"
                        + " diagnosis, cleaning up and configuration of all instances of this user");
        SpecParts.addOptions(spec, McpOption.values());
        return spec.addOption(SpecParts.helpOption());
    }

    static CommandSpec help() {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new CommandLine.HelpCommand());
        spec.usageMessage()
                .header("print the help of a command, or a page on a topic")
                .customSynopsis("holdfast help [COMMAND|TOPIC]")
                .description("", "Topics: " + String.join(", ", Topic.ids()) + ".", "");
        return spec;
    }
}
