package dev.holdfast.commands.help;

import dev.holdfast.config.CommandOption;
import dev.holdfast.posix.signals.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An option as a completion script sees it.
 *
 * @param command whose it is
 * @param flags all of them, the long one that is ours last
 * @param kind what its value is: files, folders, users, groups, programs, nothing that could be offered, or "words" and
 *     the words; empty for a switch
 * @param meaning half a sentence
 * @param isRepeatable whether it may be given more than once
 */
record CompletedOption(String command, List<String> flags, String kind, String meaning, boolean isRepeatable) {
    static final List<String> INSTANCE_COMMANDS = List.of(
            "status",
            "stop",
            "restart",
            "reload",
            "redeploy",
            "rollback",
            "wait",
            "logs",
            "history",
            "ps",
            "resolve",
            "config");

    private static final int HIGHEST_NAMED_SIGNAL = 31;

    static List<String> commands() {
        List<String> commands =
                new ArrayList<>(List.of("run", "start", "lock", "client", "session", "doctor", "serve", "mcp"));
        commands.addAll(INSTANCE_COMMANDS);
        return commands;
    }

    static List<CompletedOption> all() {
        return commands().stream().flatMap(command -> of(command).stream()).toList();
    }

    static List<CompletedOption> of(String command) {
        List<CompletedOption> found = new ArrayList<>();
        for (CommandOption option : CommandOption.of(command)) {
            found.add(new CompletedOption(
                    command, option.flags(), kind(option.placeholder()), option.meaning(), option.isRepeatable()));
        }
        return found;
    }

    private static String kind(String placeholder) {
        if (placeholder.isEmpty()) {
            return "";
        }
        if (placeholder.indexOf('|') >= 0) {
            return "words " + placeholder.replace('|', ' ');
        }
        return switch (placeholder) {
            case "FILE" -> "files";
            case "DIR" -> "folders";
            case "USER" -> "users";
            case "GROUP" -> "groups";
            case "COMMAND" -> "programs";
            case "SIG" ->
                IntStream.rangeClosed(1, HIGHEST_NAMED_SIGNAL)
                        .mapToObj(Signals::name)
                        .collect(Collectors.joining(" ", "words ", ""));
            default -> "nothing";
        };
    }

    boolean takesValue() {
        return !kind.isEmpty();
    }

    String longFlag() {
        return flags.get(flags.size() - 1);
    }

    /** What a menu has room for. */
    private String shortMeaning() {
        int end = meaning.length();
        for (String stop : List.of("; ", ": ", ", as ")) {
            int at = meaning.indexOf(stop);
            end = at > 0 ? Math.min(end, at) : end;
        }
        return meaning.substring(0, end);
    }

    /** A specification for zsh's {@code _arguments}. */
    String zsh() {
        String explained = "[" + shortMeaning().replace("[", "\\[").replace("]", "\\]") + "]";
        String value = takesValue() ? ":" + longFlag().substring(2) + ":" + zshAction() : "";
        String others = isRepeatable ? "*" : flags.size() > 1 ? "(" + String.join(" ", flags) + ")" : "";
        String names = flags.stream()
                .map(flag -> takesValue() ? flag + (flag.startsWith("--") ? "=" : "+") : flag)
                .collect(Collectors.joining(","));
        return flags.size() > 1
                ? Completion.quoted(others) + "{" + names + "}" + Completion.quoted(explained + value)
                : Completion.quoted(others + names + explained + value);
    }

    private String zshAction() {
        return switch (kind) {
            case "files" -> "_files";
            case "folders" -> "_files -/";
            case "users" -> "_users";
            case "groups" -> "_groups";
            case "programs" -> "_command_names -e";
            case "nothing" -> " ";
            default -> "(" + kind.substring("words ".length()) + ")";
        };
    }

    /** A line for fish. */
    String fish() {
        StringBuilder line = new StringBuilder("complete -c holdfast -n '__holdfast_in " + command
                + (command.equals("run") || command.equals("start") ? " 0" : "") + "'");
        for (String flag : flags) {
            line.append(flag.startsWith("--") ? " -l " : " -s ").append(flag.replaceFirst("^-+", ""));
        }
        line.append(
                switch (kind) {
                    case "" -> "";
                    case "files" -> " -r -F";
                    case "folders" -> " -x -a '(__fish_complete_directories)'";
                    case "users" -> " -x -a '(__fish_complete_users)'";
                    case "groups" -> " -x -a '(__fish_complete_groups)'";
                    case "programs" -> " -x -a '(__fish_complete_command)'";
                    case "nothing" -> " -x";
                    default -> " -x -a '" + kind.substring("words ".length()) + "'";
                });
        return line + " -d " + Completion.quoted(shortMeaning());
    }
}
