package dev.holdfast.posix.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signal names as people and kill(1) write them. */
class SignalsTest {
    @ParameterizedTest
    @CsvSource({
        "TERM,15",
        "SIGTERM,15",
        "sigint,2",
        "9,9",
        "64,64",
        "RTMIN+0,34",
        "SIGRTMIN+1,35",
        "rtmin+30,64",
        "SYS,31"
    })
    void nameOrNumberIsRead(String text, int number) {
        assertThat(Signals.parse(text)).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "65",
                "-1",
                "+5",
                "SIG",
                "SIGSIGTERM",
                "TERMINATE",
                "RTMIN+31",
                "RTMIN+",
                "1.5",
                " 9",
                "999"
            })
    void nonsenseIsNone(String text) {
        assertThat(Signals.parse(text)).isEmpty();
    }

    @Test
    void everyNumberIsReadBackFromItsName() {
        for (int number = 1; number <= Signals.HIGHEST; number++) {
            assertThat(Signals.parse(Signals.name(number))).hasValue(number);
            assertThat(Signals.parse("SIG" + Signals.name(number))).hasValue(number);
        }
    }

    @Test
    void stopSignalsAreTakenAndTheJvmsOwnAreNot() {
        for (int number : new int[] {Signals.HUP, Signals.INT, Signals.QUIT, Signals.TERM, Signals.CHLD, 34, 64}) {
            assertThat(Signals.isTaken(number)).as("%d", number).isTrue();
        }
        for (int number : new int[] {Signals.KILL, Signals.STOP, 4, 5, 7, 8, 11, 16, 25, 31, 32, 33, 62}) {
            assertThat(Signals.isTaken(number)).as("%d", number).isFalse();
        }
    }

    /** pthread_sigmask(3) returns its error, and does not say -1. */
    @Test
    void maskThatCannotBeSetIsAnError() {
        assertThatThrownBy(() -> Signals.mask(99, Signals.taken().address(), 0))
                .hasMessageContaining("invalid argument");
    }
}
