package dev.holdfast.commands.help;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The completion scripts for bash, zsh and fish: a template for each, beside this class, filled from the option tables.
 *
 * <p>After the wrapped command's name the command's own completion takes over, as for sudo(8): what follows
 * {@code holdfast run -- node} is node's affair. Instances are asked of {@code holdfast status}.
 */
final class Completion {
    /** The shells that there is a script for. */
    static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    private static final Map<String, String> COMMANDS = Map.ofEntries(
            Map.entry("run", "take the lock, run a command, stop it gracefully, release"),
            Map.entry("start", "run a command in the background"),
            Map.entry("lock", "run a command under an advisory lock"),
            Map.entry("status", "tell who holds the lock"),
            Map.entry("stop", "stop a running instance gracefully"),
            Map.entry("restart", "start the server of a running instance again"),
            Map.entry("reload", "let a server read its configuration again"),
            Map.entry("redeploy", "put another command into the place of the one that runs"),
            Map.entry("rollback", "put the command before the last redeploy back"),
            Map.entry("wait", "wait until an instance is ready, or gone"),
            Map.entry("logs", "show what servers in the background have printed"),
            Map.entry("client", "put Holdfast in front of AI clients' servers"),
            Map.entry("session", "run several servers per terminal"),
            Map.entry("config", "show settings and where they come from"),
            Map.entry("doctor", "tell what is wrong with instances"),
            Map.entry("resolve", "clear away what killed launchers have left"),
            Map.entry("serve", "serve health, metrics and a page over HTTP"),
            Map.entry("mcp", "serve tools to an AI client on stdio"),
            Map.entry("history", "show what has happened to instances"),
            Map.entry("ps", "show all instances of this user"),
            Map.entry("completion", "print a completion script"),
            Map.entry("help", "print the help of a command or a topic"));

    private Completion() {}

    /** The script for a shell; empty when there is none for it. */
    static Optional<String> script(String shell) {
        return switch (shell) {
            case "bash" -> Optional.of(bash());
            case "zsh" -> Optional.of(zsh());
            case "fish" -> Optional.of(fish());
            default -> Optional.empty();
        };
    }

    static List<String> commands() {
        return COMMANDS.keySet().stream().sorted().toList();
    }

    private static String bash() {
        String values = CompletedOption.all().stream()
                .filter(CompletedOption::takesValue)
                .map(option -> "        "
                        + option.flags().stream()
                                .map(flag -> option.command() + ":" + flag)
                                .collect(Collectors.joining(" | "))
                        + ") REPLY='" + option.kind() + "' ;;")
                .collect(Collectors.joining("\n"));
        String options = CompletedOption.commands().stream()
                .map(command -> "                " + command + ") _holdfast_reply 'words "
                        + CompletedOption.of(command).stream()
                                .map(CompletedOption::longFlag)
                                .collect(Collectors.joining(" "))
                        + " --help' ;;")
                .collect(Collectors.joining("\n"));
        return template(
                "bash",
                Map.of(
                        "VALUES",
                        values,
                        "OPTIONS",
                        options,
                        "POSITIONS",
                        positions(CompletedPosition::bash),
                        "PLACE",
                        String.join(" | ", CompletedPosition.PLACE),
                        "WRAPPING",
                        String.join(":-- | ", CompletedPosition.WRAPPING) + ":--"));
    }

    private static String zsh() {
        String meanings = commands().stream()
                .map(command -> "                " + quoted(command + ":" + COMMANDS.get(command)))
                .collect(Collectors.joining("\n"));
        List<String> withWords =
                CompletedPosition.all().stream().map(CompletedPosition::command).toList();
        String arguments = Stream.concat(CompletedOption.commands().stream(), withWords.stream())
                .distinct()
                .map(command -> "                " + command + ")\n                    _holdfast_command \\\n"
                        + zshOptions(command).stream()
                                .map(option -> "                        " + option.zsh() + " \\\n")
                                .collect(Collectors.joining())
                        + "                        " + zshPositions(command) + "\n                    ;;")
                .collect(Collectors.joining("\n"));
        return template(
                "zsh",
                Map.of(
                        "COMMAND_MEANINGS", meanings,
                        "COMMAND_ARGUMENTS", arguments,
                        "WRAPPING", String.join("|", CompletedPosition.WRAPPING)));
    }

    private static List<CompletedOption> zshOptions(String command) {
        return CompletedOption.commands().contains(command) ? CompletedOption.of(command) : List.of();
    }

    private static String zshPositions(String command) {
        List<String> positions = new ArrayList<>();
        CompletedPosition.of(command).forEach(each -> positions.add(each.zsh()));
        switch (command) {
            case "run", "start" -> positions.add("'(-)1:command:_command_names -e' '*::argument:_normal'");
            case "lock" -> positions.add("'(-)2:command:_command_names -e' '*::argument:_normal'");
            default -> {}
        }
        return String.join(" ", positions);
    }

    private static String positions(Function<CompletedPosition, String> line) {
        return CompletedPosition.all().stream().map(line).collect(Collectors.joining("\n"));
    }

    private static String fish() {
        String commands = commands().stream()
                .map(command -> "complete -c holdfast -n '__holdfast_in none' -a " + command + " -d "
                        + quoted(String.valueOf(COMMANDS.get(command))))
                .collect(Collectors.joining("\n"));
        String options =
                CompletedOption.all().stream().map(CompletedOption::fish).collect(Collectors.joining("\n"));
        String valued = CompletedOption.all().stream()
                .filter(CompletedOption::takesValue)
                .flatMap(option -> option.flags().stream().map(flag -> option.command() + ":" + flag))
                .collect(Collectors.joining(" "));
        return template(
                "fish",
                Map.of(
                        "COMMAND_LINES", commands,
                        "OPTION_LINES", options,
                        "POSITION_LINES", positions(CompletedPosition::fish),
                        "VALUED", valued));
    }

    /** In single quotes, which all three shells know; a quote in it becomes an apostrophe, which needs no escape. */
    static String quoted(String text) {
        return "'" + text.replace('\'', '’') + "'";
    }

    private static String template(String shell, Map<String, String> parts) {
        String text = Resource.text("completion." + shell);
        for (Map.Entry<String, String> part : parts.entrySet()) {
            text = text.replace("@" + part.getKey() + "@", part.getValue());
        }
        return text.replace("@COMMANDS@", String.join(" ", commands()))
                .replace("@PLACE@", String.join(" ", CompletedPosition.PLACE))
                .replace("@WRAPPING@", String.join(" ", CompletedPosition.WRAPPING));
    }
}
