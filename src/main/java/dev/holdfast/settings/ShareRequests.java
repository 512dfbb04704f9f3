package dev.holdfast.settings;

/** What becomes of a shared server's own requests, such as for sampling. */
public enum ShareRequests {
    /** They are refused. */
    NONE,
    /** They go to the client whose call runs, when it is the only one. */
    ONE_CALLER
}
