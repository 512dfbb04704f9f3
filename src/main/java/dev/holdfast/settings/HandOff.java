package dev.holdfast.settings;

/** What becomes of the launcher once the lock is held. */
public enum HandOff {
    /** It stays, watches the server, stops it and cleans up. */
    SUPERVISE,
    /** It is replaced by the server, which keeps the lock; nobody cleans up. */
    EXEC
}
