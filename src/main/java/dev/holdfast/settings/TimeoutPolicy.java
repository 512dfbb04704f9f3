package dev.holdfast.settings;

import java.util.Locale;

/** What becomes of a command whose advisory lock is not to be had in time. */
public enum TimeoutPolicy {
    /** It is not run, and that is a failure. */
    FAIL,
    /** It is not run, with a warning, and that is success. */
    SKIP;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
