package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states of a redeploy and all that happens in each of them, in milliseconds and without a process. */
class RedeploymentTest {
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final int FIRST = 1000;

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final List<String> started = new ArrayList<>();
    private final List<ScriptedTree> servers = new ArrayList<>();
    private String failing = "";

    private static void meets(Redeployment work, HandTurnedTicker ticker, String events) {
        for (String event : events.split(", ")) {
            String[] words = event.split(" ");
            ticker.turnTo(Long.parseLong(words[words.length - 1]));
            long now = ticker.nanoTime();
            switch (words[0]) {
                case "begin" -> work.begin(true, now);
                case "begin-alone" -> work.begin(false, now);
                case "begin-beside" -> work.beginBeside();
                case "old-ends" -> work.oldEnded(now);
                case "beside-gone" -> work.besideGone();
                case "no-start-beside" -> work.startBesideFailed("no such file");
                case "gone" -> work.gone(now);
                case "started" -> work.started(false, now);
                case "starting" -> work.started(true, now);
                case "ready" -> work.ready(now);
                case "late" -> work.failed("it was not ready in time", now);
                case "ends" -> work.ended(ExitStatus.exited(Integer.parseInt(words[1])), now);
                case "no-start" -> work.startFailed("no such file", now);
                case "stop" -> work.stopped();
                case "pass" -> work.look(now);
                default -> throw new AssertionError(event);
            }
        }
    }

