package dev.holdfast.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.ShareRate;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A client calls so often; what is too much waits a little, and what would wait too long is refused. */
class RateLimitTest {
    private long now = Long.MAX_VALUE - Duration.ofHours(1).toNanos();

    @Test
    void soManyGoAtOnceAndTheRestAsTimePasses() {
        RateLimit limit = limit(2, 3);
        long[] waits = {0, 0, 0, 500, 1000, 1500};
        for (long wait : waits) {
            assertThat(waitMillis(limit, 1)).isEqualTo(wait);
        }
    }

    @Test
    void oneClientsCallsCostNoOther() {
        RateLimit limit = limit(2, 1);
        waitMillis(limit, 1);
        waitMillis(limit, 1);

        assertThat(waitMillis(limit, 2)).isZero();
    }

    @Test
    void theBurstComesBackAndGrowsNoLarger() {
        RateLimit limit = limit(2, 2);
        waitMillis(limit, 1);
        waitMillis(limit, 1);
        now += Duration.ofMinutes(1).toNanos();

        assertThat(waitMillis(limit, 1)).isZero();
        assertThat(waitMillis(limit, 1)).isZero();
        assertThat(waitMillis(limit, 1)).isEqualTo(500);
    }

    @Test
    void whatWouldWaitTooLongIsRefusedAndTakesNoTurn() {
        RateLimit limit = limit(1, 1);
        for (int i = 0; i <= 5; i++) {
            assertThat(waitMillis(limit, 1)).isEqualTo(i * 1000L);
        }
        for (int i = 0; i < 3; i++) {
            RateLimit.Turn turn = limit.turn(1, "tools/call");
            assertThat(turn.isRefused()).isTrue();
            assertThat(turn.retryAfterMillis()).isEqualTo(1000);
        }
        now += Duration.ofSeconds(1).toNanos();
        assertThat(waitMillis(limit, 1)).isEqualTo(5000);
    }

    @Test
    void aClientThatIsGoneIsForgotten() {
        RateLimit limit = limit(1, 1);
        waitMillis(limit, 1);
        limit.forget(1);

        assertThat(waitMillis(limit, 1)).isZero();
    }

    @Test
    void whatIsNoCallIsNotCounted() {
        RateLimit limit = limit(1, 1);
        waitMillis(limit, 1);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.turn(1, "tools/list").at()).isEqualTo(now);
        }
        assertThat(waitMillis(limit, 1)).isEqualTo(1000);
        assertThat(new RateLimit(Optional.empty(), () -> now)
                        .turn(1, "tools/call")
                        .at())
                .isEqualTo(now);
    }

    private RateLimit limit(int perSecond, int burst) {
        return new RateLimit(Optional.of(new ShareRate(perSecond, Duration.ofSeconds(1), burst)), () -> now);
    }

    private long waitMillis(RateLimit limit, int client) {
        RateLimit.Turn turn = limit.turn(client, "tools/call");
        assertThat(turn.isRefused()).isFalse();
        return Duration.ofNanos(turn.at() - now).toMillis();
    }
}
