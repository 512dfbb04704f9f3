package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.ScalarNode;
import dev.holdfast.commands.client.Syntax.NewList;
import dev.holdfast.commands.client.Syntax.NewMap;
import dev.holdfast.commands.client.Syntax.NewScalar;
import dev.holdfast.config.InstanceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts Holdfast in front of a server, and takes it away. The old command stands among the new arguments as it was written, so
 * what was there can be had back from the entry itself, to the byte.
 *
 * @param launcher the absolute path of {@code bin/holdfast}
 * @param javaHome the Java that it is started with; empty where it has its own
 * @param shares whether all clients that start the server share one
 */
record Guarding(String launcher, String javaHome, boolean shares) {
    /** What {@code bin/holdfast} reads, and does not pass on. */
    static final String JAVA_HOME = "HOLDFAST_JAVA_HOME";

    /** The options, and the lone dashes behind them. */
    private List<String> options(String server) {
        // The client has to be watched, and its entry's name tells two entries with one program apart, also "a b" and
        // "a-b".
        // Another user's server of the same name is another one.
        if (shares) { // which implies the two
            return List.of("run", ServerEntry.SHARE, ServerEntry.NAME, InstanceName.distinct(server), "--");
        }
        return List.of(
                "run",
                "--transport",
                "stdio",
                "--scope",
                "user",
                ServerEntry.NAME,
                InstanceName.distinct(server),
                "--");
    }

    /**
     * Puts Holdfast in front of a server that is started by a command, and is not guarded.
     *
     * @return the changed file
     */
    ClientDocument wrap(ClientDocument before, ServerEntry server) {
        Syntax syntax = before.client().syntax();
        Client.Keys keys = server.keys();
        ScalarNode command = server.command().orElseThrow();
        List<String> words = new ArrayList<>(
                options(server.name()).stream().map(syntax::literal).toList());
        words.add(before.text().substring(command.start(), command.end()));
        ClientDocument document = before.with(
                server.map().list(keys.arguments()).isPresent()
                        ? syntax.prepend(
                                before.text(),
                                server.map().list(keys.arguments()).orElseThrow(),
                                words)
                        : syntax.append(before.text(), server.map(), keys.arguments(), new NewList(words)));
        ScalarNode moved = again(document, server).command().orElseThrow();
        document = document.with(new Edit(moved.start(), moved.end(), syntax.literal(launcher)));
        if (javaHome.isEmpty()) {
            return document;
        }
        ServerEntry guarded = again(document, server);
        NewScalar java = new NewScalar(syntax.literal(javaHome));
        return document.with(
                guarded.environment().isPresent()
                        ? syntax.append(document.text(), guarded.environment().orElseThrow(), JAVA_HOME, java)
                        : syntax.append(
                                document.text(),
                                guarded.map(),
                                keys.environment(),
                                new NewMap(Map.of(JAVA_HOME, java))));
    }

    /**
     * Takes Holdfast away from a server that is guarded.
     *
     * @param added the parts of the entry that are there only since it is guarded, by name
     * @return the changed file
     */
    static ClientDocument unwrap(ClientDocument before, ServerEntry server, Set<String> added) {
        Syntax syntax = before.client().syntax();
        Client.Keys keys = server.keys();
        ClientDocument document = before;
        MapNode environment = server.environment().orElse(new MapNode(0, 0, List.of()));
        int java = environment.indexOf(JAVA_HOME);
        if (java >= 0) {
            boolean isAllOfIt = environment.members().size() == 1 && added.contains(keys.environment());
            document = document.with(
                    isAllOfIt
                            ? syntax.remove(
                                    document.text(), server.map(), server.map().indexOf(keys.environment()))
                            : syntax.remove(document.text(), environment, java));
        }
        ServerEntry guarded = again(document, server);
        int words = guarded.guardWords();
        ListNode arguments = guarded.map().list(keys.arguments()).orElseThrow();
        Node old = arguments.items().get(words);
        String oldCommand = document.text().substring(old.start(), old.end());
        boolean isAllOfIt = arguments.items().size() == words + 1 && added.contains(keys.arguments());
        document = document.with(
                isAllOfIt
                        ? syntax.remove(
                                document.text(), guarded.map(), guarded.map().indexOf(keys.arguments()))
                        : syntax.removeFirst(document.text(), arguments, words + 1));
        ScalarNode command = again(document, server).command().orElseThrow();
        return document.with(new Edit(command.start(), command.end(), oldCommand));
    }

    /** The parts of an entry that guarding it adds, by name: they go again with the guard. */
    static Set<String> additions(ServerEntry server) {
        Set<String> added = new TreeSet<>();
        if (server.map().indexOf(server.keys().arguments()) < 0) {
            added.add(server.keys().arguments());
        }
        if (server.map().indexOf(server.keys().environment()) < 0) {
            added.add(server.keys().environment());
        }
        return added;
    }

    /** A new entry, guarded from the start. */
    NewMap entry(ClientDocument document, String server, List<String> command, Map<String, String> environment) {
        Syntax syntax = document.client().syntax();
        Client.Keys keys = document.client().keys();
        List<String> words = new ArrayList<>(options(server));
        words.addAll(command);
        Map<String, Syntax.Addition> variables = new LinkedHashMap<>();
        environment.forEach((name, value) -> variables.put(name, new NewScalar(syntax.literal(value))));
        if (!javaHome.isEmpty()) {
            variables.putIfAbsent(JAVA_HOME, new NewScalar(syntax.literal(javaHome)));
        }
        Map<String, Syntax.Addition> parts =
                new LinkedHashMap<>(document.client().fixedParts(syntax, server));
        parts.put(keys.command(), new NewScalar(syntax.literal(launcher)));
        parts.put(
                keys.arguments(),
                new NewList(words.stream().map(syntax::literal).toList()));
        if (!variables.isEmpty()) {
            parts.put(keys.environment(), new NewMap(variables));
        }
        return new NewMap(parts);
    }

    private static ServerEntry again(ClientDocument document, ServerEntry server) {
        return document.server(server.section(), server.name()).orElseThrow();
    }
}
