package dev.holdfast.settings;

import java.util.Locale;

/** How much of two starts must agree, so that they share a server. */
public enum ShareMatch {
    /** Command, arguments and each variable but those that differ from window to window. */
    STRICT,
    /** Command, arguments and variables that look like credentials or targets; others when both have them. */
    MODERATE,
    /** Command and arguments. */
    RELAXED;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
