package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.settings.Forwarding;
import dev.holdfast.settings.KillMode;
import dev.holdfast.settings.LauncherDeath;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.settings.SignalTarget;
import dev.holdfast.settings.StopSettings;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states of a server and all that happens in each of them, in milliseconds and without a process. */
class ServerLifeTest {
    private static final int SERVER = 1000;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final ScriptedTree tree = new ScriptedTree(SERVER);
    private final List<String> told = new ArrayList<>();

    static SupervisorSettings settings(boolean watchClient, RestartPolicy.Mode restart) {
        return new SupervisorSettings(
                new StopSettings(GRACE, 0, KillMode.TREE, LauncherDeath.TERM),
                watchClient,
                new Forwarding(Map.of(), SignalTarget.CHILD, false),
                false,
                new ReadinessSettings(
                        Optional.empty(), "", 0, "", 0, "", Duration.ofSeconds(5), Optional.of(Duration.ofSeconds(3))),
                false,
                () -> {
                    throw new AssertionError("nothing is started here");
                },
                // So short that chance takes nothing off.
                new RestartPolicy(
                        restart,
                        Duration.ofMillis(3),
                        Duration.ofMillis(3),
                        0,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Set.of()));
    }

    /** From a terminal when it comes from the kernel, else from another process. */
    static SignalQueue.Received signal(int number, boolean fromKernel) {
        return new SignalQueue.Received(number, fromKernel, fromKernel ? 0 : 7, 0, 0);
    }

    private ServerLife life(boolean watchClient) {
        ticker.turnTo(0);
        return new ServerLife(tree, settings(watchClient, RestartPolicy.Mode.NO), noting(told), ticker);
    }

    /** Listeners that note what kind of event happens. */
    static InstanceListeners noting(List<String> told) {
        InstanceListeners listeners = new InstanceListeners();
        listeners.add(new InstanceListener() {
            @Override
            public void happened(InstanceEvent event) {
                told.add(event.getClass().getSimpleName());
            }
        });
        return listeners;
    }

    private void meets(ServerLife life, String events) {
        for (String event : events.split(", ")) {
            String[] words = event.split(" ");
            long now = Long.parseLong(words[words.length - 1]);
            ticker.turnTo(now);
            switch (words[0]) {
                case "term" -> ask(life, StopReason.signal(signal(Signals.TERM, false)), GRACE);
                case "int" -> ask(life, StopReason.signal(signal(Signals.INT, false)), GRACE);
                case "key" -> ask(life, StopReason.signal(signal(Signals.INT, true)), GRACE);
                case "stop" ->
                    ask(life, StopReason.asked("stop", 7, 0, ""), Duration.ofMillis(Long.parseLong(words[1])));
                case "hangup" -> life.drainForClient("stdin-closed");
                case "says" -> life.notified(Notification.parse(words[1]));
                case "ends" ->
                    ended(life, new Children.News(Children.Change.EXITED, SERVER, Integer.parseInt(words[1])));
                case "dies" ->
                    ended(life, new Children.News(Children.Change.KILLED, SERVER, Integer.parseInt(words[1])));
                case "other" -> ended(life, new Children.News(Children.Change.EXITED, SERVER + 1, 0));
                case "left" -> tree.left = Integer.parseInt(words[1]);
                case "all-gone" -> life.reapingDone(false);
                case "refuses" -> tree.refuses = true;
                case "permits" -> tree.refuses = false;
                case "pid-one" -> tree.endsWithLauncher = true;
                case "pass" -> life.checkDeadlines(ticker.nanoTime());
                default -> throw new AssertionError(event);
            }
        }
    }

    private static void ask(ServerLife life, StopReason reason, Duration grace) {
        var unused = life.requestStop(reason, grace);
    }

    private void ended(ServerLife life, Children.News news) {
        life.childChanged(news);
        life.reapingDone(!tree.isReaped() || tree.left > 0);
    }