    /** Each state and each event in it: the state after it, which command is wanted, and for how long nobody served. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            before                                             | event        | state        | wanted | gap  | result   | reason
            begin 0                                            | pass 9000    | STOPPING_OLD | old    | 9000 | NONE     | ''
            begin 0                                            | ready 10     | STOPPING_OLD | old    | 10   | NONE     | ''
            begin 0                                            | ends 0 10    | STOPPING_OLD | old    | 10   | NONE     | ''
            begin 0                                            | gone 10      | STARTING_NEW | new    | 10   | NONE     | ''
            begin 0                                            | stop 10      | OVER         | old    | 10   | STOPPED  | ''
            begin-alone 0                                      | pass 10      | STARTING_NEW | new    | 10   | NONE     | ''
            begin 0, gone 10                                   | starting 20  | STARTING_NEW | new    | 20   | NONE     | ''
            begin 0, gone 10                                   | started 20   | SETTLING     | new    | 20   | NONE     | ''
            begin 0, gone 10                                   | no-start 20  | STARTING_OLD | old    | 20   | NONE     | no such file
            begin 0, gone 10, starting 20                      | ready 30     | SETTLING     | new    | 30   | NONE     | ''
            begin 0, gone 10, starting 20                      | pass 90000   | STARTING_NEW | new    | 90000 | NONE    | ''
            begin 0, gone 10, starting 20                      | late 30      | ENDING_NEW   | new    | 30   | NONE     | it was not ready in time
            begin 0, gone 10, starting 20                      | ends 3 30    | ENDING_NEW   | new    | 30   | NONE     | it ended with exit code 3 before it was ready
            begin 0, gone 10, starting 20                      | stop 30      | OVER         | old    | 30   | STOPPED  | ''
            begin 0, gone 10, starting 20, ready 30            | pass 5029    | SETTLING     | new    | 30   | NONE     | ''
            begin 0, gone 10, starting 20, ready 30            | pass 5030    | OVER         | new    | 30   | REPLACED | ''
            begin 0, gone 10, starting 20, ready 30            | ready 40     | SETTLING     | new    | 30   | NONE     | ''
            begin 0, gone 10, starting 20, ready 30            | ends 3 2030  | ENDING_NEW   | new    | 30   | NONE     | it ended with exit code 3, 2s after it was ready
            begin 0, gone 10, starting 20, ready 30            | late 2030    | ENDING_NEW   | new    | 30   | NONE     | it was not ready in time
            begin 0, gone 10, starting 20, ready 30            | stop 2030    | OVER         | old    | 30   | STOPPED  | ''
            begin 0, gone 10, starting 20, ends 3 30           | ready 40     | ENDING_NEW   | new    | 40   | NONE     | it ended with exit code 3 before it was ready
            begin 0, gone 10, starting 20, ends 3 30           | pass 9000    | ENDING_NEW   | new    | 9000 | NONE     | it ended with exit code 3 before it was ready
            begin 0, gone 10, starting 20, late 30             | ends 0 40    | ENDING_NEW   | new    | 40   | NONE     | it was not ready in time
            begin 0, gone 10, starting 20, late 30             | gone 50      | STARTING_OLD | old    | 50   | NONE     | it was not ready in time
            begin 0, gone 10, starting 20, late 30             | stop 50      | OVER         | old    | 50   | STOPPED  | it was not ready in time
            begin 0, gone 10, no-start 20                      | starting 30  | STARTING_OLD | old    | 30   | NONE     | no such file
            begin 0, gone 10, no-start 20                      | started 30   | SETTLING_OLD | old    | 30   | NONE     | no such file
            begin 0, gone 10, no-start 20                      | ready 30     | OVER         | old    | 30   | RETURNED | no such file
            begin 0, gone 10, no-start 20                      | no-start 30  | OVER         | old    | 30   | NOBODY   | no such file
            begin 0, gone 10, no-start 20                      | gone 30      | OVER         | old    | 30   | NOBODY   | no such file
            begin 0, gone 10, no-start 20                      | stop 30      | OVER         | old    | 30   | STOPPED  | no such file
            begin 0, gone 10, no-start 20, started 30          | pass 5029    | SETTLING_OLD | old    | 30   | NONE     | no such file
            begin 0, gone 10, no-start 20, started 30          | pass 5030    | OVER         | old    | 30   | RETURNED | no such file
            begin 0, gone 10, no-start 20, started 30          | ends 1 40    | SETTLING_OLD | old    | 30   | NONE     | no such file
            begin 0, gone 10, no-start 20, started 30, ends 1 40 | gone 50    | OVER         | old    | 40   | NOBODY   | no such file
            begin 0, gone 10, started 20, ends 3 1020, gone 1020 | ready 1120 | OVER         | old    | 120  | RETURNED | it ended with exit code 3, 1s after its start
            begin-beside 0                                     | pass 9000    | STARTING_BESIDE | old | 0    | NONE     | ''
            begin-beside 0                                     | starting 10  | STARTING_BESIDE | old | 0    | NONE     | ''
            begin-beside 0                                     | started 10   | SETTLING_BESIDE | new | 0    | NONE     | ''
            begin-beside 0                                     | ready 10     | SETTLING_BESIDE | new | 0    | NONE     | ''
            begin-beside 0                                     | late 10      | ENDING_BESIDE | old | 0      | NONE     | it was not ready in time
            begin-beside 0                                     | ends 3 10    | ENDING_BESIDE | old | 0      | NONE     | it ended with exit code 3 before it was ready
            begin-beside 0                                     | no-start-beside 10 | OVER    | old    | 0    | KEPT     | no such file
            begin-beside 0                                     | stop 10      | OVER         | old    | 0    | STOPPED  | ''
            begin-beside 0                                     | beside-gone 10 | STARTING_BESIDE | old | 0  | NONE     | ''
            begin-beside 0                                     | old-ends 10  | STARTING_NEW | new    | 0    | NONE     | ''
            begin-beside 0, old-ends 10                        | pass 40      | STARTING_NEW | new    | 30   | NONE     | ''
            begin-beside 0, old-ends 10                        | ready 40     | SETTLING     | new    | 30   | NONE     | ''
            begin-beside 0, old-ends 10                        | no-start-beside 40 | ENDING_NEW | new | 30   | NONE     | no such file
            begin-beside 0, old-ends 10, no-start-beside 40    | gone 50      | STARTING_OLD | old    | 40   | NONE     | no such file
            begin-beside 0, old-ends 10, ends 3 40             | gone 50      | STARTING_OLD | old    | 40   | NONE     | it ended with exit code 3 before it was ready
            begin-beside 0, ready 10                           | pass 5009    | SETTLING_BESIDE | new | 0    | NONE     | ''
            begin-beside 0, ready 10                           | pass 5010    | STOPPING_REPLACED | new | 0  | NONE     | ''
            begin-beside 0, ready 10                           | ready 20     | SETTLING_BESIDE | new | 0    | NONE     | ''
            begin-beside 0, ready 10                           | late 20      | ENDING_BESIDE | old | 0      | NONE     | it was not ready in time
            begin-beside 0, ready 10                           | ends 3 1010  | ENDING_BESIDE | old | 0      | NONE     | it ended with exit code 3, 1s after it was ready
            begin-beside 0, started 10                         | ends 3 1010  | ENDING_BESIDE | old | 0      | NONE     | it ended with exit code 3, 1s after its start
            begin-beside 0, ready 10                           | stop 20      | OVER         | old    | 0    | STOPPED  | ''
            begin-beside 0, ready 10                           | beside-gone 20 | SETTLING_BESIDE | new | 0  | NONE     | ''
            begin-beside 0, ready 10                           | old-ends 20  | SETTLING     | new    | 0    | NONE     | ''
            begin-beside 0, ready 10, old-ends 20              | pass 5010    | OVER         | new    | 0    | REPLACED | ''
            begin-beside 0, ready 10, old-ends 20              | ends 3 1010  | ENDING_NEW   | new    | 0    | NONE     | it ended with exit code 3, 1s after it was ready
            begin-beside 0, ends 3 10                          | pass 9000    | ENDING_BESIDE | old | 0      | NONE     | it ended with exit code 3 before it was ready
            begin-beside 0, ends 3 10                          | beside-gone 20 | OVER       | old    | 0    | KEPT     | it ended with exit code 3 before it was ready
            begin-beside 0, ends 3 10                          | stop 20      | OVER         | old    | 0    | STOPPED  | it ended with exit code 3 before it was ready
            begin-beside 0, late 10                            | ends 0 20    | ENDING_BESIDE | old | 0      | NONE     | it was not ready in time
            begin-beside 0, late 10                            | old-ends 20  | ENDING_NEW   | new    | 0    | NONE     | it was not ready in time
            begin-beside 0, late 10, old-ends 20               | gone 30      | STARTING_OLD | old    | 10   | NONE     | it was not ready in time
            begin-beside 0, ready 10, pass 5010                | pass 9000    | STOPPING_REPLACED | new | 0  | NONE     | ''
            begin-beside 0, ready 10, pass 5010                | old-ends 5020 | STOPPING_REPLACED | new | 0 | NONE     | ''
            begin-beside 0, ready 10, pass 5010                | beside-gone 5020 | OVER     | new    | 0    | REPLACED | ''
            begin-beside 0, ready 10, pass 5010                | ends 3 5020  | OVER         | new    | 0    | REPLACED | ''
            begin-beside 0, ready 10, pass 5010                | stop 5020    | OVER         | old    | 0    | STOPPED  | ''
            """)
    void eachEventInEachState(
            String before, String event, String state, String wanted, long gap, String result, String reason) {
        ServerPlan old = plan("old", false);
        ServerPlan other = plan("new", false);
        Redeployment work = new Redeployment(old, other, SETTLE);
        meets(work, ticker, before);
        meets(work, ticker, event);
        assertThat(work.state()).hasToString(state);
        assertThat(work.wanted()).isSameAs(wanted.equals("old") ? old : other);
        assertThat(work.result()).hasToString(result);
        assertThat(work.reason()).isEqualTo(reason);
        assertThat(work.gap(ticker.nanoTime()).toMillis()).isEqualTo(gap);
    }

    private ServerPlan plan(String command, boolean isReadyExpected) {
        ReadinessSettings readiness = isReadyExpected
                ? new ReadinessSettings(
                        Optional.of(Duration.ofSeconds(1)), "", 0, "", 0, "", Duration.ZERO, Optional.empty())
                : ReadinessSettings.NONE;
        SupervisorSettings base = ServerLifeTest.settings(false, RestartPolicy.Mode.NO);
        return new ServerPlan(
                new SupervisorSettings(
                        base.stop(),
                        false,
                        base.forwarding(),
                        false,
                        readiness,
                        false,
                        base.readyCommand(),
                        base.restart()),
                new ScriptedRestarter(command));
    }

    private final class ScriptedRestarter implements RestarterWithoutHooks {
        private final String command;

        ScriptedRestarter(String command) {
            this.command = command;
        }

        @Override
        public Start start(String why) {
            started.add(command);
            return failing.contains(command)
                    ? new Start.Failed(ExitStatus.exited(127), "no such file")
                    : new Start.Running(FIRST + servers.size());
        }
    }

    /** A redeploy in the loop, beside all else that may be asked for meanwhile. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            events                                                             | state       | result   | started
            redeploy 0                                                         | SERVING     | NONE     | ''
            redeploy 0, ends 0 10, pass 10                                     | SERVING     | NONE     | new
            redeploy 0, ends 0 10, pass 10, ready 20                           | SERVING     | NONE     | new
            redeploy 0, ends 0 10, pass 10, ready 20, pass 5020                | SERVING     | REPLACED | new
            redeploy 0, ends 0 10, pass 10, pass 1010                          | SERVING     | NONE     | new
            redeploy 0, ends 0 10, pass 10, pass 1010, ends 0 1020, pass 1020  | SERVING     | NONE     | new old
            redeploy 0, ends 0 10, pass 10, ends 3 20, pass 20                 | SERVING     | NONE     | new old
            redeploy 0, ends 0 10, pass 10, ends 3 20, pass 20, ready 30       | SERVING     | RETURNED | new old
            redeploy 0, ends 0 10, pass 10, ready 20, ends 3 30, pass 30       | SERVING     | NONE     | new old
            redeploy 0, ends 0 10, pass 10, ends 3 20, pass 20, ends 1 30      | BACKING_OFF | NOBODY   | new old
            redeploy 0, ends 0 10, pass 10, ends 3 20, pass 20, ends 1 30, pass 40, pass 41, ends 1 50 | BACKING_OFF | NOBODY | new old old
            redeploy 0, ends 0 10, pass 10, ends 3 20, pass 20, ends 1 30, pass 40, pass 41, ready 45, ends 0 50 | OVER | NOBODY | new old old
            fails new 0, redeploy 0, ends 0 10, pass 10, pass 11               | SERVING     | NONE     | new old
            fails new 0, redeploy 0, ends 0 10, pass 10, pass 11, ready 12     | SERVING     | RETURNED | new old
            fails new-old 0, redeploy 0, ends 0 10, pass 10, pass 11           | BACKING_OFF | NOBODY   | new old
            redeploy 0, term 5, ends 0 10                                      | OVER        | STOPPED  | ''
            redeploy 0, ends 0 10, pass 10, term 15, ends 0 20                 | OVER        | STOPPED  | new
            redeploy 0, ends 0 10, pass 10, ready 20, stop 30, ends 0 40       | OVER        | STOPPED  | new
            redeploy 0, restart 5, ends 0 10, pass 10, ready 20                | SERVING     | NONE     | new
            redeploy 0, restart 5, ends 0 10, pass 10, ready 20, pass 5020, ends 0 5030, pass 5030 | SERVING | REPLACED | new new
            redeploy 0, ends 0 10, pass 10, ready 20, pass 5020, restart 5025, ends 0 5030, pass 5030 | SERVING | REPLACED | new new
            """)
    void redeployInTheLoop(String events, String state, String result, String commands) {
        ServerPlan old = plan("old", true);
        Supervisor supervisor =
                new Supervisor(FIRST, old.settings(), old.restarter(), new InstanceListeners(), ticker, pid -> {
                    servers.add(new ScriptedTree(pid));
                    return servers.get(servers.size() - 1);
                });
        supervisor.begin();
        Redeployment work = new Redeployment(supervisor.plan(), plan("new", true), SETTLE);
        for (String event : events.split(", ")) {
            String[] words = event.split(" ");
            ticker.turnTo(Long.parseLong(words[words.length - 1]));
            happens(supervisor, work, words);
            supervisor.instance().checkDeadlines();
        }
        assertThat(supervisor.instance().state()).as("%s", started).hasToString(state);
        assertThat(work.result()).hasToString(result);
        assertThat(String.join(" ", started)).isEqualTo(commands);
        assertThat(supervisor.mayRedeploy())
                .isEqualTo(work.isOver() && work.result() != Redeployment.Result.STOPPED && !state.equals("OVER"));
    }

    private void ends(Supervisor supervisor, int server, int code) {
        supervisor.childChanged(
                new Children.News(Children.Change.EXITED, servers.get(server).pid(), code));
        supervisor.servers().reapingDone(true);
    }

    /** Old and new server side by side: who is the instance's own, who was told what, and what came of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            events                                                       | state       | result   | started | own  | old got  | new got
            pass 0                                                       | SERVING     | NONE     | new     | 1000 | ''       | ''
            fails new 0                                                  | SERVING     | KEPT     | new     | 1000 | ''       | ''
            pass 0, new-ready 20                                         | SERVING     | NONE     | new     | 1001 | ''       | ''
            pass 0, new-ready 20, pass 5020                              | SERVING     | NONE     | new     | 1001 | TERM     | ''
            pass 0, new-ready 20, pass 5020, pass 6020                   | SERVING     | NONE     | new     | 1001 | TERM, KILL all | ''
            pass 0, new-ready 20, pass 5020, old-ends 5030               | SERVING     | REPLACED | new     | 1001 | TERM     | ''
            pass 0, new-ready 20, pass 5020, new-ends 3 5030             | SERVING     | REPLACED | new     | 1001 | TERM     | ''
            pass 0, new-ready 20, pass 5020, new-ends 3 5030, old-ends 5040 | OVER     | REPLACED | new     | 1001 | TERM     | ''
            settle 0, pass 0, new-ready 20                               | SERVING     | NONE     | new     | 1001 | TERM     | ''
            settle 0, pass 0, new-ready 20, old-ends 30                  | SERVING     | REPLACED | new     | 1001 | TERM     | ''
            pass 0, new-ends 3 10                                        | SERVING     | KEPT     | new     | 1000 | ''       | ''
            pass 0, pass 1000                                            | SERVING     | NONE     | new     | 1000 | ''       | TERM
            pass 0, pass 1000, new-ends 0 1010                           | SERVING     | KEPT     | new     | 1000 | ''       | TERM
            pass 0, pass 1000, pass 2000                                 | SERVING     | NONE     | new     | 1000 | ''       | TERM, KILL all
            pass 0, new-ready 20, new-ends 3 1020                        | SERVING     | KEPT     | new     | 1000 | ''       | ''
            pass 0, old-ends 10                                          | SERVING     | NONE     | new     | 1001 | ''       | ''
            pass 0, old-ends 10, new-ready 20, pass 5020                 | SERVING     | REPLACED | new     | 1001 | ''       | ''
            pass 0, old-ends 10, new-ends 3 20                           | SERVING     | NONE     | new old | 1002 | ''       | ''
            pass 0, new-ready 20, old-ends 30                            | SERVING     | NONE     | new     | 1001 | ''       | ''
            pass 0, new-ready 20, old-ends 30, pass 5020                 | SERVING     | REPLACED | new     | 1001 | ''       | ''
            pass 0, new-ready 20, old-ends 30, new-ends 3 40             | SERVING     | NONE     | new old | 1002 | ''       | ''
            pass 0, pass 1000, old-ends 1010                             | SERVING     | NONE     | new     | 1000 | ''       | TERM
            pass 0, pass 1000, old-ends 1010, new-ends 0 1020            | SERVING     | NONE     | new old | 1002 | ''       | TERM
            pass 0, term 10                                              | SERVING     | STOPPED  | new     | 1000 | TERM     | TERM
            pass 0, term 10, old-ends 20                                 | SERVING     | STOPPED  | new     | 1000 | TERM     | TERM
            pass 0, term 10, old-ends 20, new-ends 0 30                  | OVER        | STOPPED  | new     | 1000 | TERM     | TERM
            pass 0, new-ready 20, stop 30, new-ends 0 40, old-ends 50    | OVER        | STOPPED  | new     | 1001 | TERM     | TERM
            pass 0, new-ready 20, pass 5020, stop 5030, new-ends 0 5040, old-ends 5050 | OVER | STOPPED | new | 1001 | TERM | TERM
            pass 0, restart 10                                           | SERVING     | NONE     | new     | 1000 | ''       | ''
            pass 0, restart 10, new-ends 3 20                            | SERVING     | KEPT     | new     | 1000 | TERM     | ''
            pass 0, restart 10, new-ends 3 20, old-ends 30               | SERVING     | KEPT     | new old | 1002 | TERM     | ''
            pass 0, old-ready 10                                         | SERVING     | NONE     | new     | 1000 | ''       | ''
            pass 0, usr1 10                                              | SERVING     | NONE     | new     | 1000 | USR1     | ''
            pass 0, new-ready 20, usr1 30                                | SERVING     | NONE     | new     | 1001 | ''       | USR1
            """)
    void overlapInTheLoop(
            String events, String state, String result, String commands, int own, String oldGot, String newGot) {
        ServerPlan old = plan("old", true);
        Supervisor supervisor =
                new Supervisor(FIRST, old.settings(), old.restarter(), new InstanceListeners(), ticker, pid -> {
                    servers.add(new ScriptedTree(pid));
                    return servers.get(servers.size() - 1);
                });
        supervisor.begin();
        supervisor.instance().notified(0, Notification.parse("READY=1"));
        supervisor.instance().checkDeadlines();
        failing = events.startsWith("fails") ? "new" : "";
        Redeployment work = new Redeployment(
                supervisor.plan(), plan("new", true), events.startsWith("settle 0") ? Duration.ZERO : SETTLE, true);
        assertThat(supervisor.redeploy(work, StopReason.asked("redeploy", 7, 0, "")))
                .isEmpty();
        for (String event : events.split(", ")) {
            String[] words = event.split(" ");
            ticker.turnTo(Long.parseLong(words[words.length - 1]));
            happens(supervisor, work, words);
            supervisor.instance().checkDeadlines();
            supervisor.instance().checkDeadlines(); // what was written is passed on
        }
        assertThat(work.result()).hasToString(result);
        assertThat(supervisor.serverPid()).isEqualTo(own);
        assertThat(supervisor.instance().state()).as("%s", started).hasToString(state);
        assertThat(String.join(" ", started)).isEqualTo(commands);
        assertThat(got(0)).isEqualTo(oldGot);
        assertThat(got(1)).isEqualTo(newGot);
    }

    /** What a server was sent, without what only asks. */
    private String got(int server) {
        List<String> sent = servers.size() > server ? new ArrayList<>(servers.get(server).sent) : new ArrayList<>();
        sent.removeIf(what -> what.startsWith("0") || what.equals("TERM left"));
        return String.join(", ", sent);
    }

