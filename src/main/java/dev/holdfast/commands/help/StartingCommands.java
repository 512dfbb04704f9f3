package dev.holdfast.commands.help;

import dev.holdfast.config.LockOption;
import dev.holdfast.config.RedeployOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.StartOption;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands that start something, for help and completion: they read their words themselves. */
final class StartingCommands {
    private StartingCommands() {}

    /** For help and completion only: {@code run} reads its words itself. */
    static CommandSpec run() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("take the lock, run COMMAND, stop it gracefully, release")
                .sortOptions(false)
                .abbreviateSynopsis(true);
        return addRunOptions(spec, 0);
    }

    /** For help and completion only: {@code StartCommand} reads its words itself. */
    static CommandSpec start() {
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
            section.addArg(SpecParts.option(option, SpecParts.meaning(option)));
        }
        spec.addArgGroup(section.build());
        return addRunOptions(spec, 1);
    }

    /** For help and completion only: {@code RedeployCommand} reads its words itself. */
    static CommandSpec redeploy() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("put another command into the place of the one that runs, under the same lock; the old one"
                        + " comes back when the new one does not become ready. What is not said stays as it is. Nothing"
                        + " runs: it is started, as by start")
                .sortOptions(false)
                .customSynopsis("holdfast redeploy [NAME] [OPTIONS] -- COMMAND [ARG...]");
        for (RedeployOption option : RedeployOption.values()) {
            spec.addOption(SpecParts.option(option, SpecParts.meaning(option)));
        }
        for (RunOption option : RedeployOption.CHANGEABLE) {
            spec.addOption(SpecParts.option(option, option.meaning() + "."));
        }
        for (RunOption option : RedeployOption.PLACE) {
            spec.addOption(SpecParts.option(option, option.meaning() + "."));
        }
        spec.addOption(SpecParts.helpOption());
        spec.addPositional(SpecParts.name());
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .index("1..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("the server and its arguments, behind --")
                .build());
    }

    static CommandSpec rollback() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "put the command that served before the last redeploy back into its place; twice: where one"
                                + " was");
        spec.addOption(SpecParts.option(RedeployOption.SETTLE, SpecParts.meaning(RedeployOption.SETTLE)));
        return SpecParts.addTarget(spec);
    }

    static CommandSpec addRunOptions(CommandSpec spec, int firstGroup) {
        int order = firstGroup;
        for (OptionGroups.Group group : OptionGroups.OF_RUN) {
            // Not validated: the groups are for the reader, and the command reads its words itself.
            ArgGroupSpec.Builder section = ArgGroupSpec.builder()
                    .validate(false)
                    .heading("%n" + group.heading() + ":%n")
                    .order(order++);
            for (RunOption option : group.options()) {
                String variable = option.variable().isEmpty() ? "" : " Variable: " + option.variable() + ".";
                section.addArg(SpecParts.option(option, SpecParts.meaning(option) + variable));
            }
            spec.addArgGroup(section.build());
        }
        spec.addOption(SpecParts.helpOption());
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

    /** For help and completion only: {@code lock} reads its words itself. */
    static CommandSpec lock() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("run COMMAND while an advisory lock on FILE, which may be a folder, is held: flock(1) that"
                        + " tells who has it")
                .sortOptions(false)
                .abbreviateSynopsis(true);
        SpecParts.addOptions(spec, LockOption.values());
        spec.addOption(SpecParts.helpOption());
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
}
