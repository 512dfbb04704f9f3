package dev.holdfast.text;

/** What somebody typed, as part of a one-line message: no control characters, not too long. */
public final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    public static String text(String typed) {
        StringBuilder shown = new StringBuilder();
        typed.codePoints().limit(LONGEST).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }
}
