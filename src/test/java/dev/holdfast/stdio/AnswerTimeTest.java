package dev.holdfast.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HandTurnedTicker;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A silent client is waited for five seconds, one that was answered for one more, and never longer than five in all. */
class AnswerTimeTest {
    @ParameterizedTest
    @CsvSource({"-1, -1, 5000", "0, -1, 1000", "3000, -1, 4000", "4500, -1, 5000", "200, 900, 1200"})
    void endsAt(int firstAnswer, int secondAnswer, int end) {
        HandTurnedTicker ticker = new HandTurnedTicker();
        AnswerTime time = new AnswerTime(ticker);
        for (int answer : new int[] {firstAnswer, secondAnswer}) {
            if (answer >= 0) {
                ticker.turnTo(answer);
                time.answered();
            }
        }
        assertThat(HandTurnedTicker.text(time.deadline())).isEqualTo(String.valueOf(end));
        ticker.turnTo(end - 1);
        assertThat(time.isOver()).isFalse();
        ticker.turnTo(end);
        assertThat(time.isOver()).isTrue();
    }
}
