package dev.holdfast.supervise;

import static dev.holdfast.supervise.Restarts.Verdict.AGAIN;
import static dev.holdfast.supervise.Restarts.Verdict.GIVE_UP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which ends are followed by a start, after how long, and when it is enough. supervisord S11 and S12. */
class RestartsTest {
    private static final long MILLIS = 1_000_000;
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

    private final HandTurnedTicker ticker = new HandTurnedTicker();

    private Restarts restarts(int limit, int random) {
        return new Restarts(policy(RestartPolicy.Mode.ON_FAILURE, limit), ticker, () -> random);
    }

    /** Decides of a failure. */
    private static Restarts.Decision afterFailure(Restarts restarts, long ranMillis) {
        return restarts.decide(FAILURE, false, ranMillis * MILLIS);
    }

    @Test
    void backOffDoublesUpToItsCeiling() {
        Restarts restarts = restarts(0, 0);
        for (int seconds : new int[] {1, 2, 4, 8, 10, 10, 10}) {
            assertThat(afterFailure(restarts, 1000).backOff()).isEqualTo(Duration.ofSeconds(seconds));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(afterFailure(restarts, 1000).backOff()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void chanceTakesAQuarterOffAtTheMost() {
        for (int random : new int[] {0, 1, 12, 25, 26, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            Duration backOff = afterFailure(restarts(0, random), 0).backOff();
            assertThat(backOff).isBetween(Duration.ofMillis(750), Duration.ofSeconds(1));
        }
        assertThat(afterFailure(restarts(0, 25), 0).backOff()).isEqualTo(Duration.ofMillis(750));
    }

    @Test
    void limitCountsWithinTheWindowOnly() {
        Restarts restarts = restarts(2, 0);
        assertThat(afterFailure(restarts, 0).verdict()).isEqualTo(AGAIN);
        ticker.turnTo(60_000);
        assertThat(afterFailure(restarts, 0).verdict()).isEqualTo(AGAIN);
        ticker.turnTo(99_000);
        assertThat(afterFailure(restarts, 0).verdict()).isEqualTo(GIVE_UP);
        ticker.turnTo(101_000);
        assertThat(afterFailure(restarts, 0).verdict()).isEqualTo(AGAIN);
    }

    @Test
    void healthyLifeForgetsWhatWasBefore() {
        Restarts restarts = restarts(2, 0);
        afterFailure(restarts, 0);
        afterFailure(restarts, 0);
        ticker.turnTo(60_000);
        Restarts.Decision decision = afterFailure(restarts, 60_000);
        assertThat(decision.verdict()).isEqualTo(AGAIN);
        assertThat(decision.backOff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(restarts.count()).isEqualTo(1);
    }

    /** How a server ended, and for each policy whether it is started again. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            end                 | NO        | ON_FAILURE | ALWAYS
            code 0              | STAY_DOWN | STAY_DOWN  | AGAIN
            code 0, never ready | STAY_DOWN | AGAIN      | AGAIN
            code 1              | STAY_DOWN | AGAIN      | AGAIN
            code 7              | STAY_DOWN | STAY_DOWN  | AGAIN
            code 7, never ready | STAY_DOWN | AGAIN      | AGAIN
            code 255            | STAY_DOWN | AGAIN      | AGAIN
            signal 15           | STAY_DOWN | STAY_DOWN  | AGAIN
            signal 1            | STAY_DOWN | STAY_DOWN  | AGAIN
            signal 2            | STAY_DOWN | STAY_DOWN  | AGAIN
            signal 13           | STAY_DOWN | STAY_DOWN  | AGAIN
            signal 9            | STAY_DOWN | AGAIN      | AGAIN
            signal 6            | STAY_DOWN | AGAIN      | AGAIN
            signal 11           | STAY_DOWN | AGAIN      | AGAIN
            """)
    void eachPolicyWantsItsEnds(
            String end, Restarts.Verdict never, Restarts.Verdict onFailure, Restarts.Verdict always) {
        String[] words = end.split("[ ,]+");
        int number = Integer.parseInt(words[1]);
        ExitStatus status = words[0].equals("code") ? ExitStatus.exited(number) : ExitStatus.killedBy(number);
        Map<RestartPolicy.Mode, Restarts.Verdict> expected = Map.of(
                RestartPolicy.Mode.NO, never,
                RestartPolicy.Mode.ON_FAILURE, onFailure,
                RestartPolicy.Mode.ALWAYS, always);
        expected.forEach((mode, verdict) -> {
            Restarts restarts = new Restarts(policy(mode, 0), ticker, () -> 0);
            Restarts.Decision decision = restarts.decide(status, end.endsWith("never ready"), 0);
            assertThat(decision.verdict()).as("%s, %s", mode, end).isEqualTo(verdict);
            boolean comesBack = verdict == AGAIN;
            assertThat(decision.backOff()).isEqualTo(comesBack ? Duration.ofSeconds(1) : Duration.ZERO);
            assertThat(restarts.count()).isEqualTo(comesBack ? 1 : 0);
        });
    }

    /**
     * Failures at certain times, all in milliseconds, of a server whose restarts are limited to three in 100 s: what
     * comes of another one, by how long that life was. A life of 60 s was healthy.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            failures before  | now    | ran   | verdict | back-off | counted
            ''               | 0      | 0     | AGAIN   | 1000     | 1
            ''               | 0      | 60000 | AGAIN   | 1000     | 1
            0                | 500    | 500   | AGAIN   | 2000     | 2
            0                | 60000  | 59999 | AGAIN   | 2000     | 2
            0                | 60000  | 60000 | AGAIN   | 1000     | 1
            0                | 100000 | 1     | AGAIN   | 2000     | 2
            0                | 100001 | 1     | AGAIN   | 2000     | 1
            0 10 20          | 30     | 10    | GIVE_UP | 0        | 3
            0 10 20          | 100000 | 10    | GIVE_UP | 0        | 3
            0 10 20          | 100001 | 10    | AGAIN   | 8000     | 3
            0 10 20          | 100021 | 10    | AGAIN   | 8000     | 1
            0 10 20          | 60020  | 60000 | AGAIN   | 1000     | 1
            0 50000 99000    | 100001 | 10    | AGAIN   | 8000     | 3
            0 10 20 30       | 40     | 10    | GIVE_UP | 0        | 3
            """)
    void historyDecidesOfTheNextFailure(
            String before, long now, long ran, Restarts.Verdict verdict, long backOff, int counted) {
        Restarts restarts = restarts(3, 0);
        for (String at : before.isEmpty() ? new String[0] : before.split(" ")) {
            ticker.turnTo(Long.parseLong(at));
            afterFailure(restarts, 0);
        }
        ticker.turnTo(now);
        assertThat(afterFailure(restarts, ran)).isEqualTo(new Restarts.Decision(verdict, Duration.ofMillis(backOff)));
        assertThat(restarts.count()).isEqualTo(counted);
    }

    @Test
    void onlyFailuresCountAsFailures() {
        RestartPolicy onFailure = policy(RestartPolicy.Mode.ON_FAILURE, 0);
        assertThat(isWanted(onFailure, ExitStatus.exited(0), false)).isFalse();
        assertThat(isWanted(onFailure, ExitStatus.exited(7), false))
                .as("mapped to 0")
                .isFalse();
        assertThat(isWanted(onFailure, ExitStatus.exited(1), false)).isTrue();
        assertThat(isWanted(onFailure, ExitStatus.killedBy(Signals.KILL), false))
                .isTrue();
        for (int signal : new int[] {Signals.TERM, Signals.INT, Signals.HUP, Signals.PIPE}) {
            assertThat(isWanted(onFailure, ExitStatus.killedBy(signal), false)).isFalse();
        }
        assertThat(isWanted(onFailure, ExitStatus.exited(0), true))
                .as("never ready")
                .isTrue();
        assertThat(isWanted(policy(RestartPolicy.Mode.ALWAYS, 0), ExitStatus.exited(0), false))
                .isTrue();
        assertThat(isWanted(policy(RestartPolicy.Mode.NO, 0), FAILURE, true)).isFalse();
    }

    private static boolean isWanted(RestartPolicy policy, ExitStatus status, boolean failed) {
        Restarts restarts = new Restarts(policy, new HandTurnedTicker(), () -> 0);
        return restarts.decide(status, failed, 0).verdict() == Restarts.Verdict.AGAIN;
    }
}
