package dev.holdfast.commands.client;

import dev.holdfast.commands.client.Node.MapNode;

/** JSON, also with comments and trailing commas. */
final class JsonSyntax extends BracketSyntax {
    @Override
    public MapNode parse(String text) {
        return JsonTree.of(text);
    }

    @Override
    String nameLiteral(String name) {
        return literal(name);
    }

    @Override
    String colon() {
        return ": ";
    }
}
