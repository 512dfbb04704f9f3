package dev.holdfast.text.re2j;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.holdfast.text.LinePattern;

/**
 * Expressions of RE2's syntax, which take time in proportion to the line and no stack: of the JDK's, one as short as
 * {@code (.*a){12}$} can take minutes for a line, and {@code (a|b)*c} ends in a StackOverflowError.
 */
public final class Re2jLibrary implements LinePattern.Library {
    /** States of the machine that an expression becomes: each counts for each character of a line. */
    private static final int MOST_STATES = 1000;

    @Override
    public LinePattern compile(String expression) {
        Pattern pattern = Pattern.compile(expression);
        return line -> pattern.matcher(line).find();
    }

    @Override
    public String problem(String expression) {
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
