package dev.holdfast.settings;

import java.util.Locale;

/** Who shares a server of one name. */
public enum ShareScope {
    /** The starts from one folder: each folder has a server of its own. */
    CWD,
    /** All starts. */
    GLOBAL;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
