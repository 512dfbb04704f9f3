package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** YAML: collections in brackets as other formats have them, and those of lines, whose indentation is kept. */
final class YamlSyntax extends BracketSyntax {
    /** What is no text without quotes, in one version of YAML or another. */
    private static final Set<String> NO_TEXTS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private static final String NAME = "name";

    @Override
    public MapNode parse(String text) {
        return YamlTree.of(text);
    }

    /** Without quotes where nothing else could be read from it. */
    @Override
    public String literal(String value) {
        boolean isPlain = !value.isEmpty()
                && !NO_TEXTS.contains(value.toLowerCase(Locale.ROOT))
                && (Character.isLetter(value.charAt(0)) || value.charAt(0) == '/' || value.startsWith("--"))
                && value.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "_-./@".indexOf(c) >= 0))
                && value.chars().anyMatch(Character::isLetter);
        return isPlain ? value : super.literal(value);
    }

    @Override
    String nameLiteral(String name) {
        return literal(name);
    }

    @Override
    String colon() {
        return ": ";
    }

    @Override
    public Edit prepend(String text, ListNode list, List<String> literals) {
        if (isInBrackets(text, list.start())) {
            return super.prepend(text, list, literals);
        }
        int dash = dash(text, list.items().get(0));
        String indentation = text.substring(Lines.start(text, dash), dash);
        if (!indentation.isBlank()) {
            throw odd();
        }
        String before = text.substring(dash, list.items().get(0).start());
        StringBuilder added = new StringBuilder();
        for (String literal : literals) {
            added.append(before).append(literal).append(Lines.newline(text)).append(indentation);
        }
        return Edit.insert(dash, added.toString());
    }

    @Override
    public Edit removeFirst(String text, ListNode list, int count) {
        if (isInBrackets(text, list.start())) {
            return super.removeFirst(text, list, count);
        }
        int dash = dash(text, list.items().get(0));
        return count < list.items().size()
                ? Edit.remove(dash, dash(text, list.items().get(count)))
                : emptied(text, dash, list.end(), "[]");
    }

    @Override
    public Edit append(String text, MapNode map, String name, Addition value) {
        if (isList(text, map)) {
            return appendItem(text, map, name, (NewMap) value);
        }
        if (isInBrackets(text, map.start())) {
            return super.append(text, map, name, value);
        }
        String newline = Lines.newline(text);
        if (map.members().isEmpty()) { // an empty file
            return Edit.insert(text.length(), member(name, value, colon()) + newline);
        }
        Member last = map.members().get(map.members().size() - 1);
        String indentation = " ".repeat(last.start() - Lines.start(text, last.start()));
        return Edit.insert(Lines.end(text, map.end()), newline + indentation + member(name, value, colon()));
    }

    /** To a list of maps, each with its name in it. */
    private Edit appendItem(String text, MapNode list, String name, NewMap value) {
        Map<String, Addition> parts = new LinkedHashMap<>(Map.of(NAME, new NewScalar(literal(name))));
        parts.putAll(value.members());
        String item = written(new NewMap(parts), colon());
        if (list.members().isEmpty()) {
            return Edit.insert(list.start() + 1, item);
        }
        Node last = list.members().get(list.members().size() - 1).value();
        if (isInBrackets(text, list.start())) {
            return Edit.insert(last.end(), ", " + item);
        }
        int dash = dash(text, last);
        String indentation = text.substring(Lines.start(text, dash), dash);
        return Edit.insert(Lines.end(text, last.end()), Lines.newline(text) + indentation + "- " + item);
    }

    @Override
    public Edit remove(String text, MapNode map, int index) {
        Member gone = map.members().get(index);
        boolean isList = isList(text, map);
        if (isInBrackets(text, map.start())) {
            return super.remove(text, map, index);
        }
        int start = isList ? dash(text, gone.value()) : gone.start();
        int end = Math.max(gone.nameEnd(), gone.value().end());
        if (map.members().size() == 1) {
            return emptied(text, start, end, isList ? "[]" : "{}");
        }
        if (!text.substring(Lines.start(text, start), start).isBlank()) {
            throw odd();
        }
        return Lines.remove(text, Lines.start(text, start), Lines.end(text, end));
    }

    /** A collection of lines with nothing in it would be no collection: brackets behind its name. */
    private static Edit emptied(String text, int start, int end, String brackets) {
        int before = TextBetween.beforeSpace(text, start);
        if (before == 0 || text.charAt(before - 1) != ':') {
            throw odd();
        }
        return new Edit(before, end, " " + brackets);
    }

    /** The dash before an item. */
    private static int dash(String text, Node item) {
        int dash = TextBetween.beforeSpace(text, item.start()) - 1;
        if (dash < 0 || text.charAt(dash) != '-') {
            throw odd();
        }
        return dash;
    }

    /** Whether it stands for a list of maps, see {@link Node.MapNode#ofNamed}. */
    private static boolean isList(String text, MapNode map) {
        return map.members().isEmpty()
                ? map.start() < text.length() && text.charAt(map.start()) == '['
                : map.members().get(0).nameEnd() == map.members().get(0).value().start();
    }

    private static boolean isInBrackets(String text, int start) {
        return start < text.length() && "[{".indexOf(text.charAt(start)) >= 0;
    }

    private static ClientFileException odd() {
        return ClientFileException.malformed("is written in a way that cannot be changed here safely");
    }
}
