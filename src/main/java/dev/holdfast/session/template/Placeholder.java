package dev.holdfast.session.template;

/**
 * A place in a template that something is put into.
 *
 * @param start where it begins, in characters
 * @param source as it is written there
 * @param line its line, from 1
 * @param kind what is put there
 * @param name of the variable or the port; empty otherwise
 * @param fallback what is put there when the variable is not set, or empty; the text itself for {@link Kind#LITERAL}, the problem
 *     for {@link Kind#MALFORMED}, empty otherwise
 */
record Placeholder(int start, String source, int line, Kind kind, String name, String fallback) {
    /** What is put there. */
    enum Kind {
        /** The value of a variable, which must be set. */
        VARIABLE,
        /** The value of a variable, or what stands for it. */
        VARIABLE_OR_FALLBACK,
        /** The number of a port. */
        PORT,
        /** What would be the beginning of a placeholder otherwise. */
        LITERAL,
        /** Nothing: it is none of these. */
        MALFORMED
    }

    int end() {
        return start + source.length();
    }
}
