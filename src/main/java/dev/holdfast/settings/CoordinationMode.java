package dev.holdfast.settings;

import java.util.Locale;

/** How instances of one name get along. */
public enum CoordinationMode {
    /** One excludes all others. */
    SINGLETON,
    /** They run side by side, and take a lock in turns for their data. */
    FILE_LOCK,
    /** They run side by side, and nothing keeps them apart. */
    NONE;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
