package dev.holdfast.settings;

import java.util.Locale;

/** The form of log lines. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object on each line. */
    JSON;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
