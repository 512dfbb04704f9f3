package dev.holdfast.settings;

/** Who gets the log messages of a shared server. */
public enum ShareLogs {
    /** Clients that have asked for a level, from that level on. */
    OWN_LEVEL,
    /** Nobody. */
    NONE
}
