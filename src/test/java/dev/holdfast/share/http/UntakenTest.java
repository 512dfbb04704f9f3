package dev.holdfast.share.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HandTurnedTicker;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the clients of exchanges have not taken: it is bounded, counts to what all have, and must go on. */
class UntakenTest {
    private static final int MANY = (int) Untaken.MOST_BYTES;
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final AtomicLong held = new AtomicLong();
    private long millis;
    private final Untaken untaken = new Untaken(held::addAndGet, ticker);

    private void pass(Duration time) {
        millis += time.toMillis();
        ticker.turnTo(millis);
    }

    @Test
    void oneMessageOfAnyLengthIsGivenAndNothingBehindIt() {
        assertThat(untaken.mayGive()).isTrue();
        untaken.given(10 * MANY);

        assertThat(untaken.mayGive()).isFalse();
        assertThat(untaken.taken(9 * MANY)).isTrue();
        assertThat(untaken.mayGive()).isFalse();
        assertThat(untaken.taken(1)).as("there is room again").isTrue();
        assertThat(untaken.mayGive()).isTrue();
    }

    @Test
    void whatIsInMemoryCountsUntilItIsTaken() {
        untaken.given(100);
        untaken.given(200_000);
        assertThat(held).hasValue(200_100);

        assertThat(untaken.taken(100)).as("worth a wake").isFalse();
        assertThat(untaken.taken(100_000)).as("worth a wake").isTrue();
        untaken.count();
        assertThat(held).hasValue(100_000);
        assertThat(untaken.isNone()).isFalse();

        assertThat(untaken.taken(100_000)).isTrue();
        untaken.count();
        assertThat(held).hasValue(0);
        assertThat(untaken.isNone()).isTrue();
    }

    @Test
    void whoeverTakesNothingForAMinuteIsStuck() {
        pass(Untaken.PATIENCE);
        assertThat(untaken.deadline()).isEqualTo(Ticker.NEVER);
        untaken.given(3);
        pass(Untaken.PATIENCE.minus(MOMENT));
        untaken.given(3);
        assertThat(untaken.isStuck()).isFalse();
        var unused = untaken.taken(1);
        pass(MOMENT);
        assertThat(untaken.isStuck()).isFalse();
        pass(Untaken.PATIENCE.minus(MOMENT));
        assertThat(untaken.isStuck()).isTrue();

        untaken.givenUp();
        assertThat(untaken.isStuck()).as("what is broken off has its time, too").isFalse();
        unused = untaken.taken(5);
        pass(Untaken.PATIENCE);
        assertThat(untaken.isStuck()).isFalse();
    }
}
