package dev.holdfast.settings;

/** What is ended together with the server. */
public enum KillMode {
    /** Everything that descends from it, wherever it has gone. */
    TREE,
    /** What is still in its process group. */
    GROUP,
    /** The server alone. */
    CHILD
}
