package dev.holdfast.commands.client;

import dev.holdfast.commands.client.ClientPlaces.Opened;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Syntax.NewMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A change of a client's files: worked out for each file whole, checked, and then written or shown.
 *
 * <p>Checked means: the changed text is parsed, and says the same as before but for the servers that are changed, and these have
 * the same command, arguments and variables behind Holdfast. Whatever else was in the file is so neither lost nor changed.
 */
final class ClientChange {
    /** What came of it, for the user. */
    interface Listener {
        /** A line about a server: what was or would be done. */
        void done(String line);

        /** A line about a server that is left alone, and why. */
        void leftAlone(String line);
    }

    private final Guarding guarding;
    private final AddedParts added;
    private final boolean isDry;
    private final Listener listener;

    ClientChange(Guarding guarding, AddedParts added, boolean isDry, Listener listener) {
        this.guarding = guarding;
        this.added = added;
        this.isDry = isDry;
        this.listener = listener;
    }

    /**
     * Puts Holdfast in front of servers of a file.
     *
     * @param names which; empty for all
     * @return the names that are in the file
     */
    Set<String> wrap(Opened opened, Set<String> names) {
        ClientDocument document = opened.document();
        List<ServerEntry> changed = new ArrayList<>();
        for (ServerEntry server : chosen(document, names)) {
            String obstacle = obstacle(server);
            if (!obstacle.isEmpty()) {
                listener.leftAlone(server.name() + ": " + obstacle + "; left alone");
                continue;
            }
            document = guarding.wrap(document, again(document, server));
            changed.add(server);
        }
        check(opened, document, changed);
        if (!isDry) {
            changed.forEach(server -> keepAdditions(opened, server)); // before, for the case of a crash between
        }
        var unused = write(opened, document, "guarded", changed);
        return namesOf(opened.document());
    }

    private void keepAdditions(Opened opened, ServerEntry server) {
        if (!added.keep(opened.file().path(), server, Guarding.additions(server))) {
            listener.leftAlone(
                    server.name() + ": what is added to its entry cannot be written down in Holdfast's own folder;"
                            + " unwrap will leave an empty list where there was none");
        }
    }

    private String obstacle(ServerEntry server) {
        if (server.command().isEmpty()) {
            return server.isRemote() ? "it is reached over the network" : "no command starts it";
        }
        if (server.isGuarded()) {
            return guarding.shares() && !server.isShared()
                    ? "is guarded already, and not shared: unwrap it, and wrap it again with --share"
                    : "is guarded already";
        }
        MapNode map = server.map();
        boolean hasOddArguments = map.indexOf(server.keys().arguments()) >= 0
                && server.arguments().isEmpty();
        boolean hasOddVariables = map.indexOf(server.keys().environment()) >= 0
                && server.environment().isEmpty();
        return hasOddArguments
                ? server.keys().arguments() + " is no list of texts"
                : hasOddVariables ? server.keys().environment() + " is no map" : "";
    }

    /**
     * Takes Holdfast away from servers of a file.
     *
     * @param names which; empty for all
     * @return the names that are in the file
     */
    Set<String> unwrap(Opened opened, Set<String> names) {
        ClientDocument document = opened.document();
        List<ServerEntry> changed = new ArrayList<>();
        for (ServerEntry server : chosen(document, names)) {
            if (!server.isGuarded()) {
                listener.leftAlone(server.name() + ": is not guarded; left alone");
                continue;
            }
            Set<String> parts = added.of(opened.file().path(), server);
            document = Guarding.unwrap(document, again(document, server), parts);
            changed.add(server);
        }
        check(opened, document, changed);
        if (write(opened, document, "not guarded any more", changed)) {
            changed.forEach(server -> added.forget(opened.file().path(), server));
        }
        return namesOf(opened.document());
    }

    /** Takes servers of a file away; the names that are in the file. */
    Set<String> remove(Opened opened, Set<String> names) {
        ClientDocument document = opened.document();
        List<ServerEntry> changed = new ArrayList<>();
        for (ServerEntry server : chosen(document, names)) {
            MapNode section = document.section(server.section()).orElseThrow();
            document = document.with(
                    document.client().syntax().remove(document.text(), section, section.indexOf(server.name())));
            changed.add(server);
        }
        checkOthers(opened, document, changed.stream().map(ServerEntry::map).toList(), List.of());
        if (write(opened, document, "removed", changed)) {
            changed.forEach(server -> added.forget(opened.file().path(), server));
        }
        return namesOf(opened.document());
    }

