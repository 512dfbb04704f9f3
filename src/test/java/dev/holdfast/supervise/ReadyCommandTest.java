package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the ready command is run, ended and run again. Nothing is started: the news of its runs comes from the table. */
class ReadyCommandTest {
    /** Above the kernel's PID_MAX_LIMIT of 2^22: no process has it, so nobody gets the signals for it. */
    private static final int NOBODY = 1 << 23;

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final List<Integer> runs = new ArrayList<>();

    /** Created at 0, with 500 ms for each run. */
    private ReadyCommand command(int pid) {
        ticker.turnTo(0);
        runs.clear();
        return new ReadyCommand(
                () -> {
                    runs.add(pid);
                    return new ScriptedRun(pid);
                },
                Duration.ofMillis(500),
                ticker);
    }

    private void meets(ReadyCommand command, String events) {
        for (String event : events.split(", ")) {
            String[] words = event.split(" ");
            ticker.turnTo(Long.parseLong(words[words.length - 1]));
            switch (words[0]) {
                case "look" -> command.look();
                case "code" -> command.reaped(news(Children.Change.EXITED, Integer.parseInt(words[1])));
                case "signal" -> command.reaped(news(Children.Change.KILLED, Integer.parseInt(words[1])));
                case "stopped" -> command.reaped(news(Children.Change.STOPPED, 19));
                case "other" -> command.reaped(new Children.News(Children.Change.EXITED, NOBODY + 1, 0));
                case "give-up" -> assertThat(command.giveUp()).isEmpty();
                default -> throw new AssertionError(event);
            }
        }
    }

    private static Children.News news(Children.Change change, int status) {
        return new Children.News(change, NOBODY, status);
    }

    /** What led to a state, with the time at the end of each event, the event, and what comes of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            before                             | event       | runs | succeeded | deadline | last
            look 0                             | look 19     | 0    | false     | 20       | was not run yet
            look 0                             | look 20     | 1    | false     | 520      | was not run yet
            look 0                             | code 0 600  | 0    | false     | 20       | was not run yet
            look 0                             | give-up 600 | 0    | false     | never    | was not run yet
            look 20                            | look 519    | 1    | false     | 520      | was not run yet
            look 20                            | look 520    | 1    | false     | 540      | took longer than its time
            look 20                            | code 0 30   | 1    | true      | never    | ended with code 0
            look 20                            | code 3 30   | 1    | false     | 50       | ended with code 3
            look 20                            | signal 9 30 | 1    | false     | 50       | died of SIGKILL
            look 20                            | stopped 30  | 1    | false     | 520      | was not run yet
            look 20                            | other 30    | 1    | false     | 520      | was not run yet
            look 20                            | give-up 30  | 1    | false     | 50       | was not run yet
            look 20, look 520                  | look 530    | 1    | false     | 540      | took longer than its time
            look 20, look 520                  | look 540    | 1    | false     | 560      | took longer than its time
            look 20, look 520                  | code 0 530  | 1    | false     | 550      | took longer than its time
            look 20, look 520                  | signal 9 530| 1    | false     | 550      | took longer than its time
            look 20, code 3 30                 | look 49     | 1    | false     | 50       | ended with code 3
            look 20, code 3 30                 | look 50     | 2    | false     | 550      | ended with code 3
            look 20, code 3 30                 | code 0 40   | 1    | false     | 50       | ended with code 3
            look 20, code 3 30                 | give-up 40  | 1    | false     | never    | ended with code 3
            look 20, code 3 30, look 50        | code 4 60   | 2    | false     | 100      | ended with code 4
            look 20, code 3 30, look 50        | code 0 60   | 2    | true      | never    | ended with code 0
            look 20, code 0 30                 | look 600    | 1    | true      | never    | ended with code 0
            look 20, code 0 30                 | code 3 40   | 1    | true      | never    | ended with code 0
            look 20, code 0 30                 | give-up 40  | 1    | true      | never    | ended with code 0
            look 20, give-up 30                | look 50     | 1    | false     | 70       | took longer than its time
            look 20, give-up 30                | signal 9 40 | 1    | false     | never    | was not run yet
            look 20, give-up 30                | code 0 40   | 1    | false     | never    | was not run yet
            look 20, give-up 30, signal 9 40   | look 600    | 1    | false     | never    | was not run yet
            """)
    void eachEventHasItsEffect(
            String before, String event, int expectedRuns, boolean succeeded, String deadline, String last) {
        try (ReadyCommand command = command(NOBODY)) {
            meets(command, before);
            meets(command, event);
            assertThat(runs).as("runs").hasSize(expectedRuns);
            assertThat(command.hasSucceeded()).as("succeeded").isEqualTo(succeeded);
            assertThat(HandTurnedTicker.text(command.deadline())).as("deadline").isEqualTo(deadline);
            assertThat(command.last()).isEqualTo(last);
        }
    }

    @Test
    void whatCannotBeStartedIsTriedAgain() {
        try (ReadyCommand command = command(-1)) {
            meets(command, "look 20");
            assertThat(command.last()).isEqualTo("cannot be run");
            assertThat(HandTurnedTicker.text(command.deadline())).isEqualTo("40");
            meets(command, "look 40");
            assertThat(runs).hasSize(2);
        }
    }

    @Test
    void pausesDoubleUpToASecond() {
        try (ReadyCommand command = command(NOBODY)) {
            long now = 20;
            for (long pause : new long[] {20, 40, 80, 160, 320, 640, 1000, 1000}) {
                meets(command, "look " + now);
                meets(command, "code 1 " + now);
                assertThat(HandTurnedTicker.text(command.deadline())).isEqualTo(String.valueOf(now + pause));
                now += pause;
            }
        }
    }
}
