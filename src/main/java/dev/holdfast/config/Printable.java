package dev.holdfast.config;

/** What somebody typed, as part of a one-line message: no control characters, not too long. */
final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    static String text(String typed) {
        StringBuilder shown = new StringBuilder();
        typed.codePoints().limit(LONGEST).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }
}
