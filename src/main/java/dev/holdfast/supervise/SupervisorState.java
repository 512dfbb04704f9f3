package dev.holdfast.supervise;

/** Where a supervised run is: with a server, or between two of them. */
enum SupervisorState {
    /** A server runs, or something of it. */
    SERVING,
    /** Nothing of it is left; what it has written is still passed on. */
    LAST_WORDS,
    /** The command after its end runs. */
    AFTERMATH,
    /** The time until the next start passes. */
    BACKING_OFF,
    /** The command before the next start runs. */
    PREPARING,
    /** All is over. */
    OVER;

    /** Plain comparisons: a table of sets, or a switch, would be loaded by each stop. */
    private boolean canFollow(SupervisorState before) {
        if (this == SERVING) {
            return before == PREPARING;
        }
        if (this == LAST_WORDS) {
            return before == SERVING;
        }
        if (this == AFTERMATH) {
            return before == LAST_WORDS;
        }
        if (this == PREPARING) {
            return before == BACKING_OFF;
        }
        if (this == BACKING_OFF) {
            return before == LAST_WORDS || before == AFTERMATH || before == PREPARING;
        }
        return before != SERVING && before != OVER;
    }

    /**
     * Moves to another state.
     *
     * @throws IllegalStateException if it cannot follow this one
     */
    SupervisorState transitionTo(SupervisorState next) {
        if (!next.canFollow(this)) {
            throw new IllegalStateException("supervision cannot go from " + this + " to " + next);
        }
        return next;
    }
}
