package dev.holdfast.settings;

import java.util.Locale;

/** What becomes of the launcher once the lock is held. */
public enum HandOff {
    /** It stays, watches the server, stops it and cleans up. */
    SUPERVISE,
    /** It is replaced by the server, which keeps the lock; nobody cleans up. */
    EXEC;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
