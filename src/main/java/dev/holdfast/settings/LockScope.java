package dev.holdfast.settings;

import java.util.Locale;

/** Who shares an instance's lock. */
public enum LockScope {
    /** All users of the machine. */
    MACHINE,
    /** The processes of one user; others have their own. */
    USER;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
