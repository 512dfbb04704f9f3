package dev.holdfast.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts of what the checks of a tenure find, whether it is news, and when the next check is due. */
class TenureWatchTest {
    private final HandTurnedTicker ticker = new HandTurnedTicker();

    /** Checks each minute: those before the last, the last one, what counts, whether it is news, seconds to the next. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                     | INTACT       | INTACT       | false | 60
                                     | RESTORED     | RESTORED     | true  | 60
            RESTORED                 | RESTORED     | RESTORED     | true  | 60
            RESTORED                 | INTACT       | INTACT       | true  | 60
                                     | UNREPAIRABLE | UNREPAIRABLE | true  | 1
            UNREPAIRABLE             | UNREPAIRABLE | UNREPAIRABLE | false | 2
            UNREPAIRABLE*2           | UNREPAIRABLE | UNREPAIRABLE | false | 4
            UNREPAIRABLE*6           | UNREPAIRABLE | UNREPAIRABLE | false | 60
            UNREPAIRABLE*90000       | UNREPAIRABLE | UNREPAIRABLE | false | 60
            UNREPAIRABLE*5           | RESTORED     | RESTORED     | true  | 60
            UNREPAIRABLE*5 RESTORED  | UNREPAIRABLE | UNREPAIRABLE | true  | 1
            UNREPAIRABLE*5           | LOST         | UNREPAIRABLE | false | 1
                                     | LOST         | INTACT       | false | 1
            UNREPAIRABLE             | LOST         | UNREPAIRABLE | false | 1
            LOST                     | LOST         | LOST         | true  | 60
            LOST LOST                | LOST         | LOST         | false | 60
            LOST                     | INTACT       | INTACT       | false | 60
            LOST INTACT              | LOST         | INTACT       | false | 1
            LOST RESTORED            | LOST         | RESTORED     | false | 1
            LOST LOST                | RESTORED     | RESTORED     | true  | 60
            """)
    void checksAreJudged(String before, LockCheck found, LockCheck counts, boolean isNews, long seconds) {
        TenureWatch watch = new TenureWatch(Duration.ofSeconds(60), ticker);
        for (String earlier : before == null ? new String[0] : before.split(" ")) {
            String[] times = earlier.split("\\*");
            for (int i = 0; i < (times.length == 1 ? 1 : Integer.parseInt(times[1])); i++) {
                var unused = watch.judge(LockCheck.valueOf(times[0]), Long.MAX_VALUE);
            }
        }
        assertThat(watch.judge(found, Long.MAX_VALUE)).isEqualTo(counts);
        assertThat(watch.isNews()).isEqualTo(isNews);
        assertThat(watch.untilNext()).isEqualTo(Duration.ofSeconds(seconds));
    }

    /** One that ends at 90 s unless it is renewed: when it is checked, what counts, and milliseconds to the next check. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                0 | INTACT | INTACT | 60000
            40000 | INTACT | INTACT | 50000
            89999 | INTACT | INTACT | 1
            90000 | INTACT | LOST   | 60000
            99999 | INTACT | LOST   | 60000
            40000 | LOST   | INTACT | 1000
            89500 | LOST   | INTACT | 500
            90000 | LOST   | LOST   | 60000
            """)
    void timeAloneEndsIt(long at, LockCheck found, LockCheck counts, long next) {
        TenureWatch watch = new TenureWatch(Duration.ofSeconds(60), ticker);
        ticker.turnTo(at);
        assertThat(watch.judge(found, ticker.nanosAt(90_000))).isEqualTo(counts);
        assertThat(watch.untilNext()).isEqualTo(Duration.ofMillis(next));
    }
}
