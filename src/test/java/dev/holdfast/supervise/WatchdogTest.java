package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a server that has to tell that it is alive counts as stuck. As sd_notify(3) and systemd.service(5) have it. */
class WatchdogTest {
    private static final long MILLIS = 1_000_000;

    private final HandTurnedTicker ticker = new HandTurnedTicker();

    /** A watchdog that got into a state by the time 0; its period is 1000 ms where it has one. */
    private Watchdog in(String state) {
        Optional<Duration> period =
                state.startsWith("no period") ? Optional.empty() : Optional.of(Duration.ofSeconds(1));
        ticker.turnTo(state.equals("expired") ? -500 : 0);
        Watchdog watchdog = new Watchdog(period, ticker);
        switch (state) {
            case "no period, not started", "not started" -> {}
            case "no period, started", "started", "expired" -> watchdog.start();
            case "stopped" -> {
                watchdog.start();
                watchdog.stop();
            }
            case "switched off" -> {
                watchdog.start();
                watchdog.setPeriod(0);
            }
            default -> throw new AssertionError(state);
        }
        return watchdog;
    }

    private void meets(Watchdog watchdog, String event) {
        switch (event) {
            case "start" -> watchdog.start();
            case "stop" -> watchdog.stop();
            case "ping" -> watchdog.ping();
            case "period 300" -> watchdog.setPeriod(300 * MILLIS);
            case "period 0" -> watchdog.setPeriod(0);
            case "extend to 700" -> watchdog.extendTo(ticker.nanosAt(700));
            case "extend to 1500" -> watchdog.extendTo(ticker.nanosAt(1500));
            case "trigger" -> watchdog.trigger();
            default -> throw new AssertionError(event);
        }
    }

    /** State at 0, and for each event that comes at 600 when it expires then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            state                  | start | stop  | ping  | period 300 | period 0 | extend to 700 | extend to 1500 | trigger
            no period, not started | never | never | never | never      | never    | never         | never          | never
            no period, started     | never | never | never | 900        | never    | never         | never          | 600
            not started            | 1600  | never | never | never      | never    | never         | never          | never
            started                | 1600  | never | 1600  | 900        | never    | 1000          | 1500           | 600
            expired                | 1600  | never | 1600  | 900        | never    | 700           | 1500           | 600
            stopped                | 1600  | never | never | never      | never    | never         | never          | never
            switched off           | never | never | never | 900        | never    | never         | never          | 600
            """)
    void eachEventSetsWhenItExpires(
            String state,
            String start,
            String stop,
            String ping,
            String period,
            String noPeriod,
            String extendLess,
            String extendMore,
            String trigger) {
        String[] events = {
            "start", "stop", "ping", "period 300", "period 0", "extend to 700", "extend to 1500", "trigger"
        };
        String[] expected = {start, stop, ping, period, noPeriod, extendLess, extendMore, trigger};
        for (int i = 0; i < events.length; i++) {
            Watchdog watchdog = in(state);
            ticker.turnTo(600);
            meets(watchdog, events[i]);
            assertThat(HandTurnedTicker.text(watchdog.deadline()))
                    .as("%s, then %s", state, events[i])
                    .isEqualTo(expected[i]);
        }
    }

    @Test
    void expiresWithItsPeriodAndNotBefore() {
        Watchdog watchdog = in("started");
        ticker.turnTo(999);
        assertThat(watchdog.hasExpired()).isFalse();
        ticker.turnTo(1000);
        assertThat(watchdog.hasExpired()).isTrue();
        watchdog.ping();
        assertThat(watchdog.hasExpired()).isFalse();
        ticker.turnTo(2000);
        assertThat(watchdog.hasExpired()).isTrue();
    }

    @Test
    void neverExpiresWhileItDoesNotRun() {
        for (String state : new String[] {"no period, started", "not started", "stopped", "switched off"}) {
            Watchdog watchdog = in(state);
            ticker.turnTo(Duration.ofDays(365).toMillis());
            assertThat(watchdog.hasExpired()).as(state).isFalse();
        }
    }
}