    /** What led to a state, with the time at the end of each event; the event; and what comes of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            before                           | event                 | state    | deadline | sent                          | told
            pass 0                           | pass 2999             | RUNNING  | 3000     |                               |
            pass 0                           | term 10               | STOPPING | 1010     | TERM                          | Stopping
            pass 0                           | int 10                | STOPPING | 1010     | INT                           | Stopping
            pass 0                           | key 10                | STOPPING | 1010     | INT group                     | Stopping
            pass 0                           | stop 100 10           | STOPPING | 110      | TERM                          | Stopping
            pass 0                           | stop 0 10             | STOPPING | 10       | TERM                          | Stopping
            pass 0                           | hangup 10             | DRAINING | 510      |                               | Draining
            pass 0                           | says STOPPING=1 10    | DRAINING | 1010     |                               | Draining
            pass 0                           | says WATCHDOG=1 10    | RUNNING  | 3010     |                               |
            pass 0                           | pass 3000             | STOPPING | 4000     | ABRT                          | Stopping
            pass 0                           | ends 3 10             | GONE     | never    |                               | Ended
            pass 0                           | dies 9 10             | GONE     | never    |                               | Ended
            pass 0                           | other 10              | RUNNING  | 3000     |                               |
            pass 0                           | says MAINPID=1007 10  | RUNNING  | 3000     |                               | MainChanged
            says READY=1 10, pass 10         | says READY=1 20       | RUNNING  | 3010     |                               | Ready
            says READY=1 10, pass 10, says RELOADING=1 15 | says READY=1 20 | RUNNING | 3010 |                            | Ready Reloading Ready
            left 2 0                         | ends 3 10             | SWEEPING | 15       | TERM left                     | Ended Sweeping
            refuses 0                        | term 10               | RUNNING  | never    | TERM                          | Refused
            refuses 0                        | stop 100 10           | RUNNING  | never    | TERM                          | Refused
            refuses 0, pid-one 0             | term 10               | STOPPING | 1010     | TERM                          | Refused Stopping
            refuses 0, term 10, permits 20   | term 30               | STOPPING | 1030     | TERM, TERM                    | Refused Stopping
            hangup 10                        | hangup 20             | DRAINING | 510      |                               | Draining
            hangup 10                        | pass 509              | DRAINING | 510      |                               | Draining
            hangup 10                        | pass 510              | STOPPING | 1010     | TERM                          | Draining Stopping
            hangup 10                        | term 20               | STOPPING | 1010     | TERM                          | Draining Stopping
            hangup 10                        | says EXTEND_TIMEOUT_USEC=60000000 20 | DRAINING | 1010 |                    | Draining
            hangup 10                        | pass 3000             | STOPPING | 1010     | TERM                          | Draining Stopping
            hangup 10                        | ends 0 20             | GONE     | never    |                               | Draining Ended
            hangup 10, left 1 20             | ends 0 900            | SWEEPING | 905      | TERM left                     | Draining Ended Sweeping
            hangup 10, left 1 20, ends 0 900 | pass 1010             | KILLING  | 1030     | TERM left, TERM left, KILL all | Draining Ended Sweeping Killing
            says STOPPING=1 10               | pass 1010             | STOPPING | 2010     | TERM                          | Draining Stopping
            term 10                          | term 20               | STOPPING | 1010     | TERM, TERM                    | Stopping
            term 10                          | stop 100 20           | STOPPING | 120      | TERM                          | Stopping
            stop 100 10                      | stop 1000 20          | STOPPING | 110      | TERM                          | Stopping
            term 10                          | hangup 20             | STOPPING | 1010     | TERM                          | Stopping
            term 10                          | says STOPPING=1 20    | STOPPING | 1010     | TERM                          | Stopping
            term 10                          | says EXTEND_TIMEOUT_USEC=2000000 500 | STOPPING | 2500 | TERM               | Stopping
            term 10                          | says EXTEND_TIMEOUT_USEC=60000000 500 | STOPPING | 10010 | TERM             | Stopping
            term 10                          | pass 1009             | STOPPING | 1010     | TERM                          | Stopping
            term 10                          | pass 1010             | KILLING  | 1030     | TERM, KILL all                | Stopping Killing
            key 10                           | key 20                | KILLING  | 40       | INT group, KILL all           | Stopping Killing
            key 10                           | term 20               | STOPPING | 1010     | INT group, TERM               | Stopping
            term 10                          | ends 0 20             | GONE     | never    | TERM                          | Stopping Ended
            term 10, left 1 20               | ends 0 500            | SWEEPING | 505      | TERM, TERM left               | Stopping Ended Sweeping
            term 10, left 1 20, ends 0 500   | pass 1010             | KILLING  | 1030     | TERM, TERM left, TERM left, KILL all | Stopping Ended Sweeping Killing
            left 2 0, ends 3 10              | pass 15               | SWEEPING | 25       | TERM left, TERM left          | Ended Sweeping
            left 2 0, ends 3 10              | term 20               | SWEEPING | 15       | TERM left, TERM               | Ended Sweeping
            left 2 0, ends 3 10              | stop 100 20           | SWEEPING | 15       | TERM left                     | Ended Sweeping
            left 2 0, ends 3 10              | all-gone 20           | GONE     | never    | TERM left                     | Ended Sweeping
            left 2 0, ends 3 10              | pass 1010             | KILLING  | 1030     | TERM left, TERM left, KILL all | Ended Sweeping Killing
            left 2 0, ends 3 10              | key 20                | SWEEPING | 15       | TERM left, INT group          | Ended Sweeping
            term 10, pass 1010               | pass 1030             | KILLING  | 1050     | TERM, KILL all, KILL all      | Stopping Killing
            term 10, pass 1010               | term 1020             | KILLING  | 1030     | TERM, KILL all, TERM          | Stopping Killing
            term 10, pass 1010               | dies 9 1020           | GONE     | never    | TERM, KILL all                | Stopping Killing Ended
            term 10, pass 1010               | pass 6010             | KILLING over | 6010 | TERM, KILL all, KILL all      | Stopping Killing
            term 10, refuses 20              | pass 1010             | KILLING  | never    | TERM, KILL all                | Stopping Killing Refused
            term 10, refuses 20, pass 1010, permits 1020 | term 1030 | KILLING  | 1050     | TERM, KILL all, KILL all      | Stopping Killing Refused Killing
            ends 3 10                        | term 20               | GONE     | never    | TERM                          | Ended
            ends 3 10                        | stop 100 20           | GONE     | never    |                               | Ended
            ends 3 10                        | pass 9000             | GONE     | never    |                               | Ended
            ends 3 10                        | all-gone 20           | GONE     | never    |                               | Ended
            """)
    void eachEventHasItsEffect(
            String before, String event, String state, String deadline, String sent, String expectedTold) {
        check(false, before, event, state, deadline, sent, expectedTold);
    }

    /** A client that has gone does not ask again, and many runners pass over an INT. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            before  | event     | state    | deadline | sent           | told
            pass 0  | int 10    | STOPPING | 510      | INT            | Stopping
            int 10  | pass 509  | STOPPING | 510      | INT            | Stopping
            int 10  | pass 510  | STOPPING | 1010     | INT, TERM      | Stopping Stopping
            int 10  | int 20    | STOPPING | 510      | INT, INT       | Stopping
            int 10  | term 20   | STOPPING | 1010     | INT, TERM      | Stopping
            pass 0  | term 10   | STOPPING | 1010     | TERM           | Stopping
            int 10  | ends 0 20 | GONE     | never    | INT            | Stopping Ended
            """)
    void interruptOfAWatchedClientIsFollowedByTerm(
            String before, String event, String state, String deadline, String sent, String expectedTold) {
        check(true, before, event, state, deadline, sent, expectedTold);
    }

    private void check(
            boolean watchClient,
            String before,
            String event,
            String state,
            String deadline,
            String sent,
            String expectedTold) {
        try (ServerLife life = life(watchClient)) {
            meets(life, before);
            meets(life, event);
            assertThat(life.state() + (life.isOver() && !life.isGone() ? " over" : ""))
                    .isEqualTo(state);
            assertThat(HandTurnedTicker.text(life.nextDeadline()))
                    .as("deadline")
                    .isEqualTo(deadline);
            assertThat(String.join(", ", tree.sent)).isEqualTo(sent == null ? "" : sent);
            assertThat(String.join(" ", told)).isEqualTo(expectedTold == null ? "" : expectedTold);
        }
    }
}
