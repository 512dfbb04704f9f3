package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import dev.holdfast.commands.client.Node.ScalarNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A tree as text: to be compared with another one, or to be shown without secrets. */
final class TreeText {
    private static final String MASK = "***";
    private static final List<String> HARMLESS = List.of("", "true", "false", "null");

    private TreeText() {}

    /**
     * What a tree says, however it is written.
     *
     * @param left the values of members that are left out with their names, by identity
     */
    static String meaning(Node node, List<? extends Node> left) {
        StringBuilder text = new StringBuilder();
        append(text, node, left);
        return text.toString();
    }

    private static void append(StringBuilder text, Node node, List<? extends Node> left) {
        if (node instanceof MapNode map) {
            text.append('{');
            for (Member member : map.members()) {
                if (left.stream().noneMatch(each -> each == member.value())) {
                    quote(text, member.name());
                    append(text, member.value(), left);
                }
            }
            text.append('}');
        } else if (node instanceof ListNode list) {
            text.append('[');
            for (Node item : list.items()) {
                if (left.stream().noneMatch(each -> each == item)) {
                    append(text, item, left);
                }
            }
            text.append(']');
        } else {
            quote(text, ((ScalarNode) node).text());
        }
    }

    private static void quote(StringBuilder text, String part) {
        text.append(part.length()).append(':').append(part);
    }

    /**
     * A file's text with stars for all its values, but for the commands of servers and their arguments: clients keep passwords
     * and keys everywhere.
     */
    static String masked(ClientDocument document) {
        List<Node> shown = new ArrayList<>();
        for (ServerEntry server : document.servers()) {
            server.command().ifPresent(shown::add);
            server.map().list(server.keys().arguments()).ifPresent(shown::add);
            server.environment()
                    .flatMap(variables -> variables.scalar(Guarding.JAVA_HOME))
                    .ifPresent(shown::add);
        }
        List<ScalarNode> secrets = new ArrayList<>();
        collect(document.root(), shown, secrets);
        secrets.sort(Comparator.comparingInt(ScalarNode::start)); // tables may come in parts
        String literal = document.client().syntax().literal(MASK);
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (ScalarNode secret : secrets) {
            if (secret.start() >= at) { // else an alias of one before
                text.append(document.text(), at, secret.start()).append(literal);
                at = secret.end();
            }
        }
        return text.append(document.text().substring(at)).toString();
    }

    private static void collect(Node node, List<Node> shown, List<ScalarNode> secrets) {
        if (shown.stream().anyMatch(each -> each == node)) {
            return;
        }
        if (node instanceof MapNode map) {
            map.members().forEach(member -> collect(member.value(), shown, secrets));
        } else if (node instanceof ListNode list) {
            list.items().forEach(item -> collect(item, shown, secrets));
        } else if (node instanceof ScalarNode scalar && !HARMLESS.contains(scalar.text())) {
            secrets.add(scalar);
        }
    }
}
