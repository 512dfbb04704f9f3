package dev.holdfast.commands.help;

import dev.holdfast.console.ExitCode;
import dev.holdfast.text.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual pages, from the same tables as the help: {@code holdfast(1)}, and {@code holdfast-run(1)} for {@code run} and so on. The
 * build makes them; man(1) finds them beside a {@code bin} that is on the PATH.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/man.7.html">man(7)</a>
 */
public final class ManualPages {
    private static final String PROGRAM = "holdfast";

    private ManualPages() {}

    /**
     * Writes all pages.
     *
     * @param arguments the folder, which is made where it is missing
     * @throws IOException if it cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        CommandSpec program = Commands.program();
        Files.writeString(folder.resolve(PROGRAM + ".1"), page(program), StandardCharsets.US_ASCII);
        for (CommandLine command : program.subcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            if (!spec.name().equals("help")) {
                Files.writeString(
                        folder.resolve(PROGRAM + "-" + spec.name() + ".1"), page(spec), StandardCharsets.US_ASCII);
            }
        }
    }

    private static String page(CommandSpec spec) {
        boolean isProgram = spec.parent() == null;
        String name = isProgram ? PROGRAM : PROGRAM + "-" + spec.name();
        String description = String.join(" ", spec.usageMessage().description());
        ManualText text = new ManualText(name, Version.TEXT);
        text.section("NAME").line(name + " - " + firstClause(description));
        text.section("SYNOPSIS").verbatim(synopsis(spec));
        text.section("DESCRIPTION").line(sentence(description));
        options(spec, text);
        if (isProgram) {
            text.section("COMMANDS");
            for (CommandLine command : spec.subcommands().values()) {
                CommandSpec each = command.getCommandSpec();
                if (!each.name().equals("help")) {
                    text.item(
                            PROGRAM + "-" + each.name() + "(1)",
                            sentence(String.join(" ", each.usageMessage().description())));
                }
            }
            text.section("TOPICS");
            for (Topic topic : Topic.values()) {
                text.item(PROGRAM + " help " + topic.id(), sentence(topic.meaning()));
            }
            text.section("EXIT STATUS");
            for (ExitCode code : ExitCode.values()) {
                text.item(Integer.toString(code.number()), sentence(code.meaning()));
            }
        }
        examples(spec, text);
        text.section("SEE ALSO").line(isProgram ? "flock(1), tini(1), systemd(1), signal(7)" : PROGRAM + "(1)");
        return text.toString();
    }

    /** Of what comes first in a description, for one line of apropos(1). */
    private static String firstClause(String description) {
        String clause = description.split("[;:] |\\. |\\.$", 2)[0];
        return clause.substring(0, 1).toLowerCase(Locale.ROOT) + clause.substring(1);
    }

    private static String sentence(String description) {
        String text = description.substring(0, 1).toUpperCase(Locale.ROOT) + description.substring(1);
        return text.endsWith(".") ? text : text + ".";
    }

    private static List<String> synopsis(CommandSpec spec) {
        CommandLine.Help help =
                new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        return help.synopsis(0).lines().map(String::strip).toList();
    }

    private static void options(CommandSpec spec, ManualText text) {
        text.section("OPTIONS");
        for (PositionalParamSpec word : spec.positionalParameters()) {
            text.item(word.paramLabel(), sentence(String.join(" ", word.description())));
        }
        for (OptionSpec option : spec.options()) {
            if (option.group() == null) {
                add(option, text);
            }
        }
        for (ArgGroupSpec group : spec.argGroups()) {
            text.subsection(group.heading().replace("%n", "").replace(":", ""));
            for (OptionSpec option : group.options()) {
                add(option, text);
            }
        }
    }

    private static void add(OptionSpec option, ManualText text) {
        String names = String.join(", ", option.names());
        boolean takesValue = option.arity().max() > 0;
        text.item(takesValue ? names + "=" + option.paramLabel() : names, sentence(option.description()[0]));
    }

    private static void examples(CommandSpec spec, ManualText text) {
        List<String> lines = List.of(spec.usageMessage().footer());
        if (!lines.isEmpty()) {
            text.section("EXAMPLES")
                    .verbatim(lines.stream()
                            .map(line -> line.replaceFirst("^Examples?: ", "").strip())
                            .filter(line -> !line.isEmpty())
                            .toList());
        }
    }
}
