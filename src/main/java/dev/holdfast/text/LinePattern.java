package dev.holdfast.text;

import dev.holdfast.classpath.SecondClassPath;

/** A regular expression that is looked for in each line of a server's output, in time that grows with the line only. */
@FunctionalInterface
public interface LinePattern {
    /** Whether it matches somewhere in a line. */
    boolean isIn(CharSequence line);

    /**
     * Compiles an expression that has no {@link #problem}.
     *
     * @param expression as the user has written it
     */
    static LinePattern compile(String expression) {
        return library().compile(expression);
    }

    /**
     * What is wrong with an expression.
     *
     * @param expression as the user has written it
     * @return what it must be; empty when nothing is wrong
     */
    static String problem(String expression) {
        return library().problem(expression);
    }

    private static Library library() {
        return SecondClassPath.load(Library.class, "dev.holdfast.text.re2j.Re2jLibrary");
    }

    /** What compiles expressions; the methods are those of {@link LinePattern}. */
    interface Library {
        LinePattern compile(String expression);

        String problem(String expression);
    }
}
