package dev.holdfast.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Event by event, what the history says of it. Each event comes 100 ms after the one before. */
class HistoryTrailTest {
    private static final InstanceEvent START = new InstanceEvent.Started(11, false);
    private static final InstanceEvent AGAIN = new InstanceEvent.Started(12, true);
    private static final ExitStatus TERM = ExitStatus.killedBy(15);

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final List<String> written = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private String obstacle = "";

    private static InstanceEvent stopping(StopReason reason) {
        return new InstanceEvent.Stopping(11, reason, 15, Duration.ofSeconds(5));
    }

    private static InstanceEvent ended(ExitStatus status) {
        return new InstanceEvent.Ended(11, status);
    }

    private static InstanceEvent gone(ExitStatus status) {
        return new InstanceEvent.Gone(11, status);
    }

    static Stream<Arguments> lives() {
        StopReason asked = StopReason.asked("stop", 99, 7, "");
        String start = "\"event\":\"start\" \"pid\":11 \"version\":\"1\"";
        return Stream.of(
                Arguments.of(
                        "ends by itself",
                        List.of(START, ended(ExitStatus.exited(3)), gone(ExitStatus.exited(3))),
                        List.of(start, "\"event\":\"stop\" \"pid\":11 \"reason\":\"ended\" \"code\":3")),
                Arguments.of(
                        "is stopped by somebody",
                        List.of(START, new InstanceEvent.Ready(11), stopping(asked), ended(TERM), gone(TERM)),
                        List.of(
                                start,
                                "\"event\":\"ready\" \"pid\":11 \"tookMillis\":100",
                                "\"event\":\"stop\" \"pid\":11 \"reason\":\"stop\" \"byPid\":99 \"byUid\":7"
                                        + " \"tookMillis\":200 \"signal\":\"SIGTERM\"")),
                Arguments.of(
                        "is stopped from elsewhere, and killed",
                        List.of(
                                START,
                                stopping(StopReason.asked("yield", 98, 7, "box")),
                                new InstanceEvent.Killing(11, "the grace is over"),
                                gone(ExitStatus.killedBy(9))),
                        List.of(
                                start,
                                "\"event\":\"stop\" \"pid\":11 \"reason\":\"yield\" \"byPid\":98 \"byUid\":7"
                                        + " \"byHost\":\"box\" \"tookMillis\":200 \"signal\":\"SIGKILL\" \"killed\":true")),
                Arguments.of(
                        "its client hangs up, and it ends by that",
                        List.of(
                                START,
                                new InstanceEvent.Draining(
                                        11, StopReason.event("stdin-closed"), Duration.ZERO, Duration.ZERO),
                                gone(ExitStatus.exited(0))),
                        List.of(
                                start,
                                "\"event\":\"stop\" \"pid\":11 \"reason\":\"stdin-closed\" \"tookMillis\":100"
                                        + " \"code\":0")),
                Arguments.of(
                        "is restarted, and gives up",
                        List.of(
                                START,
                                gone(ExitStatus.exited(1)),
                                new InstanceEvent.BackingOff(11, Duration.ofSeconds(2), ExitStatus.exited(1)),
                                AGAIN,
                                gone(ExitStatus.exited(2)),
                                new InstanceEvent.GaveUp(1)),
                        List.of(
                                start,
                                "\"event\":\"restart\" \"pid\":12 \"reason\":\"ended\" \"code\":1 \"delayMillis\":2000",
                                "\"event\":\"stop\" \"pid\":11 \"reason\":\"gave-up\" \"code\":2")),
                Arguments.of(
                        "is never ready, and again after a reload only once",
                        List.of(
                                START,
                                new InstanceEvent.NotReady(11, "port 80"),
                                stopping(StopReason.event("not-ready")),
                                gone(TERM),
                                AGAIN,
                                new InstanceEvent.Ready(12),
                                new InstanceEvent.Ready(12)),
                        List.of(
                                start,
                                "\"event\":\"restart\" \"pid\":12 \"reason\":\"not-ready\" \"tookMillis\":100"
                                        + " \"signal\":\"SIGTERM\"",
                                "\"event\":\"ready\" \"pid\":12 \"tookMillis\":100")),
                Arguments.of(
                        "is redeployed with an overlap",
                        List.of(
                                START,
                                new InstanceEvent.Beside(new InstanceEvent.Started(12, true)),
                                new InstanceEvent.ChangedPlaces(12, true, true, 11),
                                new InstanceEvent.Beside(gone(TERM)),
                                new InstanceEvent.Alone()),
                        List.of(start, "\"event\":\"restart\" \"pid\":12 \"reason\":\"redeploy\"")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lives")
    void eachLifeIsTold(String life, List<InstanceEvent> events, List<String> lines) {
        HistoryTrail trail = trail();
        live(trail, events);
        trail.close();
        assertThat(facts()).as(life).isEqualTo(lines);
    }

    /** A server that ends at once waits for no disk, and writes once. */
    @Test
    void nothingIsWrittenInTheFirstMoment() {
        HistoryTrail trail = trail();
        live(trail, List.of(START));
        assertThat(written).isEmpty();
        ticker.turnTo(Guard.FIRST_LOOK.toMillis());
        trail.run();
        assertThat(written).hasSize(1);
        live(trail, List.of(new InstanceEvent.Ready(11)));
        assertThat(written).as("at once from now on").hasSize(2);
    }

    @Test
    void whatCannotBeWrittenIsTold() {
        obstacle = "the disk is full";
        HistoryTrail trail = trail();
        trail.run();
        live(trail, List.of(START, new InstanceEvent.Ready(11), gone(TERM)));
        trail.close();
        assertThat(logged).containsExactly("DEBUG no line in the history: the disk is full");
    }

    @Test
    void predecessorThatWasNotEndedByThisStartHasCrashed() {
        Takeover takeover = new Takeover(5, "5-00000000", "forced");
        assertThat(new Predecessors(null, record("5-00000000", HandOff.SUPERVISE)).crashed())
                .isPresent();
        assertThat(new Predecessors(takeover, record("6-00000000", HandOff.SUPERVISE)).crashed())
                .isPresent();
        assertThat(new Predecessors(takeover, record("5-00000000", HandOff.SUPERVISE)).crashed())
                .as("killed by this start")
                .isEmpty();
        assertThat(new Predecessors(null, record("5-00000000", HandOff.EXEC)).crashed())
                .as("nobody removes its record")
                .isEmpty();
        assertThat(new Predecessors(takeover, null).crashed()).isEmpty();
    }

    private HistoryTrail trail() {
        Journal journal = new Journal(
                LogLevel.DEBUG, () -> entry -> logged.add(entry.level().name() + " " + entry.text()));
        journal.open();
        return new HistoryTrail(
                record("1-0a0b0c0d", HandOff.SUPERVISE),
                new HistoryTrail.Appender() {
                    @Override
                    public String append(String lines) {
                        written.add(lines);
                        return obstacle;
                    }
                },
                journal,
                ticker);
    }

    private void live(HistoryTrail trail, List<InstanceEvent> events) {
        int millis = 0;
        for (InstanceEvent event : events) {
            ticker.turnTo(millis);
            trail.happened(event);
            millis += 100;
        }
    }

    /** Without what all of them have. */
    private List<String> facts() {
        return String.join("", written)
                .lines()
                .map(line -> line.replaceAll("\"time\":\"[^\"]*\",", "")
                        .replace("\"name\":\"orders\",\"instanceId\":\"1-0a0b0c0d\",", "")
                        .replaceAll("[{}]", "")
                        .replace(',', ' '))
                .toList();
    }

    private static LockRecord record(String instanceId, HandOff handOff) {
        return LockRecord.starting(
                ProcessIdentity.ofSelf(),
                "orders",
                "stdio",
                "1",
                instanceId,
                Duration.ofSeconds(5),
                new LockRecord.Care(Optional.of(handOff), false));
    }
}
