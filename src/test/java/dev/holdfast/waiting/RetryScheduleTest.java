package dev.holdfast.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HandTurnedTicker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a waiting process looks again, by a clock that is turned by hand. */
class RetryScheduleTest {
    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private long now;

    private void turn(long millis) {
        now += millis;
        ticker.turnTo(now);
    }

    /** The pauses that a wait makes to which nothing happens. */
    private List<Long> pauses(RetrySchedule schedule, int most) {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            var unused = schedule.isOverdue();
            long pause = schedule.nextPause();
            if (pause == Long.MAX_VALUE) {
                millis.add(-1L);
                return millis;
            }
            millis.add(pause / 1_000_000);
            turn(pause / 1_000_000);
        }
        return millis;
    }

    @Test
    void withEventsTheLooksEnd() {
        RetrySchedule schedule = RetrySchedule.byEvents(ticker);
        assertThat(pauses(schedule, 20)).containsExactly(0L, 0L, 1L, 2L, 5L, 10L, 50L, 200L, 1000L, -1L);
        schedule.restart();
        assertThat(pauses(schedule, 20)).startsWith(0L, 0L, 1L).endsWith(-1L);
        assertThat(schedule.isOverdue()).isFalse();
    }

    @Test
    void withEventsThatMayFailTheLooksBecomeRare() {
        List<Long> pauses = pauses(RetrySchedule.byEventsAndTime(ticker), 20);
        assertThat(pauses.subList(0, 7)).containsExactly(0L, 0L, 1L, 2L, 5L, 10L, 50L);
        assertThat(pauses.subList(12, 20)).containsOnly(1000L);
    }

    @Test
    void withoutEventsTheLooksStayFrequent() {
        List<Long> pauses = pauses(RetrySchedule.byTime(ticker), 20);
        assertThat(pauses.subList(10, 20)).containsOnly(100L);
    }

    @Test
    void lookWithoutAnEventIsDueOnceInAWhile() {
        RetrySchedule schedule = RetrySchedule.byEventsAndTime(ticker);
        assertThat(schedule.isOverdue()).isFalse();
        turn(100);
        assertThat(schedule.isOverdue()).isTrue();
        assertThat(schedule.isOverdue()).isFalse();
        turn(199);
        assertThat(schedule.isOverdue()).isFalse();
        turn(1);
        assertThat(schedule.isOverdue()).isTrue();
    }
}
