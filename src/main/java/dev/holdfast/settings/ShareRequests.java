package dev.holdfast.settings;

import java.util.Locale;

/** What becomes of a shared server's own requests, such as for sampling. */
public enum ShareRequests {
    /** They are refused. */
    NONE,
    /** They go to the client whose call runs, when it is the only one. */
    ONE_CALLER;

    /** The word that is typed for it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
