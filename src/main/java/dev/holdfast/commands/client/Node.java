package dev.holdfast.commands.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A value in a configuration file, and where it stands: from {@code start} up to before {@code end}, in characters. */
sealed interface Node {
    /** Where it begins. */
    int start();

    /** Behind its last character. */
    int end();

    /**
     * A name and a value of a map.
     *
     * @param start where the name begins
     * @param nameEnd behind the name as it is written
     * @param name what it says
     * @param value what it names
     */
    record Member(int start, int nameEnd, String name, Node value) {}

    /**
     * A map, with all its members in the order of the file, also those whose name comes again.
     *
     * @param start see {@link Node}
     * @param end see {@link Node}
     * @param members each with its name
     */
    record MapNode(int start, int end, List<Member> members) implements Node {
        /** Copies the list. */
        public MapNode {
            members = List.copyOf(members);
        }

        /** A list of maps that have their names in them, as a map of these: the names stand nowhere else. */
        static MapNode ofNamed(ListNode list) {
            List<Member> members = new ArrayList<>();
            for (Node item : list.items()) {
                if (item instanceof MapNode map) {
                    String name = map.scalar("name").map(ScalarNode::text).orElse("");
                    members.add(new Member(map.start(), map.start(), name, map));
                }
            }
            return new MapNode(list.start(), list.end(), members);
        }

        /** The index of the last member of that name, which is the one that counts; -1 when there is none. */
        int indexOf(String name) {
            for (int i = members.size() - 1; i >= 0; i--) {
                if (members.get(i).name().equals(name)) {
                    return i;
                }
            }
            return -1;
        }

        /** The value of that name. */
        Optional<Node> get(String name) {
            int index = indexOf(name);
            return index < 0 ? Optional.empty() : Optional.of(members.get(index).value());
        }

        /** The map of that name. */
        Optional<MapNode> map(String name) {
            return get(name).filter(MapNode.class::isInstance).map(MapNode.class::cast);
        }

        /** The list of that name. */
        Optional<ListNode> list(String name) {
            return get(name).filter(ListNode.class::isInstance).map(ListNode.class::cast);
        }

        /** The scalar of that name. */
        Optional<ScalarNode> scalar(String name) {
            return get(name).filter(ScalarNode.class::isInstance).map(ScalarNode.class::cast);
        }
    }

    /**
     * A list.
     *
     * @param start see {@link Node}
     * @param end see {@link Node}
     * @param items its values
     */
    record ListNode(int start, int end, List<Node> items) implements Node {
        /** Copies the list. */
        public ListNode {
            items = List.copyOf(items);
        }

        /** What its scalars say; empty when there is something else in it. */
        Optional<List<String>> texts() {
            return items.stream().allMatch(ScalarNode.class::isInstance)
                    ? Optional.of(items.stream()
                            .map(item -> ((ScalarNode) item).text())
                            .toList())
                    : Optional.empty();
        }
    }

    /**
     * A text, a number, a truth or nothing.
     *
     * @param start see {@link Node}
     * @param end see {@link Node}
     * @param text what it says
     */
    record ScalarNode(int start, int end, String text) implements Node {}
}
