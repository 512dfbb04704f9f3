package dev.holdfast.config;

/**
 * What was said for one option, and where.
 *
 * @param value the text; empty for a switch that was typed, and where nothing was said
 * @param origin who said it
 * @param place the flag, the variable, or {@code FILE:LINE}; empty for the default
 */
public record Said(String value, Origin origin, String place) {
    /** Where nothing was said. */
    static final Said NOTHING = new Said("", Origin.DEFAULT, "");

    /** Who says something, the strongest first. */
    public enum Origin {
        /** Typed as a flag. */
        COMMAND_LINE,
        /** In a variable. */
        ENVIRONMENT,
        /** In the configuration file. */
        FILE,
        /** Nobody. */
        DEFAULT
    }
}
