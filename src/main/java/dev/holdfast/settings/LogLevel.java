package dev.holdfast.settings;

import java.util.Locale;

/** How much an entry of the log matters. */
public enum LogLevel {
    /** For those who look for a fault. */
    DEBUG,
    /** A change of state. */
    INFO,
    /** It works, but someone should look. */
    WARN,
    /** It does not work. */
    ERROR,
    /** Nothing is written. */
    OFF;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
