package dev.holdfast.registry.conflict;

import java.util.Locale;

/** What two folders have to do with each other. */
public enum Overlap {
    /** Nothing. */
    NONE,
    /** One lies in the other, by whatever path. */
    NESTED,
    /** They are one, by different paths: through a link or a bind mount. */
    SAME_FOLDER,
    /** They are one, and called the same. */
    EQUAL;

    /** As in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
