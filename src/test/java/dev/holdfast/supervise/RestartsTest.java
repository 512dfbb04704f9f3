package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which ends are followed by a start, after how long, and when it is enough. supervisord S11 and S12. */
class RestartsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ExitStatus FAILURE = ExitStatus.exited(1);

    private static RestartPolicy policy(RestartPolicy.Mode mode, int limit) {
        return new RestartPolicy(
                mode,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                limit,
                Duration.ofSeconds(100),
                Duration.ofSeconds(60),
                Set.of(7));
    }

    private static Restarts restarts(int limit, int random) {
        return new Restarts(policy(RestartPolicy.Mode.ON_FAILURE, limit), () -> random);
    }

    @Test
    void backOffDoublesUpToItsCeiling() {
        Restarts restarts = restarts(0, 0);
        for (int seconds : new int[] {1, 2, 4, 8, 10, 10, 10}) {
            assertThat(restarts.decide(FAILURE, false, SECOND, 0).backOff()).isEqualTo(Duration.ofSeconds(seconds));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(restarts.decide(FAILURE, false, SECOND, 0).backOff()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void chanceTakesAQuarterOffAtTheMost() {
        for (int random : new int[] {0, 1, 12, 25, 26, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            Duration backOff = restarts(0, random).decide(FAILURE, false, 0, 0).backOff();
            assertThat(backOff).isBetween(Duration.ofMillis(750), Duration.ofSeconds(1));
        }
        assertThat(restarts(0, 25).decide(FAILURE, false, 0, 0).backOff()).isEqualTo(Duration.ofMillis(750));
    }

    @Test
    void limitCountsWithinTheWindowOnly() {
        Restarts restarts = restarts(2, 0);
        assertThat(restarts.decide(FAILURE, false, 0, 0).verdict()).isEqualTo(Restarts.Verdict.AGAIN);
        assertThat(restarts.decide(FAILURE, false, 0, 60 * SECOND).verdict()).isEqualTo(Restarts.Verdict.AGAIN);
        assertThat(restarts.decide(FAILURE, false, 0, 99 * SECOND).verdict()).isEqualTo(Restarts.Verdict.GIVE_UP);
        assertThat(restarts.decide(FAILURE, false, 0, 101 * SECOND).verdict()).isEqualTo(Restarts.Verdict.AGAIN);
    }

    @Test
    void healthyLifeForgetsWhatWasBefore() {
        Restarts restarts = restarts(2, 0);
        restarts.decide(FAILURE, false, 0, 0);
        restarts.decide(FAILURE, false, 0, 0);
        Restarts.Decision decision = restarts.decide(FAILURE, false, 60 * SECOND, 60 * SECOND);
        assertThat(decision.verdict()).isEqualTo(Restarts.Verdict.AGAIN);
        assertThat(decision.backOff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(restarts.count()).isEqualTo(1);
    }

    @Test
    void onlyFailuresCountAsFailures() {
        RestartPolicy onFailure = policy(RestartPolicy.Mode.ON_FAILURE, 0);
        assertThat(onFailure.wants(ExitStatus.exited(0), false)).isFalse();
        assertThat(onFailure.wants(ExitStatus.exited(7), false))
                .as("mapped to 0")
                .isFalse();
        assertThat(onFailure.wants(ExitStatus.exited(1), false)).isTrue();
        assertThat(onFailure.wants(ExitStatus.killedBy(Signals.KILL), false)).isTrue();
        for (int signal : new int[] {Signals.TERM, Signals.INT, Signals.HUP, Signals.PIPE}) {
            assertThat(onFailure.wants(ExitStatus.killedBy(signal), false)).isFalse();
        }
        assertThat(onFailure.wants(ExitStatus.exited(0), true))
                .as("never ready")
                .isTrue();
        assertThat(policy(RestartPolicy.Mode.ALWAYS, 0).wants(ExitStatus.exited(0), false))
                .isTrue();
        assertThat(policy(RestartPolicy.Mode.NO, 0).wants(FAILURE, true)).isFalse();
    }
}
