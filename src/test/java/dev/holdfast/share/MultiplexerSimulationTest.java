package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that come, ask, give up and go, a server that answers when it likes, ends and is started again, and a time that goes
 * by: each request is answered once, by what the server has said to this one, and nothing is left at the end.
 */
@Timeout(600)
class MultiplexerSimulationTest {
    /** The same worlds in each build; the long form looks at others. */
    private static final long FIXED_SEED = 20_261_128;

    @Test
    void eachRequestIsAnsweredOnceAndToItsCaller() {
        simulate(FIXED_SEED, 300);
    }

    @Test
    @Tag("long")
    void eachOfManyRequestsIsAnsweredOnceAndToItsCaller() {
        simulate(new Random().nextLong(), 30_000);
    }

    private static void simulate(long seed, int worlds) {
        long answered = 0;
        for (int i = 0; i < worlds; i++) {
            SimulatedShare world = new SimulatedShare(seed + i);
            try {
                answered += world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + (seed + i) + ": " + e.getMessage() + "\n" + world.story(), e);
            }
        }
        assertThat(answered).as("seed %d", seed).isGreaterThan(worlds * 3L);
    }
}
