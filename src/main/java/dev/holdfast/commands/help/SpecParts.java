package dev.holdfast.commands.help;

import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.RunOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What the commands have in common, for picocli. */
final class SpecParts {
    private SpecParts() {}

    static OptionSpec helpOption() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("print this help")
                .build();
    }

    static String meaning(CommandOption option) {
        String otherwise = option.defaultText();
        return option.meaning() + "." + (otherwise.isEmpty() ? "" : " Default: " + otherwise + ".");
    }

    static OptionSpec option(CommandOption option, String description) {
        OptionSpec.Builder builder =
                OptionSpec.builder(option.flags().toArray(String[]::new)).description(description);
        return option.takesValue()
                ? builder.type(String.class).paramLabel(option.placeholder()).build()
                : builder.type(boolean.class).build();
    }

    static void addOptions(CommandSpec spec, CommandOption... options) {
        for (CommandOption option : options) {
            spec.addOption(option(option, meaning(option)));
        }
    }

    static PositionalParamSpec word(String label, String index, String meaning) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index(index)
                .arity("0..1")
                .type(String.class)
                .description(meaning)
                .build();
    }

    static PositionalParamSpec name() {
        return PositionalParamSpec.builder()
                .paramLabel("NAME")
                .index("0")
                .arity("0..1")
                .type(String.class)
                .description("the instance")
                .build();
    }

    static CommandSpec addTarget(CommandSpec spec) {
        for (RunOption option : InstanceArguments.PLACE) {
            spec.addOption(option(option, option.meaning()));
        }
        spec.addOption(helpOption());
        return spec.addPositional(name());
    }
}
