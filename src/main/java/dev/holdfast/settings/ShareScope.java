package dev.holdfast.settings;

/** Who shares a server of one name. */
public enum ShareScope {
    /** The starts from one folder: each folder has a server of its own. */
    CWD,
    /** All starts. */
    GLOBAL
}