    /**
     * Adds a guarded server to a file.
     *
     * @param variables what it gets beside what clients pass on
     */
    void add(Opened opened, String name, List<String> command, Map<String, String> variables) {
        ClientDocument before = opened.document();
        String sectionName = before.client().newSection();
        NewMap entry = guarding.entry(before, name, command, variables);
        List<String> section = List.of(sectionName);
        if (before.server(section, name).isPresent()) {
            throw ClientFileException.malformed("has a server \"" + name + "\" already")
                    .in(opened.path());
        }
        Syntax syntax = before.client().syntax();
        ClientDocument withSection = before.section(section).isPresent()
                ? before
                : before.with(syntax.append(
                        before.text(),
                        before.root(),
                        sectionName,
                        before.client().emptySection()));
        ClientDocument after = withSection.with(
                syntax.append(withSection.text(), withSection.section(section).orElseThrow(), name, entry));
        ServerEntry server = after.server(section, name).orElseThrow();
        if (!server.serverCommand().equals(command) || !hasVariables(server, variables)) {
            throw unsafe(opened.path());
        }
        checkOthers(new Opened(opened.path(), opened.file(), withSection), after, List.of(), List.of(server.map()));
        write(opened, after, "added", List.of(server));
    }

    private static boolean hasVariables(ServerEntry server, Map<String, String> variables) {
        return variables.entrySet().stream()
                .allMatch(each -> server.environment()
                        .flatMap(map -> map.scalar(each.getKey()))
                        .filter(value -> value.text().equals(each.getValue()))
                        .isPresent());
    }

    private static List<ServerEntry> chosen(ClientDocument document, Set<String> names) {
        return document.servers().stream()
                .filter(server -> names.isEmpty() || names.contains(server.name()))
                .toList();
    }

    private static Set<String> namesOf(ClientDocument document) {
        Set<String> names = new LinkedHashSet<>();
        document.servers().forEach(server -> names.add(server.name()));
        return names;
    }

    private static ServerEntry again(ClientDocument document, ServerEntry server) {
        return document.server(server.section(), server.name()).orElseThrow();
    }

    private static void check(Opened opened, ClientDocument after, List<ServerEntry> changed) {
        List<ServerEntry> young =
                changed.stream().map(server -> again(after, server)).toList();
        boolean isTheSame = true;
        for (int i = 0; i < changed.size(); i++) {
            ServerEntry was = changed.get(i);
            ServerEntry is = young.get(i);
            isTheSame &= was.isGuarded() != is.isGuarded()
                    && was.serverCommand().equals(is.serverCommand())
                    && was.variables().equals(is.variables());
        }
        if (!isTheSame) {
            throw unsafe(opened.path());
        }
        checkOthers(
                opened,
                after,
                changed.stream().map(ServerEntry::map).toList(),
                young.stream().map(ServerEntry::map).toList());
    }

    /** All but these entries says the same as before. */
    private static void checkOthers(Opened opened, ClientDocument after, List<MapNode> old, List<MapNode> young) {
        String before = TreeText.meaning(opened.document().root(), old);
        if (!before.equals(TreeText.meaning(after.root(), young))) {
            throw unsafe(opened.path());
        }
    }

    private static ClientFileException unsafe(Path path) {
        return ClientFileException.malformed("is written in a way that cannot be changed here safely")
                .in(path);
    }

    /** Writes it, or shows it; false when nothing was written. */
    private boolean write(Opened opened, ClientDocument after, String what, List<ServerEntry> changed) {
        if (changed.isEmpty()) {
            return false;
        }
        if (isDry) {
            listener.done(
                    UnifiedDiff.of(opened.path().toString(), TreeText.masked(opened.document()), TreeText.masked(after))
                            .stripTrailing());
            return false;
        }
        Path backup = opened.file().replace(after.text());
        for (ServerEntry server : changed) {
            listener.done(server.name() + ": " + what + " in " + opened.path());
        }
        listener.done("a copy of the file as it was is in " + backup);
        return true;
    }
}
