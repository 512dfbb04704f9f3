package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** TOML: tables in braces as other formats have them, and tables of lines, below a header or with a dot in their names. */
final class TomlSyntax extends BracketSyntax {
    @Override
    public MapNode parse(String text) {
        return TomlTree.of(text);
    }

    @Override
    String nameLiteral(String name) {
        boolean isBare = !name.isEmpty()
                && name.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-'));
        return isBare ? name : literal(name);
    }

    @Override
    String colon() {
        return " = ";
    }

    @Override
    public Edit append(String text, MapNode map, String name, Addition value) {
        if (isInBraces(text, map)) {
            return super.append(text, map, name, value);
        }
        String newline = Lines.newline(text);
        boolean isTable = value instanceof NewMap inner
                && (inner.members().isEmpty()
                        || inner.members().values().stream().anyMatch(each -> !(each instanceof NewScalar)));
        if (isTable) {
            String start = text.isEmpty() || text.endsWith("\n") ? "" : newline;
            String table = start + newline + table(text, map, name, (NewMap) value, newline);
            return Edit.insert(text.length(), start.isEmpty() ? table + newline : table);
        }
        String prefix = "";
        int line = map.start();
        for (Member member : map.members()) {
            if (isLine(text, member)) {
                prefix = text.substring(Lines.start(text, member.start()), member.start());
                line = member.value().end();
            }
        }
        boolean isHeader = line < text.length() && text.charAt(line) == '[' && map.start() == line;
        if (line == map.start() && !isHeader) {
            throw ClientFileException.malformed("has no place for " + nameLiteral(name) + " that can be found here");
        }
        return Edit.insert(Lines.end(text, line), newline + prefix + member(name, value, colon()));
    }

    private String table(String text, MapNode map, String name, NewMap value, String newline) {
        List<String> path = new ArrayList<>(TomlTree.path(parse(text), map));
        path.add(name);
        List<String> lines = new ArrayList<>();
        lines.add(path.stream().map(this::nameLiteral).collect(Collectors.joining(".", "[", "]")));
        for (Map.Entry<String, Addition> each : value.members().entrySet()) {
            lines.add(member(each.getKey(), each.getValue(), colon()));
        }
        return String.join(newline, lines);
    }

    @Override
    public Edit remove(String text, MapNode map, int index) {
        if (isInBraces(text, map)) {
            return super.remove(text, map, index);
        }
        Member gone = map.members().get(index);
        return isLine(text, gone)
                ? Lines.remove(
                        text,
                        Lines.start(text, gone.start()),
                        Lines.end(text, gone.value().end()))
                : table(text, gone);
    }

    /** With its tables, as long as these follow it, and with one empty line before it. */
    private static Edit table(String text, Member gone) {
        int start = gone.value().start();
        int end = lastLine(text, gone.value());
        if (text.charAt(start) != '[') {
            throw ClientFileException.malformed("has \"" + gone.name() + "\" in several places");
        }
        int before = start;
        while (before > 0 && TextBetween.isSpace(text.charAt(before - 1)) && text.charAt(before - 1) != '\n') {
            before--;
        }
        int emptyLine = before > 0 ? Lines.start(text, before - 1) : before;
        boolean isAfterEmptyLine = text.substring(emptyLine, before).isBlank();
        return Lines.remove(text, isAfterEmptyLine ? emptyLine : before, end);
    }

    private static int lastLine(String text, Node node) {
        int last = Lines.end(text, Math.max(node.start(), node.end()));
        if (node instanceof MapNode map) {
            for (Member member : map.members()) {
                last = Math.max(last, lastLine(text, member.value()));
            }
        }
        return last;
    }

    /** Whether name and value stand together, and not in different places. */
    private static boolean isLine(String text, Member member) {
        int valueStart = member.value().start();
        return valueStart >= member.nameEnd()
                && text.substring(member.nameEnd(), valueStart).strip().equals("=");
    }

    private static boolean isInBraces(String text, MapNode map) {
        return map.start() < text.length() && text.charAt(map.start()) == '{';
    }
}
