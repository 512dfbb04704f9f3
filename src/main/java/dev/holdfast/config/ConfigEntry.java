package dev.holdfast.config;

import java.util.List;

/**
 * One value in the configuration file.
 *
 * @param table the table that it is in; empty for the top level
 * @param key as it is written, unquoted
 * @param kind what kind of value it is
 * @param texts the value as text: one, or as many as a list has
 * @param line where it begins, from 1
 */
public record ConfigEntry(String table, String key, Kind kind, List<String> texts, int line) {
    /** Copies the list. */
    public ConfigEntry {
        texts = List.copyOf(texts);
    }

    /** The kinds of values that TOML has, as far as options have them. */
    public enum Kind {
        STRING("a string"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        LIST("a list of strings"),
        /** A list of anything else. */
        MIXED_LIST("a list of other things than strings"),
        TABLE("a table");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** With its article. */
        String words() {
            return words;
        }
    }
}
