package dev.holdfast.commands.help;

import dev.holdfast.commands.client.ClientCommand;
import dev.holdfast.commands.session.SessionCommandLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What stands at a place among a command's words, as a completion script sees it; options are not counted.
 *
 * @param command whose it is
 * @param index which word of it, from 0 on
 * @param isLast whether all later words are alike
 * @param label what it is, for a menu
 * @param kind files; instances, which are asked of {@code holdfast status}; names, which are asked of {@link #names}; or "words" and
 *     the words
 */
record CompletedPosition(String command, int index, boolean isLast, String label, String kind) {
    /** The options that say of which instances, files or sessions a name is: these are asked with them. */
    static final List<String> PLACE =
            List.of("--lock-dir", "--lock-file", "--scope", "--config", "--session", "--sessions-dir");

    /** The commands behind whose lone dashes another command stands, which has a completion of its own. */
    static final List<String> WRAPPING = List.of("run", "start", "redeploy", "lock", "client", "session");

    private static final String WORDS = "words ";
    private static final String NAMES = "names";

    /** Who knows the names, by command: they are told on the command's words and options that stand before. */
    private static final Map<String, Function<List<String>, List<String>>> SOURCES =
            Map.of("client", ClientCommand::names, "session", SessionCommandLine::names);

    /** The table. What is a wrapped command's is in the templates; all else has nothing to offer. */
    static List<CompletedPosition> all() {
        List<CompletedPosition> all = new ArrayList<>(List.of(
                words("client", 0, "action", ClientCommand.ACTIONS),
                words("client", 1, "client", ClientCommand.clients()),
                new CompletedPosition("client", 2, true, "server", NAMES),
                words("session", 0, "action", SessionCommandLine.ACTIONS),
                new CompletedPosition("session", 1, false, "server", NAMES),
                new CompletedPosition("lock", 0, false, "file", "files"),
                words("completion", 0, "shell", Completion.SHELLS),
                words(
                        "help",
                        0,
                        "topic",
                        Stream.concat(Completion.commands().stream(), Topic.ids().stream())
                                .toList())));
        CompletedOption.INSTANCE_COMMANDS.forEach(
                command -> all.add(new CompletedPosition(command, 0, false, "instance", "instances")));
        return all;
    }

    /** Those of a command. */
    static List<CompletedPosition> of(String command) {
        return all().stream().filter(each -> each.command.equals(command)).toList();
    }

    private static CompletedPosition words(String command, int index, String label, List<String> words) {
        return new CompletedPosition(command, index, false, label, WORDS + String.join(" ", words));
    }

    /**
     * What a script asks for while a line is typed: one name a line. It is not in the help.
     *
     * @param words the command, and what was typed behind it
     * @return the names that can be typed; none where they cannot be told
     */
    static String names(List<String> words) {
        if (words.isEmpty() || !SOURCES.containsKey(words.get(0))) {
            return "";
        }
        return SOURCES.get(words.get(0)).apply(words.subList(1, words.size())).stream()
                .filter(name -> name.chars().noneMatch(Character::isISOControl))
                .map(name -> name + "\n")
                .collect(Collectors.joining());
    }

    /** A line of bash's table. */
    String bash() {
        return "        " + command + ":" + (isLast ? "*" : index) + ") _holdfast_reply " + Completion.quoted(kind)
                + " ;;";
    }

    /** A specification for zsh's {@code _arguments}. */
    String zsh() {
        String action = switch (kind) {
            case "files" -> "_files";
            case "instances" -> "_holdfast_instances";
            case NAMES -> "_holdfast_names";
            default -> "(" + kind.substring(WORDS.length()) + ")";
        };
        return Completion.quoted((isLast ? "*" : index + 1) + ":" + label + ":" + action);
    }

    /** A line for fish. */
    String fish() {
        String offer = switch (kind) {
            case "files" -> "-F";
            case "instances" -> "-a '(__holdfast_instances)'";
            case NAMES -> "-a '(__holdfast_names)'";
            default -> "-a " + Completion.quoted(kind.substring(WORDS.length()));
        };
        return "complete -c holdfast -n '__holdfast_in " + command + " " + index + (isLast ? " on" : "") + "' " + offer;
    }
}
