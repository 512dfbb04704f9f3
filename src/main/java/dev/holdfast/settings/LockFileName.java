package dev.holdfast.settings;

/** How the lock file of an instance is named. */
public final class LockFileName {
    /** Behind the instance's name. */
    public static final String SUFFIX = ".lock";

    private LockFileName() {}
}
