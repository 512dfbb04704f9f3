package dev.holdfast.commands.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import dev.holdfast.commands.client.Node.ScalarNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The tree of a TOML text. Jackson parses it, and knows no positions; {@link TomlScanner} finds these. Both must say the same, or
 * the text is refused.
 *
 * <p>A table that is not in braces begins at its header, or at the first name that makes it, and its end is its start.
 */
final class TomlTree {
    private static final TomlMapper MAPPER = new TomlMapper();

    /** A table that is being read; others may still add to it. */
    static final class Table {
        private final int start;
        private final List<Entry> entries = new ArrayList<>();

        Table(int start) {
            this.start = start;
        }

        /** Adds a value, in tables on the way that are made where they are not there yet. */
        void put(List<Key> path, Object value) {
            Table inner = inner(path.subList(0, path.size() - 1));
            inner.entries.add(new Entry(path.get(path.size() - 1), value));
        }

        /** The table of that path; of a list of tables on the way, the last one. */
        Table inner(List<Key> path) {
            Table table = this;
            for (Key key : path) {
                Object found = table.find(key.name());
                if (found instanceof Tables tables) {
                    table = tables.items().get(tables.items().size() - 1);
                } else if (found instanceof Table known) {
                    table = known;
                } else {
                    Table made = new Table(key.start());
                    table.entries.add(new Entry(key, made));
                    table = made;
                }
            }
            return table;
        }

        /** The table that a header begins. */
        Table begin(List<Key> path, int start, boolean isOfList) {
            Key last = path.get(path.size() - 1);
            Table outer = inner(path.subList(0, path.size() - 1));
            Object found = outer.find(last.name());
            Table made = new Table(start);
            if (isOfList && found instanceof Tables tables) {
                tables.items().add(made);
            } else if (isOfList) {
                outer.entries.add(new Entry(last, new Tables(new ArrayList<>(List.of(made)))));
            } else if (found instanceof Table known) {
                made.entries.addAll(known.entries); // made by the header of a table in it
                outer.entries.replaceAll(each -> each.value() == known ? new Entry(last, made) : each);
            } else {
                outer.entries.add(new Entry(last, made));
            }
            return made;
        }

        private Object find(String name) {
            for (Entry entry : entries) {
                if (entry.key().name().equals(name)) {
                    return entry.value();
                }
            }
            return "";
        }

        MapNode finished() {
            return finished(start);
        }

        MapNode finished(int end) {
            List<Member> members = new ArrayList<>();
            for (Entry entry : entries) {
                Key key = entry.key();
                members.add(new Member(key.start(), key.end(), key.name(), TomlTree.finished(entry.value())));
            }
            return new MapNode(start, end, members);
        }
    }

    /**
     * Tables of one name.
     *
     * @param items in order
     */
    private record Tables(List<Table> items) {}

    /**
     * One part of a name, or all of it.
     *
     * @param start where it begins
     * @param end behind it
     * @param name what it says
     */
    record Key(int start, int end, String name) {}

    /**
     * What a table has.
     *
     * @param key its name
     * @param value a node, a table or tables
     */
    private record Entry(Key key, Object value) {}

    private TomlTree() {}

    private static Node finished(Object value) {
        if (value instanceof Tables tables) {
            List<Node> items = new ArrayList<>();
            tables.items().forEach(table -> items.add(table.finished()));
            return new ListNode(
                    items.get(0).start(), items.get(items.size() - 1).end(), items);
        }
        return value instanceof Table table ? table.finished() : (Node) value;
    }

    static MapNode of(String text) {
        boolean hasMark = text.startsWith("\ufeff");
        JsonNode meant;
        try {
            meant = MAPPER.readTree(hasMark ? text.substring(1) : text);
        } catch (JsonProcessingException e) {
            throw ClientFileException.unparsable(
                    "TOML", e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        }
        MapNode root = new TomlScanner(text, hasMark ? 1 : 0).root();
        if (!isSame(text, root, meant)) {
            throw ClientFileException.malformed("is written in a way that cannot be followed here");
        }
        return root;
    }

    private static boolean isSame(String text, Node node, JsonNode meant) {
        if (node instanceof MapNode map) {
            boolean isSame = meant.isObject() && meant.size() == map.members().size();
            for (Member member : map.members()) {
                isSame = isSame && meant.has(member.name()) && isSame(text, member.value(), meant.get(member.name()));
            }
            return isSame;
        }
        if (node instanceof ListNode list) {
            boolean isSame = meant.isArray() && meant.size() == list.items().size();
            for (int i = 0; isSame && i < meant.size(); i++) {
                isSame = isSame(text, list.items().get(i), meant.get(i));
            }
            return isSame;
        }
        boolean isText = "\"'".indexOf(text.charAt(node.start())) >= 0;
        return isText ? meant.asText().equals(((ScalarNode) node).text()) : meant.isValueNode();
    }

    /** The names that lead to a map. */
    static List<String> path(MapNode root, MapNode wanted) {
        List<String> path = new ArrayList<>();
        if (!root.equals(wanted) && !find(root, wanted, path)) {
            throw new IllegalArgumentException("a map of another tree");
        }
        return path;
    }

    private static boolean find(MapNode map, MapNode wanted, List<String> path) {
        for (Member member : map.members()) {
            if (member.value() instanceof MapNode inner) {
                path.add(member.name());
                if (inner.equals(wanted) || find(inner, wanted, path)) {
                    return true;
                }
                path.remove(path.size() - 1);
            }
        }
        return false;
    }
}
