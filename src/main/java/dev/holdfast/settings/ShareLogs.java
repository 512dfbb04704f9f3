package dev.holdfast.settings;

import java.util.Locale;

/** Who gets the log messages of a shared server. */
public enum ShareLogs {
    /** Clients that have asked for a level, from that level on. */
    OWN_LEVEL,
    /** Nobody. */
    NONE;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
