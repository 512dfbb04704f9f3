package dev.holdfast.commands.client;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.holdfast.commands.client.Node.ListNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What formats have in common whose lists and maps stand in brackets, with commas between. What is new is separated as what stands
 * beside it, and on one line: how a client breaks its lines is its own affair.
 */
abstract class BracketSyntax implements Syntax {
    /** How a name is written. */
    abstract String nameLiteral(String name);

    /** What stands between a name and its value. */
    abstract String colon();

    /** As a text of JSON, which is one in all these formats. */
    @Override
    public String literal(String value) {
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(value));
        return '"' + quoted.replace("\u007f", "\\u007f") + '"';
    }

    @Override
    public Edit prepend(String text, ListNode list, List<String> literals) {
        if (list.items().isEmpty()) {
            return Edit.insert(list.start() + 1, String.join(", ", literals));
        }
        int first = list.items().get(0).start();
        String separator = "," + separator(text, list);
        return Edit.insert(first, String.join(separator, literals) + separator);
    }

    /** As before the first item when that is on a line of its own, else as between two. */
    private static String separator(String text, ListNode list) {
        String space = TextBetween.spaceBefore(text, list.items().get(0).start());
        if (space.indexOf('\n') >= 0) {
            return space;
        }
        return list.items().size() > 1
                        && TextBetween.spaceBefore(text, list.items().get(1).start())
                                .isEmpty()
                ? ""
                : " ";
    }

    @Override
    public Edit removeFirst(String text, ListNode list, int count) {
        List<Node> items = list.items();
        int start = items.get(0).start();
        if (count < items.size()) {
            return Edit.remove(start, items.get(count).start());
        }
        return Edit.remove(
                start, TextBetween.afterComma(text, items.get(items.size() - 1).end()));
    }

    @Override
    public Edit append(String text, MapNode map, String name, Addition value) {
        if (map.members().isEmpty()) {
            return Edit.insert(map.start() + 1, member(name, value, colon()));
        }
        Member last = map.members().get(map.members().size() - 1);
        String separator = TextBetween.spaceBefore(text, last.start());
        String colon = text.substring(last.nameEnd(), last.value().start());
        String added = separator + member(name, value, colon.strip().equals(colon().strip()) ? colon : colon());
        int end = last.value().end();
        int afterComma = TextBetween.afterComma(text, end);
        return afterComma > end ? Edit.insert(afterComma, added + ",") : Edit.insert(end, "," + added);
    }

    final String member(String name, Addition value, String colon) {
        return nameLiteral(name) + colon + written(value, colon);
    }

    /** A value on one line. */
    final String written(Addition value, String colon) {
        if (value instanceof NewList list) {
            return "[" + String.join(", ", list.literals()) + "]";
        }
        if (value instanceof NewMap map) {
            return map.members().entrySet().stream()
                    .map((Map.Entry<String, Addition> each) -> member(each.getKey(), each.getValue(), colon))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return ((NewScalar) value).literal();
    }

    /** With what stands before it, up to the comma or the brace, since comments there are about it. */
    @Override
    public Edit remove(String text, MapNode map, int index) {
        List<Member> members = map.members();
        Member gone = members.get(index);
        int end = gone.value().end();
        int afterComma = TextBetween.afterComma(text, end);
        if (index == 0) {
            boolean isOnOwnLine = TextBetween.spaceBefore(text, gone.start()).indexOf('\n') >= 0;
            return Edit.remove(isOnOwnLine ? map.start() + 1 : gone.start(), afterComma);
        }
        int before = TextBetween.afterComma(text, members.get(index - 1).value().end());
        boolean isLastWithoutComma = afterComma == end;
        return Edit.remove(isLastWithoutComma ? before - 1 : before, afterComma);
    }
}
