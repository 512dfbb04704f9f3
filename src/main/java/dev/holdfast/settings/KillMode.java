package dev.holdfast.settings;

import java.util.Locale;

/** What is ended together with the server. */
public enum KillMode {
    /** Everything that descends from it, wherever it has gone. */
    TREE,
    /** What is still in its process group. */
    GROUP,
    /** The server alone. */
    CHILD;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
