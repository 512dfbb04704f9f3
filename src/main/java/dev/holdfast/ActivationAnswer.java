package dev.holdfast;

import java.util.Objects;

/**
 * What a second launch ends with.
 *
 * @param exitCode its exit code, 0 to 255
 * @param text what it prints to its stdout, in UTF-8; empty for nothing
 */
public record ActivationAnswer(int exitCode, String text) {
    /** All is well, and nothing is to be said. */
    public static final ActivationAnswer DONE = new ActivationAnswer(0, "");

    /**
     * Checks the code.
     *
     * @throws IllegalArgumentException if it is no exit code
     */
    public ActivationAnswer {
        Objects.requireNonNull(text, "text");
        if (exitCode < 0 || exitCode > 255) {
            throw new IllegalArgumentException("an exit code is 0 to 255, and not " + exitCode);
        }
    }
}
