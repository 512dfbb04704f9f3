package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a server counts as ready, when it is too late for that, and when to look again. */
class ReadinessTest {
    /** Privileged, and of a service that nobody runs any more (tcpmux). */
    private static final int UNUSED_PORT = 1;

    private static final int DESCRIPTOR = 3;

    private final HandTurnedTicker ticker = new HandTurnedTicker();

    private Readiness with(String settings) {
        List<String> words = List.of(settings.split(" "));
        return new Readiness(
                new ReadinessSettings(
                        words.contains("timeout") ? Optional.of(Duration.ofSeconds(1)) : Optional.empty(),
                        "",
                        words.contains("port") ? UNUSED_PORT : 0,
                        words.contains("log") ? "up" : "",
                        words.contains("newline") ? DESCRIPTOR : 0,
                        words.contains("command") ? "true" : "",
                        Duration.ofSeconds(5),
                        Optional.empty()),
                () -> {
                    throw new AssertionError("nothing is started here");
                },
                new ScriptedTree(1),
                ticker);
    }

    /** Brings the events about, such as "matched 10": a line of the output matched at 10 ms. Whether it became ready. */
    private boolean meets(Readiness readiness, String events) {
        boolean becameReady = false;
        for (String event : events.isEmpty() ? new String[0] : events.split(", ")) {
            String[] words = event.split(" ");
            ticker.turnTo(Long.parseLong(words[1]));
            switch (words[0]) {
                case "told" -> readiness.told();
                case "matched" -> readiness.logMatched();
                case "newline" -> readiness.newlineCame();
                case "closed" -> readiness.endedWithoutNewline();
                case "extend" -> readiness.extendTo(ticker.nanosAt(Long.parseLong(words[3])));
                case "give-up" -> assertThat(readiness.giveUp()).isEmpty();
                case "look" -> readiness.look();
                default -> throw new AssertionError(event);
            }
            becameReady |= readiness.becameReady();
        }
        return becameReady;
    }

    /** A server that was started at 0, perhaps with a timeout of 1000; what happens, and what is seen of it later. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            settings            | events                             | seen at | ready | too late | next deadline
            none                | ''                                 | 100000  | false | false    | never
            none                | told 5                             | 5       | true  | false    | never
            none                | matched 5                          | 5       | false | false    | never
            none                | extend 5 to 3000                   | 5000    | false | false    | never
            timeout             | ''                                 | 999     | false | false    | 1000
            timeout             | ''                                 | 1000    | false | true     | 1000
            timeout             | told 999                           | 5000    | true  | false    | never
            timeout             | extend 500 to 3000                 | 2999    | false | false    | 3000
            timeout             | extend 500 to 3000                 | 3000    | false | true     | 3000
            timeout             | extend 500 to 700                  | 999     | false | false    | 1000
            timeout             | told 500, extend 600 to 3000       | 5000    | true  | false    | never
            timeout             | give-up 500                        | 5000    | false | false    | never
            timeout             | give-up 500, extend 600 to 3000    | 5000    | false | false    | never
            timeout log         | told 10                            | 10      | false | false    | 1000
            timeout log         | told 10                            | 1000    | false | true     | 1000
            timeout log         | matched 10                         | 5000    | true  | false    | never
            log newline         | matched 10                         | 10      | false | false    | never
            log newline         | newline 10                         | 10      | false | false    | never
            log newline         | newline 10, matched 20             | 20      | true  | false    | never
            timeout newline     | closed 10                          | 10      | false | false    | 1000
            timeout newline     | closed 10                          | 1000    | false | true     | 1000
            timeout newline     | newline 10, closed 20              | 5000    | true  | false    | never
            timeout newline     | give-up 10                         | 5000    | false | false    | never
            timeout port        | ''                                 | 0       | false | false    | 10
            timeout port        | told 5                             | 5       | false | false    | 10
            timeout port        | look 9                             | 9       | false | false    | 10
            timeout port        | look 10                            | 10      | false | false    | 25
            timeout port        | look 10, look 25                   | 25      | false | false    | 47
            timeout port        | look 990                           | 999     | false | false    | 1000
            timeout port        | look 990                           | 1000    | false | true     | 1000
            timeout port        | look 10, give-up 20                | 5000    | false | false    | never
            timeout command     | told 10                            | 10      | false | false    | 20
            timeout command     | give-up 10                         | 5000    | false | false    | never
            timeout command log | matched 10                         | 10      | false | false    | 20
            """)
    void eachEventCountsWhereItWasAskedFor(
            String settings, String events, long seenAt, boolean ready, boolean tooLate, String deadline) {
        try (Readiness readiness = with(settings)) {
            boolean becameReady = meets(readiness, events);
            ticker.turnTo(seenAt);
            assertThat(becameReady).as("became ready").isEqualTo(ready);
            assertThat(readiness.isReady()).as("is ready").isEqualTo(ready);
            assertThat(readiness.isTooLate()).as("too late").isEqualTo(tooLate);
            assertThat(HandTurnedTicker.text(readiness.deadline()))
                    .as("next deadline")
                    .isEqualTo(deadline);
        }
    }

    @Test
    void becomesReadyOnce() {
        try (Readiness readiness = with("timeout")) {
            assertThat(meets(readiness, "told 10")).isTrue();
            assertThat(meets(readiness, "told 20")).isFalse();
            assertThat(readiness.isReady()).isTrue();
        }
    }

    /** A port that nobody listens on is looked at ever more rarely, but five times a second to the end. */
    @Test
    void portIsLookedAtEverMoreRarely() {
        try (Readiness readiness = with("port")) {
            long last = 0;
            long pause = 0;
            for (int look = 0; look < 20; look++) {
                long next = Long.parseLong(HandTurnedTicker.text(readiness.deadline()));
                assertThat(next - last).isBetween(pause, 200L);
                pause = next - last;
                last = next;
                ticker.turnTo(next + 1);
                readiness.look();
                last = next + 1;
            }
            assertThat(pause).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            settings    | events     | missing
            timeout     | ''         | it has not said READY=1
            log         | ''         | no line of its output matched
            log         | told 1     | no line of its output matched
            newline     | ''         | no newline came on its descriptor 3
            newline     | closed 1   | its descriptor 3 was closed without a newline
            log newline | matched 1  | no newline came on its descriptor 3
            log newline | ''         | no line of its output matched; no newline came on its descriptor 3
            command     | ''         | the ready command was not run yet
            port        | ''         | on port 1 listens nobody
            """)
    void namesWhatIsMissing(String settings, String events, String missing) {
        try (Readiness readiness = with(settings)) {
            meets(readiness, events);
            assertThat(readiness.whatIsMissing()).isEqualTo(missing);
        }
    }
}
