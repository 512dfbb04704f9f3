package dev.holdfast.settings;

import java.util.Locale;

/** How much two instances may have in common before that is told. */
public enum ConflictDetection {
    /** Everything is told. */
    STRICT,
    /** What matters little is not told, and several instances on one folder are no more than a warning. */
    MODERATE,
    /** Only what surely is a mistake is told. */
    RELAXED;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
