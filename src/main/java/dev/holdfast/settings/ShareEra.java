package dev.holdfast.settings;

import java.util.Locale;

/** Which revisions of the Model Context Protocol a shared server is spoken to in. */
public enum ShareEra {
    /** With a handshake where the server takes one. */
    AUTO,
    /** With a handshake. */
    LEGACY,
    /** Without one: 2026-07-28 and later. */
    MODERN;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
