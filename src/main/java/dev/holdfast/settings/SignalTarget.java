package dev.holdfast.settings;

import java.util.Locale;

/** Who gets a signal that is forwarded. */
public enum SignalTarget {
    /** The server alone, which tells its workers itself. */
    CHILD,
    /** The server's process group. */
    GROUP,
    /** Everything that descends from the launcher. */
    TREE;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
