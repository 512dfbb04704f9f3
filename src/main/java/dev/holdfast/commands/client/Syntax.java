package dev.holdfast.commands.client;

import java.util.List;
import java.util.Map;

/**
 * A format of configuration files: how it is parsed, and how it is changed in its own style, with all else left as it is. What
 * {@link #append} and {@link #prepend} have added, {@link #remove} and {@link #removeFirst} take away to the byte.
 */
interface Syntax {
    /**
     * Parses a text.
     *
     * @return what it is; its start is where the first value begins
     * @throws ClientFileException if it cannot be parsed, with the line and the column
     */
    Node.MapNode parse(String text);

    /** How a text is written in place of a scalar. */
    String literal(String value);

    /** Puts scalars before those of a list, whose first one is behind them then. */
    Edit prepend(String text, Node.ListNode list, List<String> literals);

    /** Takes the first scalars of a list away. */
    Edit removeFirst(String text, Node.ListNode list, int count);

    /** Adds a member to the end of a map. */
    Edit append(String text, Node.MapNode map, String name, Addition value);

    /** Takes a member of a map away. */
    Edit remove(String text, Node.MapNode map, int index);

    /** A value that is new in a file. */
    sealed interface Addition {}

    /**
     * A new list.
     *
     * @param literals its scalars, as they are written
     */
    record NewList(List<String> literals) implements Addition {}

    /**
     * A new map.
     *
     * @param members in order
     */
    record NewMap(Map<String, Addition> members) implements Addition {}

    /**
     * A new scalar.
     *
     * @param literal as it is written
     */
    record NewScalar(String literal) implements Addition {}
}
