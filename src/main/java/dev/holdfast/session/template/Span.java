package dev.holdfast.session.template;

/**
 * A part of a file's text in which a value is written in a way of its own.
 *
 * @param start where it begins, with its quotes
 * @param end behind it
 * @param style how a value is written there
 * @param text what it says; empty for {@link Style#ESCAPED} in JSON and TOML, and for comments
 */
record Span(int start, int end, Style style, String text) {
    /** How a value is written. */
    enum Style {
        /** In double quotes, with backslashes. */
        ESCAPED,
        /** TOML's single quotes: as it is. */
        LITERAL,
        /** YAML's single quotes: these are doubled. */
        SINGLE,
        /** YAML without quotes. */
        PLAIN,
        /** YAML's indented lines. */
        BLOCK,
        /** Nothing is put there. */
        COMMENT
    }
}
