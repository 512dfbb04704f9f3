package dev.holdfast.supervise;

import static dev.holdfast.supervise.ServerState.DRAINING;
import static dev.holdfast.supervise.ServerState.GONE;
import static dev.holdfast.supervise.ServerState.KILLING;
import static dev.holdfast.supervise.ServerState.RUNNING;
import static dev.holdfast.supervise.ServerState.STOPPING;
import static dev.holdfast.supervise.ServerState.SWEEPING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    /** The arrows that no page shows: a second Ctrl-C leads to KILLING from everywhere, as the page says. */
    private static final Set<String> BY_A_SECOND_KEY = Set.of("RUNNING --> KILLING", "DRAINING --> KILLING");

    @Test
    void pictureOfThePageShowsTheseTransitions() throws IOException {
        Set<String> arrows = new TreeSet<>(BY_A_SECOND_KEY);
        Files.readString(Path.of("src/site/markdown/how-it-works.md"))
                .lines()
                .map(line -> line.strip().replaceAll(":.*", ""))
                .filter(line -> line.matches("[A-Z]+ --> [A-Z]+"))
                .forEach(arrows::add);
        Set<String> made = new TreeSet<>();
        ALLOWED.forEach((from, all) -> all.forEach(to -> made.add(from + " --> " + to)));
        assertThat(arrows).isEqualTo(made);
    }

    @Test
    void onlyListedTransitionsAreMade() {
        Transitions.areOnlyThese(ALLOWED, ServerState::transitionTo);
    }
}
