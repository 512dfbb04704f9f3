package dev.holdfast.settings;

import java.util.Locale;

/** What the server gets from the kernel when its launcher is killed. */
public enum LauncherDeath {
    /** A request to end. */
    TERM(15),
    /** Its end. */
    KILL(9),
    /** Nothing: it lives on. */
    NONE(0);

    private final int signal;

    LauncherDeath(int signal) {
        this.signal = signal;
    }

    /** The signal's number, which POSIX fixes for these two; 0 for none. */
    public int signal() {
        return signal;
    }

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
