package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client's file, parsed. Cannot be changed: each change makes another one, whose text is parsed again.
 *
 * @param client whose file it is
 * @param folder the working directory, see {@link Client#sections}
 * @param text all of it
 * @param root what it says
 */
record ClientDocument(Client client, String folder, String text, MapNode root) {
    /**
     * Parses a file's text.
     *
     * @throws ClientFileException if it cannot be parsed
     */
    static ClientDocument of(Client client, String folder, String text) {
        return new ClientDocument(client, folder, text, client.syntax().parse(text));
    }

    /** All servers, of each name the last one of a section, which is the one that counts. */
    List<ServerEntry> servers() {
        List<ServerEntry> servers = new ArrayList<>();
        for (List<String> section : client.sections(folder)) {
            Map<String, ServerEntry> latest = new LinkedHashMap<>();
            for (Member member : section(section).map(MapNode::members).orElse(List.of())) {
                if (member.value() instanceof MapNode entry) {
                    latest.put(member.name(), new ServerEntry(section, member.name(), entry, client.keys()));
                }
            }
            servers.addAll(latest.values());
        }
        return servers;
    }

    /** A server of this section. */
    Optional<ServerEntry> server(List<String> section, String name) {
        return section(section)
                .flatMap(map -> map.map(name))
                .map(entry -> new ServerEntry(section, name, entry, client.keys()));
    }

    /** The map of a section's servers; of a list of them, see {@link MapNode#ofNamed}. */
    Optional<MapNode> section(List<String> names) {
        Optional<Node> node = Optional.of(root);
        for (String name : names) {
            node = node.filter(MapNode.class::isInstance)
                    .map(MapNode.class::cast)
                    .flatMap(outer -> outer.get(name));
        }
        return node.flatMap(found -> found instanceof ListNode list
                ? Optional.of(MapNode.ofNamed(list))
                : found instanceof MapNode map ? Optional.of(map) : Optional.empty());
    }

    /** The same file, changed. */
    ClientDocument with(Edit edit) {
        return of(client, folder, edit.of(text));
    }
}
