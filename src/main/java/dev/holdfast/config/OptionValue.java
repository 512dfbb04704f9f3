package dev.holdfast.config;

/**
 * The value of one option, and who has set it.
 *
 * @param text the value as it was written; empty for a switch that was typed, and where nobody has set the option
 * @param origin who has set it
 * @param place the flag, the variable, or {@code FILE:LINE}; empty for the default
 */
public record OptionValue(String text, Origin origin, String place) {
    /** Nobody has set it. */
    static final OptionValue NOTHING = new OptionValue("", Origin.DEFAULT, "");

    /** Who sets options, the strongest first. */
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
