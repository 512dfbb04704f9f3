package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.testkit.HandTurnedTicker;
import dev.holdfast.waiting.Ticker;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Children that end as fast as they are reaped leave their turn to the rest of the loop. */
class ChildSourceTest {
    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private int taken;

    /** How many there are, how many milliseconds each takes, how many are taken in a turn, and whether more are left. */
    @ParameterizedTest
    @CsvSource({"0, 1, 0, never", "3, 1, 3, never", "5, 1, 5, 5", "4, 1, 4, never", "1000, 1, 5, 5", "1000, 2, 3, 6"})
    void turnIsBoundedInTime(int children, long millisEach, int expected, String deadline) {
        ticker.turnTo(0);
        try (PollSet poll = new PollSet(1)) {
            ChildSource source = new ChildSource(() -> next(children, millisEach), supervisor(), ticker);
            source.serve(new PollSlots(poll, 1));
            assertThat(taken).isEqualTo(expected);
            assertThat(HandTurnedTicker.text(source.deadline())).isEqualTo(deadline);
            taken = children;
            source.serve(new PollSlots(poll, 1));
            assertThat(source.deadline()).as("when none is left").isEqualTo(Ticker.NEVER);
        }
    }

    private Children.News next(int children, long millisEach) {
        if (taken == children) {
            return new Children.News(Children.Change.NONE, 0, 0);
        }
        taken++;
        ticker.turnTo(taken * millisEach);
        return new Children.News(Children.Change.EXITED, 5000 + taken, 0);
    }

    private Supervisor supervisor() {
        RestarterWithoutHooks none = obstacle -> {
            throw new AssertionError("nothing is started here");
        };
        return new Supervisor(
                1000,
                ServerLifeTest.settings(false, RestartPolicy.Mode.NO),
                none,
                new InstanceListeners(),
                ticker,
                ScriptedTree::new);
    }
}
