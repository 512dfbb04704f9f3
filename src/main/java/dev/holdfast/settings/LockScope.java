package dev.holdfast.settings;

import java.util.Locale;

/** Who shares an instance's lock. */
public enum LockScope {
    /** All users of the machine. */
    MACHINE,
    /** One user. */
    USER;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
