package dev.holdfast.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Whether a regular expression may be tried on each line of a server's output.
 *
 * <p>By RE2's syntax, whose expressions take time in proportion to the line and no stack: of the JDK's, one as short as
 * {@code (.*a){12}$} can take minutes for a line, and {@code (a|b)*c} ends in a StackOverflowError.
 */
final class LinePattern {
    /** States of the machine that an expression becomes: each counts for each character of a line. */
    private static final int MOST_STATES = 1000;

    private LinePattern() {}

    /** What is wrong with it, as what it must be; empty when nothing is. */
    static String problem(String expression) {
        try {
            return Pattern.compile(expression).programSize() > MOST_STATES
                    ? "must be a smaller regular expression: repeats such as {1,1000} make it too large"
                    : "";
        } catch (PatternSyntaxException e) {
            return "must be a regular expression of RE2's syntax, which has no look-around, back-references or possessive"
                    + " quantifiers: " + e.getDescription();
        }
    }
}
