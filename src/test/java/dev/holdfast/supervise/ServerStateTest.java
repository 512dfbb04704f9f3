package dev.holdfast.supervise;

import static dev.holdfast.supervise.ServerState.DRAINING;
import static dev.holdfast.supervise.ServerState.GONE;
import static dev.holdfast.supervise.ServerState.KILLING;
import static dev.holdfast.supervise.ServerState.RUNNING;
import static dev.holdfast.supervise.ServerState.STOPPING;
import static dev.holdfast.supervise.ServerState.SWEEPING;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A stop only goes forward: nothing that was killed is asked politely again, and what is gone stays gone. */
class ServerStateTest {
    private static final Map<ServerState, Set<ServerState>> ALLOWED = Map.of(
            RUNNING, Set.of(DRAINING, STOPPING, SWEEPING, KILLING, GONE),
            DRAINING, Set.of(STOPPING, SWEEPING, KILLING, GONE),
            STOPPING, Set.of(SWEEPING, KILLING, GONE),
            SWEEPING, Set.of(KILLING, GONE),
            KILLING, Set.of(GONE),
            GONE, Set.of());

    @Test
    void onlyListedTransitionsAreMade() {
        Transitions.areOnlyThese(ALLOWED, ServerState::transitionTo);
    }
}
