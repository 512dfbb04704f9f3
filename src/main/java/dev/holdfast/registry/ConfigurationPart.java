package dev.holdfast.registry;

/**
 * One part of what an instance is made of, so that a difference can be named.
 *
 * @param key {@code command}, {@code arguments}, {@code version}, {@code env:NAME} or {@code file:PATH}
 * @param mac hexadecimal digits: an HMAC of its value under the user's own key, and never the value
 * @param isMinor whether it was said to matter little ({@code --config-minor})
 */
public record ConfigurationPart(String key, String mac, boolean isMinor) {
    /** The command, as it was found in PATH. */
    public static final String COMMAND = "command";
    /** Its arguments. */
    public static final String ARGUMENTS = "arguments";
    /** The version that was said. */
    public static final String VERSION = "version";
    /** Before the name of a variable. */
    public static final String VARIABLE = "env:";
    /** Before the path of a configuration file. */
    public static final String FILE = "file:";
}
