package dev.holdfast.supervise;

import java.util.EnumSet;
import java.util.Set;

/** Where the server is in its life. */
public enum ServerState {
    /** It runs. */
    RUNNING,
    /** Its client hung up; it has the grace period to end by itself. */
    DRAINING,
    /** It was told to stop and has the grace period to do so. */
    STOPPING,
    /** It ended; what is left of its tree was told to stop. */
    SWEEPING,
    /** The grace period is over, or nobody wants to wait: SIGKILL for all that is left. */
    KILLING,
    /** Nothing is left. */
    GONE;

    private Set<ServerState> successors() {
        return switch (this) {
            case RUNNING -> EnumSet.of(DRAINING, STOPPING, SWEEPING, KILLING, GONE);
            case DRAINING -> EnumSet.of(STOPPING, SWEEPING, KILLING, GONE);
            case STOPPING -> EnumSet.of(SWEEPING, KILLING, GONE);
            case SWEEPING -> EnumSet.of(KILLING, GONE);
            case KILLING -> EnumSet.of(GONE);
            case GONE -> EnumSet.noneOf(ServerState.class);
        };
    }

    /**
     * Moves to another state.
     *
     * @throws IllegalStateException if it cannot follow this one
     */
    ServerState transitionTo(ServerState next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("server cannot go from " + this + " to " + next);
        }
        return next;
    }
}
