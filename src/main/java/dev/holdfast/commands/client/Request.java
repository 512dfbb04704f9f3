package dev.holdfast.commands.client;

import dev.holdfast.config.ClientOption;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.Suggestions;
import dev.holdfast.text.Printable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What was typed after {@code holdfast client}.
 *
 * @param arguments the options and the words
 * @param command what stands behind the lone dashes
 */
record Request(CommandArguments arguments, List<String> command) {
    private static final List<String> REPORTS = List.of("list", "show");
    private static final Pattern VARIABLE = Pattern.compile("(?s)[A-Za-z_][A-Za-z0-9_]*=.*");

    /** Checks it. */
    Request {
        command = List.copyOf(command);
        String action = arguments.name();
        if (!ClientCommand.ACTIONS.contains(action)) {
            throw problem((action.isEmpty() ? "say what to do" : "there is no action " + Printable.text(action))
                    + nearest(action, ClientCommand.ACTIONS));
        }
        checkClient(arguments);
        if (!REPORTS.contains(action)) {
            checkServers(action, arguments, command);
        }
        variables(arguments);
    }

    private static void checkClient(CommandArguments arguments) {
        boolean isNeeded = !REPORTS.contains(arguments.name()) || arguments.has(ClientOption.CONFIG);
        if (arguments.words().size() < 2) {
            if (isNeeded) {
                throw problem("say which client" + nearest("", ClientCommand.clients()));
            }
            return;
        }
        String typed = arguments.words().get(1);
        if (Client.of(typed).isEmpty()) {
            throw problem("there is no client " + Printable.text(typed) + nearest(typed, ClientCommand.clients()));
        }
    }

    private static void checkServers(String action, CommandArguments arguments, List<String> command) {
        int servers = arguments.words().size() - 2;
        boolean isAll = arguments.has(ClientOption.ALL);
        boolean mayBeAll = action.endsWith("wrap");
        if (isAll && !mayBeAll) {
            throw problem(action + " takes no --all; name the servers");
        }
        if (isAll == servers > 0) {
            throw problem(isAll ? "either names or --all" : "say which servers" + (mayBeAll ? ", or --all" : ""));
        }
        boolean isAdd = action.equals("add");
        if (arguments.has(ClientOption.SHARE)) {
            if (!isAdd && !action.equals("wrap")) {
                throw problem(action + " takes no --share");
            }
            if (isAll) {
                throw problem("--share is for servers that bear several clients; name them");
            }
        }
        if (!isAdd && arguments.has(ClientOption.ENV)) {
            throw problem(action + " takes no --env; the variables of a server that is there are its entry's");
        }
        if (isAdd && (servers != 1 || command.isEmpty())) {
            throw problem("one name, and the command after --; as in: holdfast client add cursor memory -- npx -y"
                    + " @modelcontextprotocol/server-memory");
        }
        if (!isAdd && !command.isEmpty()) {
            throw problem(action + " takes no command");
        }
    }

    private static SettingsException problem(String text) {
        return new SettingsException(List.of(text), false);
    }

    private static String nearest(String typed, List<String> known) {
        String nearest = typed.isEmpty() ? "" : Suggestions.nearest(typed, known);
        return nearest.isEmpty() ? ": " + String.join(", ", known) : "; did you mean " + nearest + "?";
    }

    String action() {
        return arguments.name();
    }

    /** Whether nothing is to be changed. */
    boolean isReport() {
        return REPORTS.contains(action());
    }

    /** Which client; empty for all. */
    Optional<Client> client() {
        return arguments.words().size() < 2
                ? Optional.empty()
                : Client.of(arguments.words().get(1));
    }

    /** Which servers; empty for all. */
    Set<String> servers() {
        return new LinkedHashSet<>(arguments
                .words()
                .subList(
                        Math.min(2, arguments.words().size()), arguments.words().size()));
    }

    /** The variables of a server that is added. */
    Map<String, String> variables() {
        return variables(arguments);
    }

    /** What is said is not repeated in a message: it may be a secret whose name was forgotten. */
    private static Map<String, String> variables(CommandArguments arguments) {
        Map<String, String> variables = new LinkedHashMap<>();
        if (arguments.has(ClientOption.ENV)) {
            for (String each : arguments.value(ClientOption.ENV).split(ClientOption.ENV.separator(), -1)) {
                if (!VARIABLE.matcher(each).matches()) {
                    throw problem(
                            "--env takes NAME=VALUE, and a name has letters, digits and underscores, no digit first");
                }
                int equals = each.indexOf('=');
                variables.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        return variables;
    }

    /** Whether an action would have something to do with a server that is there. */
    static boolean isFor(String action, ServerEntry server) {
        return switch (action) {
            case "wrap" -> server.command().isPresent() && !server.isGuarded();
            case "unwrap" -> server.isGuarded();
            case "add" -> false;
            default -> true;
        };
    }

    /** Which files: the one that was named, or those of the client that there are. */
    List<Path> files(ClientPlaces places, Client client) {
        return files(arguments, places, client);
    }

    static List<Path> files(CommandArguments arguments, ClientPlaces places, Client client) {
        return arguments.has(ClientOption.CONFIG)
                ? List.of(places.resolve(arguments.value(ClientOption.CONFIG)))
                : places.existing(client);
    }
}
