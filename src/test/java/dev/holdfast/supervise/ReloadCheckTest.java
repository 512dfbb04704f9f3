package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.control.ReloadObstacle;
import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.testkit.HandTurnedTicker;
import dev.holdfast.waiting.Ticker;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is seen of a server's signals, look by look, and what follows. The ticker is turned by hand: nothing waits. */
class ReloadCheckTest {
    private static final long HUP = 1L << (Signals.HUP - 1);

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private int looks;

    /** What each look sees (the last one again and again), after how many the answer is known, and the answer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            seen                            | looks | obstacle
            caught                          | 1     | ''
            default                         | 1     | no handler for SIGHUP: the server would die of it
            ignored                         | 1     | the server ignores SIGHUP
            gone                            | 1     | it cannot be told what the server does at SIGHUP, since /proc does not show it
            blocked caught                  | 2     | ''
            blocked blocked default         | 3     | no handler for SIGHUP: the server would die of it
            blocked gone                    | 2     | it cannot be told what the server does at SIGHUP, since /proc does not show it
            blocked                         | 20    | ''
            """)
    void signalThatIsOnlyBlockedIsLookedAtAgain(String seen, int expectedLooks, String obstacle) {
        ticker.turnTo(0);
        ReloadCheck check = new ReloadCheck(() -> next(seen.split(" ")), Signals.HUP, ticker);
        boolean isDecided = check.look();
        for (int millis = 1; !isDecided; millis++) {
            assertThat(HandTurnedTicker.text(check.deadline())).isEqualTo(Integer.toString(millis));
            assertThat(check.look()).as("before its time").isFalse();
            ticker.turnTo(millis);
            isDecided = check.look();
        }
        assertThat(check.obstacle().map(ReloadObstacle::words).orElse("")).isEqualTo(obstacle);
        assertThat(looks).isEqualTo(expectedLooks);
        assertThat(check.deadline()).isEqualTo(Ticker.NEVER);
    }

    private Optional<SignalDispositions> next(String... seen) {
        String now = seen[Math.min(looks, seen.length - 1)];
        looks++;
        return switch (now) {
            case "caught" -> Optional.of(new SignalDispositions(0, HUP, 0));
            case "blocked" -> Optional.of(new SignalDispositions(0, 0, HUP));
            case "ignored" -> Optional.of(new SignalDispositions(HUP, 0, 0));
            case "default" -> Optional.of(new SignalDispositions(0, 0, 0));
            case "gone" -> Optional.empty();
            default -> throw new AssertionError(now);
        };
    }
}
