package dev.holdfast.lock;

/** How a lock is held. */
public enum LockMode {
    /** With others who hold it shared: for readers. */
    SHARED,
    /** Alone: for writers. */
    EXCLUSIVE;

    /** Whether two may hold the lock at the same time. */
    boolean goesWith(LockMode other) {
        return this == SHARED && other == SHARED;
    }

    /** As a word for a message. */
    String word() {
        return this == SHARED ? "shared" : "exclusive";
    }
}
