package dev.holdfast.settings;

import java.util.Locale;

/** What to do when another instance holds the lock. */
public enum ConflictPolicy {
    /** Refuse to start. */
    FAIL,
    /** Wait until it ends. */
    WAIT,
    /** End it, when it can be proved to be it, and start. */
    TAKEOVER,
    /** Do not start, and call that success. */
    SKIP,
    /** Hand the arguments to it, and do not start. */
    ACTIVATE;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
