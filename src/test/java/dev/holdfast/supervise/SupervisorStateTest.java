package dev.holdfast.supervise;

import static dev.holdfast.supervise.SupervisorState.AFTERMATH;
import static dev.holdfast.supervise.SupervisorState.BACKING_OFF;
import static dev.holdfast.supervise.SupervisorState.LAST_WORDS;
import static dev.holdfast.supervise.SupervisorState.OVER;
import static dev.holdfast.supervise.SupervisorState.PREPARING;
import static dev.holdfast.supervise.SupervisorState.SERVING;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** No server is started beside another, none without its back-off, and what is over stays over. */
class SupervisorStateTest {
    private static final Map<SupervisorState, Set<SupervisorState>> ALLOWED = Map.of(
            SERVING, Set.of(LAST_WORDS),
            LAST_WORDS, Set.of(AFTERMATH, BACKING_OFF, OVER),
            AFTERMATH, Set.of(BACKING_OFF, OVER),
            BACKING_OFF, Set.of(PREPARING, OVER),
            PREPARING, Set.of(SERVING, BACKING_OFF, OVER),
            OVER, Set.of());

    @Test
    void onlyListedTransitionsAreMade() {
        Transitions.areOnlyThese(ALLOWED, SupervisorState::transitionTo);
    }
}
