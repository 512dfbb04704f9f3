package dev.holdfast.session.template;

import dev.holdfast.session.template.Part.Kind;
import dev.holdfast.session.template.Span.Style;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** What a YAML text says, of one document or more, and where its scalars stand. */
final class YamlParts {
    /** As many as Jackson allows JSON; the parser needs the square of it in time. */
    private static final int DEEPEST = 1000;

    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();

    /** What comes next in a collection. */
    private enum Next {
        ITEM,
        NAME,
        VALUE
    }

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final List<Span> scalars = new ArrayList<>();
    /** Of this document. */
    private final Set<Anchor> anchors = new HashSet<>();
    /** What comes next in each open collection, the innermost first. */
    private final Deque<Next> open = new ArrayDeque<>();
    /** The parser counts code points. */
    private int knownIndex;

    private int knownPlace;

    private YamlParts(String text) {
        this.text = text;
    }

    static List<Part> parts(String text) throws MalformedException {
        return read(text).parts;
    }

    static List<Span> spans(String text) throws MalformedException {
        return read(text).withComments();
    }

    /** Whether a text is one scalar without quotes, wherever in a file it stands, and says that. */
    static boolean isPlain(String source, String meaning) {
        if (source.startsWith("---") || source.startsWith("...")) {
            return false; // a document begins or ends so, in the first column
        }
        try {
            YamlParts read = read("[" + source + "]");
            return read.scalars.size() == 1
                    && read.scalars.get(0).style() == Style.PLAIN
                    && read.scalars.get(0).start() == 1
                    && read.scalars.get(0).end() == source.length() + 1
                    && read.scalars.get(0).text().equals(meaning);
        } catch (MalformedException e) {
            return false;
        }
    }

    private static YamlParts read(String text) throws MalformedException {
        YamlParts read = new YamlParts(text);
        try {
            ParserImpl events = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
            while (events.hasNext()) {
                read.add(events.next());
            }
        } catch (MarkedYamlEngineException e) {
            throw new MalformedException(e.getProblemMark().map(Mark::getLine).orElse(-1) + 1, e);
        } catch (YamlEngineException e) {
            throw new MalformedException(0, e); // a character that may not be there
        }
        return read;
    }

    private void add(Event event) throws MalformedException {
        int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        if (event instanceof DocumentStartEvent) {
            anchors.clear();
            parts.add(new Part(Kind.DOCUMENT, "", line));
        } else if (event instanceof CollectionEndEvent) {
            open.pop();
            parts.add(new Part(Kind.END, "", line));
            turn();
        } else if (event instanceof AliasEvent alias) {
            if (!anchors.contains(alias.getAlias())) {
                throw new MalformedException(line);
            }
            parts.add(new Part(Kind.ALIAS, alias.getAlias().getValue(), line));
            turn();
        } else if (event instanceof NodeEvent node) {
            node.getAnchor().ifPresent(anchors::add);
            addNode(node, line);
            if (open.size() > DEEPEST) {
                throw new MalformedException(line);
            }
        }
    }

    private void addNode(NodeEvent event, int line) {
        if (event instanceof ScalarEvent scalar) {
            boolean isName = open.peek() == Next.NAME;
            boolean isBare = scalar.isPlain();
            parts.add(new Part(isName ? Kind.NAME : isBare ? Kind.BARE : Kind.TEXT, scalar.getValue(), line));
            scalars.add(span(scalar));
            turn();
        } else if (event instanceof MappingStartEvent) {
            parts.add(new Part(Kind.MAP, "", line));
            open.push(Next.NAME);
        } else if (event instanceof SequenceStartEvent) {
            parts.add(new Part(Kind.LIST, "", line));
            open.push(Next.ITEM);
        }
    }

    /** In a map, names and values take turns. */
    private void turn() {
        Next next = open.peek();
        if (next != null && next != Next.ITEM) {
            open.pop();
            open.push(next == Next.NAME ? Next.VALUE : Next.NAME);
        }
    }

    private Span span(ScalarEvent scalar) {
        int start = place(scalar.getStartMark());
        int end = place(scalar.getEndMark());
        // An anchor and a tag belong to the event
        while (start < end && "&!".indexOf(text.charAt(start)) >= 0) {
            while (start < end && !Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
        }
        Style style = switch (scalar.getScalarStyle()) {
            case PLAIN -> Style.PLAIN;
            case SINGLE_QUOTED -> Style.SINGLE;
            case LITERAL, FOLDED -> Style.BLOCK;
            default -> Style.ESCAPED;
        };
        while (style == Style.BLOCK && end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--; // the empty lines behind it
        }
        return new Span(start, end, style, scalar.getValue());
    }

    /** Asked for in the text's order. */
    private int place(Optional<Mark> mark) {
        int index = mark.orElseThrow().getIndex();
        knownPlace = text.offsetByCodePoints(knownPlace, index - knownIndex);
        knownIndex = index;
        return knownPlace;
    }

    /** All that begins with a hash between two scalars. */
    private List<Span> withComments() {
        List<Span> spans = new ArrayList<>();
        int at = 0;
        for (Span scalar : scalars) {
            addComments(spans, at, scalar.start());
            spans.add(scalar);
            at = scalar.end();
        }
        addComments(spans, at, text.length());
        return spans;
    }

    private void addComments(List<Span> spans, int from, int end) {
        for (int at = from; at < end; at++) {
            if (text.charAt(at) == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)))) {
                int hash = at;
                while (at < end && text.charAt(at) != '\n') {
                    at++;
                }
                spans.add(new Span(hash, at, Style.COMMENT, ""));
            }
        }
    }
}
