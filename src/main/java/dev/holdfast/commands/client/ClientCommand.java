package dev.holdfast.commands.client;

import dev.holdfast.command.Environment;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.commands.client.ClientPlaces.Opened;
import dev.holdfast.config.ClientOption;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.HistoryPlace;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.Printable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code holdfast client}: Holdfast in front of the servers that AI clients start. */
public final class ClientCommand implements OtherCommands.Command {
    /** The words that may follow the command. */
    public static final List<String> ACTIONS = List.of("list", "show", "add", "remove", "wrap", "unwrap");

    /** Where bin/holdfast has its native library. */
    private static final String LIBRARY = "jffi.boot.library.path";

    /** How the clients are typed. */
    public static List<String> clients() {
        return Arrays.stream(Client.values()).map(Client::id).toList();
    }

    /**
     * The names of the servers that may follow these words, for a shell that completes a line. Files that cannot be read have none.
     *
     * @param words what was typed after the command
     */
    public static List<String> names(List<String> words) {
        CommandArguments arguments = CommandArguments.withWords(CommandOption.of("client"), words);
        Optional<Client> client = arguments.words().size() < 2
                ? Optional.empty()
                : Client.of(arguments.words().get(1));
        Set<String> names = new LinkedHashSet<>();
        ClientPlaces places = places();
        for (Path file :
                client.map(known -> Request.files(arguments, places, known)).orElse(List.of())) {
            try {
                for (ServerEntry server :
                        places.open(client.orElseThrow(), file).document().servers()) {
                    if (Request.isFor(arguments.name(), server)) {
                        names.add(server.name());
                    }
                }
            } catch (ClientFileException e) {
                // It will be told when the line is typed
            }
        }
        return List.copyOf(names);
    }

    @Override
    public int execute(List<String> words) {
        int end = words.contains("--") ? words.indexOf("--") : words.size();
        if (words.subList(0, end).stream().anyMatch(word -> word.equals("--help") || word.equals("-h"))) {
            return OtherCommands.commandLine().execute(List.of("help", "client"), unused -> ExitCode.OK.number());
        }
        CommandArguments arguments = CommandArguments.withWords(CommandOption.of("client"), words);
        Request request = new Request(arguments, words.subList(arguments.rest(), words.size()));
        try {
            return request.isReport() ? report(request) : change(request);
        } catch (ClientFileException e) {
            Console.complain(Printable.line(String.valueOf(e.getMessage())));
            return e.exitCode().number();
        }
    }

    private static int report(Request request) {
        ClientPlaces places = places();
        ClientReport report = new ClientReport(request.action().equals("show"), request.servers());
        ExitCode code = ExitCode.OK;
        List<Client> clients = request.client().map(List::of).orElseGet(() -> List.of(Client.values()));
        for (Client client : clients) {
            List<Path> files = request.files(places, client);
            if (files.isEmpty()) {
                report.addNone(client, places.first(client));
            }
            for (Path file : files) {
                try {
                    report.add(client, file, places.open(client, file).document());
                } catch (ClientFileException e) {
                    report.addProblem(client, file, String.valueOf(e.getMessage()));
                    Console.complain(Printable.line(String.valueOf(e.getMessage())));
                    code = e.exitCode();
                }
            }
        }
        String text = request.arguments().has(ClientOption.JSON) ? report.json() : report.text();
        if (!text.isEmpty()) {
            Console.result(text);
        }
        requireFound(request.servers(), new LinkedHashSet<>(report.found()), "any client's file");
        return code.number();
    }

    private static int change(Request request) {
        ClientPlaces places = places();
        Client client = request.client().orElseThrow();
        ClientChange change = new ClientChange(
                guarding(request.arguments().has(ClientOption.SHARE)),
                addedParts(),
                request.arguments().has(ClientOption.DRY_RUN),
                new Speaker());
        if (request.action().equals("add")) {
            Path file = request.files(places, client).stream().findFirst().orElse(places.first(client));
            change.add(
                    openedOrNew(places, client, file),
                    request.servers().iterator().next(),
                    request.command(),
                    request.variables());
            return ExitCode.OK.number();
        }
        List<Path> files = request.files(places, client);
        if (files.isEmpty()) {
            throw ClientFileException.missing(
                    client.label() + " has no file here; it would be \"" + places.first(client) + "\"");
        }
        // All of them first: what cannot be read is told before anything is changed
        List<Opened> opened =
                files.stream().map(file -> places.open(client, file)).toList();
        Set<String> known = new LinkedHashSet<>();
        opened.forEach(each -> each.document().servers().forEach(server -> known.add(server.name())));
        requireFound(
                request.servers(),
                known,
                String.join(", ", files.stream().map(Path::toString).toList()));
        for (Opened each : opened) {
            switch (request.action()) {
                case "wrap" -> change.wrap(each, request.servers());
                case "unwrap" -> change.unwrap(each, request.servers());
                default -> change.remove(each, request.servers());
            }
        }
        return ExitCode.OK.number();
    }

    private static Opened openedOrNew(ClientPlaces places, Client client, Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return places.open(client, file);
        }
        throw ClientFileException.missing(
                "there is no file \"" + file + "\"; start " + client.label() + " once, or make it with {} in it");
    }

    private static void requireFound(Set<String> wanted, Set<String> known, String where) {
        Set<String> missing = new LinkedHashSet<>(wanted);
        missing.removeAll(known);
        if (!missing.isEmpty()) {
            throw ClientFileException.missing("there is no server \"" + String.join("\", \"", missing) + "\" in "
                    + where + (known.isEmpty() ? "" : "; there is " + String.join(", ", known)));
        }
    }

    private static ClientPlaces places() {
        Environment environment = Environment.ofThisProcess();
        String home = environment.value("HOME");
        int user = Self.effectiveUser();
        if (home.isEmpty()) {
            home = Accounts.numbered(user).map(Accounts.Account::home).orElse("");
        }
        if (home.isEmpty()) {
            throw new SettingsException(List.of("there is no home folder; set HOME"), false);
        }
        return new ClientPlaces(environment::value, home, Self.workingDirectory(), user);
    }

    private static AddedParts addedParts() {
        Optional<String> history =
                HistoryPlace.path(Environment.ofThisProcess()::value, Self.workingDirectory(), Self.effectiveUser());
        return AddedParts.in(history.map(file -> Path.of(file).resolveSibling("")));
    }

    private static Guarding guarding(boolean shares) {
        String library = System.getProperty(LIBRARY, "");
        int end = library.lastIndexOf("/lib/");
        if (end < 0) {
            throw new SettingsException(List.of("client is for bin/holdfast: run Holdfast by it, not by java"), false);
        }
        String application = library.substring(0, end);
        String java = System.getProperty("java.home", "");
        boolean isItsOwn = java.startsWith(application + "/");
        return new Guarding(application + "/bin/holdfast", isItsOwn ? "" : java, shares);
    }

    /** Prints what was done. */
    private static final class Speaker implements ClientChange.Listener {
        @Override
        public void done(String line) {
            Console.result(line);
        }

        @Override
        public void leftAlone(String line) {
            Console.complain(Printable.line(line));
        }
    }
}