    private void happens(Supervisor supervisor, Redeployment work, String... words) {
        switch (words[0]) {
            case "fails" -> failing = words[1];
            case "redeploy" ->
                assertThat(supervisor.redeploy(work, StopReason.asked("redeploy", 7, 0, "")))
                        .isEmpty();
            case "ready" -> supervisor.instance().notified(supervisor.servers().seat(), Notification.parse("READY=1"));
            case "term" -> new SignalHandler(supervisor).handle(ServerLifeTest.signal(Signals.TERM, false));
            case "stop" ->
                assertThat(supervisor.stop(StopReason.asked("stop", 7, 0, ""), Duration.ofSeconds(1)))
                        .isEmpty();
            case "restart" ->
                assertThat(supervisor.restart(StopReason.asked("restart", 7, 0, "")))
                        .isEmpty();
            case "ends" -> {
                int pid = servers.get(servers.size() - 1).pid();
                supervisor.childChanged(new Children.News(Children.Change.EXITED, pid, Integer.parseInt(words[1])));
                supervisor.servers().reapingDone(false);
            }
            case "new-ready" -> supervisor.instance().notified(1, Notification.parse("READY=1"));
            case "old-ready" -> supervisor.instance().notified(0, Notification.parse("READY=1"));
            case "new-ends" -> ends(supervisor, 1, Integer.parseInt(words[1]));
            case "old-ends" -> ends(supervisor, 0, 0);
            case "usr1" -> new SignalHandler(supervisor).handle(ServerLifeTest.signal(10, false));
            case "pass", "settle" -> {}
            default -> throw new AssertionError(words[0]);
        }
    }
}
