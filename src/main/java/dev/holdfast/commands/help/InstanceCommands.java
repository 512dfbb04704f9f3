package dev.holdfast.commands.help;

import dev.holdfast.config.ConfigOption;
import dev.holdfast.config.LogsOption;
import dev.holdfast.config.StatusOption;
import dev.holdfast.config.WaitOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands on one instance, for help and completion, and for what is not written plainly. */
final class InstanceCommands {
    private InstanceCommands() {}

    static CommandSpec status() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("tell who holds the lock; changes nothing. Without NAME: this server's own instance when"
                        + " called inside one, all instances otherwise");
        spec.addOption(SpecParts.option(StatusOption.JSON, StatusOption.JSON.meaning()));
        return SpecParts.addTarget(spec);
    }

    static CommandSpec stop() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("stop a running instance gracefully; fine when it does not run");
        spec.addOption(OptionSpec.builder("--grace")
                .type(String.class)
                .paramLabel("5s")
                .description("from TERM to SIGKILL. Default: the instance's own.")
                .build());
        return SpecParts.addTarget(spec);
    }

    static CommandSpec restart() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("stop the server of a running instance gracefully and start it again, with the lock held;"
                        + " waits until it runs and, where --ready-... was said, is ready");
        return SpecParts.addTarget(spec);
    }

    static CommandSpec reload() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "let the server of a running instance read its configuration again: it gets HUP, or what"
                                + " --map-signal makes of it, unless it would die of that or ignores it; watches it for a second");
        return SpecParts.addTarget(spec);
    }

    static CommandSpec waitFor() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("wait until an instance is ready, or gone, for scripts");
        SpecParts.addOptions(spec, WaitOption.values());
        return SpecParts.addTarget(spec);
    }

    static CommandSpec logs() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("show what a server that was started in the background has printed. Without NAME: all of"
                        + " them, each line with its name");
        SpecParts.addOptions(spec, LogsOption.values());
        spec.addOption(SpecParts.helpOption());
        return spec.addPositional(SpecParts.name());
    }

    static CommandSpec config() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "show the settings of a running instance and where each comes from; of one that does not run, and"
                                + " without NAME, what is configured for a next start");
        SpecParts.addOptions(spec, ConfigOption.values());
        return SpecParts.addTarget(spec);
    }
}
