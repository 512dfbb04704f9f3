package dev.holdfast.commands.client;

/**
 * A change of a text.
 *
 * @param start where what goes begins
 * @param end behind its last character; {@code start} when nothing goes
 * @param replacement what comes instead
 */
record Edit(int start, int end, String replacement) {
    static Edit insert(int at, String added) {
        return new Edit(at, at, added);
    }

    static Edit remove(int start, int end) {
        return new Edit(start, end, "");
    }

    /** The changed text. */
    String of(String text) {
        return text.substring(0, start) + replacement + text.substring(end);
    }
}
