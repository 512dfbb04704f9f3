package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The tree of a YAML text. A collection that is not in brackets ends with the last thing in it, not where the next thing begins.
 * What is an alias stands where its anchor is.
 */
final class YamlTree {
    private static final int DEEPEST = 100;

    /** By the number of a code point, which is what the parser counts: its place in the text. */
    private final int[] places;

    private final String text;

    private int nodes;

    private YamlTree(String text, int first) {
        this.text = text;
        places = new int[text.length() - first + 1];
        int count = 0;
        for (int at = first; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            places[count++] = at;
        }
        places[count] = text.length();
    }

    static MapNode of(String text) {
        int first = text.startsWith("\ufeff") ? 1 : 0;
        try {
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
            Parser parser = new ParserImpl(settings, new StreamReader(settings, text.substring(first)));
            Optional<org.snakeyaml.engine.v2.nodes.Node> root = new Composer(settings, parser).getSingleNode();
            if (root.isEmpty()) {
                return new MapNode(text.length(), text.length(), List.of());
            }
            if (new YamlTree(text, first).node(root.get(), 0) instanceof MapNode map) {
                return map;
            }
            throw ClientFileException.malformed("is no YAML map");
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            throw ClientFileException.unparsable(
                    "YAML",
                    mark.map(Mark::getLine).orElse(0) + 1,
                    mark.map(Mark::getColumn).orElse(0) + 1);
        } catch (YamlEngineException e) {
            throw ClientFileException.malformed("is no valid YAML");
        }
    }

    private Node node(org.snakeyaml.engine.v2.nodes.Node node, int depth) {
        // An alias may stand for what it is in, and ten of ten of ten for a thousand
        if (depth > DEEPEST || ++nodes > text.length() + 1) {
            throw ClientFileException.malformed("has too many levels or aliases");
        }
        int start = start(node);
        if (node instanceof MappingNode mapping) {
            List<Member> members = new ArrayList<>();
            int end = start;
            for (NodeTuple tuple : mapping.getValue()) {
                Node key = node(tuple.getKeyNode(), depth + 1);
                String name = key instanceof Node.ScalarNode scalar ? scalar.text() : "";
                Node value = node(tuple.getValueNode(), depth + 1);
                members.add(new Member(key.start(), key.end(), name, value));
                end = Math.max(Math.max(end, key.end()), value.end());
            }
            return new MapNode(start, end(mapping, end), members);
        }
        if (node instanceof SequenceNode sequence) {
            List<Node> items = new ArrayList<>();
            int end = start;
            for (org.snakeyaml.engine.v2.nodes.Node each : sequence.getValue()) {
                Node item = node(each, depth + 1);
                items.add(item);
                end = Math.max(end, item.end());
            }
            return new ListNode(start, end(sequence, end), items);
        }
        int end = place(node.getEndMark());
        while (end > start && TextBetween.isSpace(text.charAt(end - 1))) {
            end--; // of a text of several lines
        }
        return new Node.ScalarNode(start, end, node instanceof ScalarNode scalar ? scalar.getValue() : "");
    }

    /** Behind its anchor and its tag. */
    private int start(org.snakeyaml.engine.v2.nodes.Node node) {
        int start = place(node.getStartMark());
        int end = place(node.getEndMark());
        while (start < end && "&!".indexOf(text.charAt(start)) >= 0) {
            while (start < end && !TextBetween.isSpace(text.charAt(start))) {
                start++;
            }
            start = Math.min(end, TextBetween.afterSpaceAndComments(text, start));
        }
        return start;
    }

    private int end(CollectionNode<?> node, int lastEnd) {
        return node.getFlowStyle() == FlowStyle.FLOW ? place(node.getEndMark()) : lastEnd;
    }

    private int place(Optional<Mark> mark) {
        return places[mark.orElseThrow().getIndex()];
    }
}
