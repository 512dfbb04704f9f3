package dev.holdfast.text;

/** Decimal digits of ASCII: what {@link Character#isDigit} takes beside them, no number here is written in. */
public final class Digits {
    private Digits() {}

    /** Whether a text is made of digits; false for the empty one. */
    public static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
