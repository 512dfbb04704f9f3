package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A server in a client's file.
 *
 * @param section the names that lead to the map that it is in
 * @param name what it is called there
 * @param map its entry
 * @param keys what the entry's parts are called
 */
record ServerEntry(List<String> section, String name, MapNode map, Client.Keys keys) {
    private static final String PROGRAM = "holdfast";
    private static final String RUN = "run";
    private static final String SEPARATOR = "--";
    /** What names the instance; the lone dashes are behind it. */
    static final String SHARE = "--share";

    static final String NAME = "--name";

    /** What starts it; empty when nothing does, since it is reached over the network. */
    Optional<ScalarNode> command() {
        return map.scalar(keys.command());
    }

    /** Whether it is reached over the network. */
    boolean isRemote() {
        return List.of("url", "uri", "httpUrl", "serverUrl").stream().anyMatch(key -> map.indexOf(key) >= 0);
    }

    /** The command's arguments; empty when there is no list of them, or there is something else than texts in it. */
    Optional<List<String>> arguments() {
        return map.list(keys.arguments()).flatMap(ListNode::texts);
    }

    /** The variables that it gets; empty when there is no map of them. */
    Optional<MapNode> environment() {
        return map.map(keys.environment());
    }

    /** Whether Holdfast starts it. */
    boolean isGuarded() {
        return guardWords() > 0;
    }

    /** Whether all clients that start it share one, as far as its entry says. */
    boolean isShared() {
        return arguments().orElse(List.of()).subList(0, guardWords()).contains(SHARE);
    }

    /** How many of its arguments are Holdfast's, up to the lone dashes; 0 when it is not guarded. */
    int guardWords() {
        String program = command().map(ScalarNode::text).orElse("");
        List<String> arguments = arguments().orElse(List.of());
        int dashes = arguments.indexOf(SEPARATOR);
        boolean isOurs = program.substring(program.lastIndexOf('/') + 1).equals(PROGRAM)
                && dashes > 0
                && arguments.get(0).equals(RUN)
                && dashes + 1 < arguments.size();
        return isOurs ? dashes + 1 : 0;
    }

    /** The instance that it is, as Holdfast names it; empty when it is not guarded, or was guarded by hand without a name. */
    Optional<String> instance() {
        List<String> own = arguments().orElse(List.of()).subList(0, guardWords());
        int name = own.indexOf(NAME);
        return name < 0 ? Optional.empty() : Optional.of(own.get(name + 1));
    }

    /** The server's own command line, without Holdfast in front of it; empty when it is reached over the network. */
    List<String> serverCommand() {
        List<String> words = new ArrayList<>();
        int guardWords = guardWords();
        if (guardWords == 0) {
            command().ifPresent(command -> words.add(command.text()));
        }
        List<String> arguments = arguments().orElse(List.of());
        words.addAll(arguments.subList(guardWords, arguments.size()));
        return words;
    }

    /** The variables that are the server's own, and their values as a text that can be compared. */
    String variables() {
        return environment()
                .map(map -> map.members().stream()
                        .filter(member -> !member.name().equals(Guarding.JAVA_HOME))
                        .map(member -> TreeText.meaning(new MapNode(0, 0, List.of(member)), List.of()))
                        .collect(Collectors.joining()))
                .orElse("");
    }
}
