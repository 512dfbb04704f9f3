package dev.holdfast.supervise;

import static dev.holdfast.supervise.ServerState.DRAINING;
import static dev.holdfast.supervise.ServerState.GONE;
import static dev.holdfast.supervise.ServerState.KILLING;
import static dev.holdfast.supervise.ServerState.RUNNING;
import static dev.holdfast.supervise.ServerState.STOPPING;
import static dev.holdfast.supervise.ServerState.SWEEPING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
        for (ServerState from : ServerState.values()) {
            for (ServerState to : ServerState.values()) {
                if (ALLOWED.getOrDefault(from, Set.of()).contains(to)) {
                    assertThat(from.transitionTo(to)).isEqualTo(to);
                } else {
                    assertThatIllegalStateException()
                            .as("%s to %s", from, to)
                            .isThrownBy(() -> from.transitionTo(to))
                            .withMessageContainingAll(from.toString(), to.toString());
                }
            }
        }
    }
}
