package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.hook.HookRun;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.testkit.HandTurnedTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states around a server and all that happens in each of them, in milliseconds and without a process. */
class SupervisorTest {
    private static final int FIRST = 1000;

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final List<String> told = new ArrayList<>();
    private final List<ScriptedTree> servers = new ArrayList<>();
    private final SlowReader reader = new SlowReader();
    private boolean hasPostStop;
    private boolean hasPreStart;
    private boolean startFails;
    private String obstacle = "";
    private @Nullable ScriptedHook hook;

    /** A reader of the server's output that has not read all of it. */
    private static final class SlowReader implements EventSource {
        private boolean drained = true;

        @Override
        public void arm(PollSlots slots) {}

        @Override
        public void serve(PollSlots slots) {}

        @Override
        public boolean isDrained() {
            return drained;
        }
    }

    /** A command around the server that ends when the test says so. */
    private final class ScriptedHook implements HookRun {
        private boolean over;

        @Override
        public int descriptor() {
            return -1;
        }

        @Override
        public long deadline() {
            return ticker.nanosAt(60_000);
        }

        @Override
        public void childChanged(Children.News news) {}

        @Override
        public void requestStop() {
            told.add("hook-stop");
        }

        @Override
        public boolean isOver(long now) {
            return over;
        }

        @Override
        public String obstacle() {
            return obstacle;
        }
    }

    private final class ScriptedRestarter implements Restarter {
        @Override
        public @Nullable HookRun afterEnd(int pid, ExitStatus status) {
            hook = hasPostStop ? new ScriptedHook() : null;
            return hook;
        }

        @Override
        public @Nullable HookRun beforeStart() {
            hook = hasPreStart ? new ScriptedHook() : null;
            return hook;
        }

        @Override
        public Start start(String why) {
            return startFails || !why.isEmpty()
                    ? new Start.Failed(ExitStatus.exited(69), "not now")
                    : new Start.Running(FIRST + servers.size());
        }
    }

    private Supervisor supervisor(RestartPolicy.Mode restart) {
        ticker.turnTo(0);
        Supervisor supervisor = new Supervisor(
                FIRST,
                ServerLifeTest.settings(false, restart),
                new ScriptedRestarter(),
                ServerLifeTest.noting(told),
                ticker,
                pid -> {
                    servers.add(new ScriptedTree(pid));
                    return servers.get(servers.size() - 1);
                });
        supervisor.add(reader);
        supervisor.begin();
        return supervisor;
    }

    private void meets(Supervisor supervisor, String events) {
        for (String event : events.split(", ")) {
            String[] words = event.split(" ");
            ticker.turnTo(Long.parseLong(words[words.length - 1]));
            happens(supervisor, words);
            supervisor.instance().checkDeadlines();
        }
    }

    private void happens(Supervisor supervisor, String... words) {
        switch (words[0]) {
            case "post-stop" -> hasPostStop = true;
            case "pre-start" -> hasPreStart = true;
            case "slow" -> reader.drained = false;
            case "read" -> reader.drained = true;
            case "start-fails" -> startFails = true;
            case "obstacle" -> obstacle = "not now";
            case "term" -> new SignalHandler(supervisor).handle(ServerLifeTest.signal(Signals.TERM, false));
            case "key" -> new SignalHandler(supervisor).handle(ServerLifeTest.signal(Signals.INT, true));
            case "usr1" -> new SignalHandler(supervisor).handle(ServerLifeTest.signal(10, false));
            case "stop" -> told.add("answer \"" + supervisor.stop(asked("stop"), Duration.ofSeconds(1)) + "\"");
            case "restart" -> told.add("answer \"" + supervisor.restart(asked("restart")) + "\"");
            case "client" -> supervisor.instance().clientHungUp();
            case "lost" -> supervisor.requestStop("lock-lost");
            case "hook-ends" -> {
                if (hook != null) {
                    hook.over = true;
                }
            }
            case "ends" -> {
                int pid = servers.get(servers.size() - 1).pid();
                supervisor.childChanged(new Children.News(Children.Change.EXITED, pid, Integer.parseInt(words[1])));
                supervisor.servers().reapingDone(false);
            }
            case "pass" -> {}
            default -> throw new AssertionError(words[0]);
        }
    }

    private static StopReason asked(String cause) {
        return StopReason.asked(cause, 7, 0, "");
    }

    private void check(RestartPolicy.Mode restart, String before, String event, String state, @Nullable String status) {
        Supervisor supervisor = supervisor(restart);
        meets(supervisor, before);
        told.clear();
        meets(supervisor, event);
        assertThat(supervisor.instance().state()).as("%s", told).hasToString(state);
        if (status != null) {
            assertThat(supervisor.instance().end().shellCode())
                    .as("status, after %s", told)
                    .isEqualTo(Integer.parseInt(status));
        }
    }

    /** From where to where, when nobody asks for a stop. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            restart    | before                                             | event          | state       | status | servers
            NO         | pass 0                                             | pass 10        | SERVING     |        | 1
            NO         | pass 0                                             | ends 4 10      | OVER        | 4      | 1
            NO         | post-stop 0                                        | ends 4 10      | AFTERMATH   |        | 1
            NO         | post-stop 0, ends 4 10                             | pass 20        | AFTERMATH   |        | 1
            NO         | post-stop 0, ends 4 10                             | hook-ends 20   | OVER        | 4      | 1
            NO         | slow 0                                             | ends 4 10      | LAST_WORDS  |        | 1
            NO         | slow 0, ends 4 10                                  | read 20        | OVER        | 4      | 1
            NO         | slow 0, ends 4 10                                  | pass 1009      | LAST_WORDS  |        | 1
            NO         | slow 0, ends 4 10                                  | pass 1010      | OVER        | 4      | 1
            NO         | slow 0, post-stop 0, ends 4 10                     | read 20        | AFTERMATH   |        | 1
            NO         | pass 0                                             | usr1 10        | SERVING     |        | 1
            ON_FAILURE | pass 0                                             | ends 0 10      | OVER        | 0      | 1
            ON_FAILURE | pass 0                                             | ends 4 10      | BACKING_OFF |        | 1
            ALWAYS     | ends 4 10                                          | pass 12        | BACKING_OFF |        | 1
            ALWAYS     | ends 4 10                                          | pass 13        | SERVING     |        | 2
            ALWAYS     | post-stop 0, ends 4 10                             | hook-ends 20   | BACKING_OFF |        | 1
            ALWAYS     | pre-start 0, ends 4 10                             | pass 13        | PREPARING   |        | 1
            ALWAYS     | pre-start 0, ends 4 10, pass 13                    | pass 20        | PREPARING   |        | 1
            ALWAYS     | pre-start 0, ends 4 10, pass 13                    | hook-ends 20   | SERVING     |        | 2
            ALWAYS     | pre-start 0, obstacle 0, ends 4 10, pass 13        | hook-ends 20   | BACKING_OFF |        | 1
            ALWAYS     | start-fails 0, ends 4 10                           | pass 13        | BACKING_OFF |        | 1
            ALWAYS     | ends 4 10, pass 13, ends 5 20                      | pass 23        | SERVING     |        | 3
            """)
    void eachEndLeadsWhereThePolicySays(
            RestartPolicy.Mode restart, String before, String event, String state, String status, int expectedServers) {
        check(restart, before, event, state, status);
        assertThat(servers).hasSize(expectedServers);
    }

    /** A stop is one thing, whoever asks and wherever: only what asked decides between its own status and the server's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            restart | before                                        | term | key | stop | client | lost | then
            NO      | pass 0                                        | 4    | 4   | 4    | 4      | 4    | ends 4 100
            ALWAYS  | pass 0                                        | 4    | 4   | 4    | 4      | 4    | ends 4 100
            ALWAYS  | post-stop 0                                   | 4    | 4   | 4    | 4      | 4    | ends 4 100, hook-ends 110
            NO      | slow 0, ends 4 10                             | 4    | 4   | 4    | 4      | 4    | pass 300
            ALWAYS  | slow 0, ends 4 10                             | 143  | 130 | 143  | 4      | 4    | pass 300
            NO      | post-stop 0, ends 4 10                        | 4    | 4   | 4    | 4      | 4    | hook-ends 300
            ALWAYS  | post-stop 0, ends 4 10                        | 143  | 130 | 143  | 4      | 4    | hook-ends 300
            ALWAYS  | ends 4 10                                     | 143  | 130 | 143  | 4      | 4    | pass 20
            ALWAYS  | pre-start 0, ends 4 10, pass 13               | 143  | 130 | 143  | 4      | 4    | hook-ends 300
            NO      | restart 5, post-stop 0, ends 4 10             | 143  | 130 | 143  | 4      | 4    | hook-ends 300
            ALWAYS  | term 5, post-stop 0, ends 4 10                | 4    | 4   | 4    | 4      | 4    | hook-ends 300
            ALWAYS  | post-stop 0, ends 4 10, lost 15               | 4    | 4   | 4    | 4      | 4    | hook-ends 300
            ALWAYS  | post-stop 0, ends 4 10, term 15               | 143  | 143 | 143  | 143    | 143  | hook-ends 300
            """)
    void statusOfAStopDependsOnlyOnTheRequestAndOnWhetherAStartWouldFollow(
            RestartPolicy.Mode restart,
            String before,
            String term,
            String key,
            String stop,
            String client,
            String lost,
            String then) {
        for (String[] asker :
                new String[][] {{"term", term}, {"key", key}, {"stop", stop}, {"client", client}, {"lost", lost}}) {
            told.clear();
            servers.clear();
            hasPostStop = false;
            hasPreStart = false;
            reader.drained = true;
            check(restart, before, asker[0] + " 20, " + then, "OVER", asker[1]);
            assertThat(told).as(asker[0]).doesNotContain("BackingOff", "GaveUp", "Started");
        }
    }

    /** A restart is one thing, too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            before                                  | event       | then                          | state     | servers
            pass 0                                  | restart 20  | ends 4 30                     | SERVING   | 2
            slow 0, ends 4 10                       | restart 20  | read 30                       | SERVING   | 2
            post-stop 0, ends 4 10                  | restart 20  | hook-ends 30                  | SERVING   | 2
            post-stop 0, restart 5, ends 4 10       | restart 20  | hook-ends 30                  | SERVING   | 2
            term 5                                  | restart 20  | ends 4 30                     | OVER      | 1
            restart 5                               | term 20     | ends 4 30                     | OVER      | 1
            post-stop 0, ends 4 10, term 15         | restart 20  | hook-ends 30                  | OVER      | 1
            """)
    void restartFollowsInWhateverState(String before, String event, String then, String state, int expectedServers) {
        check(RestartPolicy.Mode.NO, before, event + ", " + then, state, null);
        assertThat(servers).hasSize(expectedServers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            before                                              | event      | state     | servers
            start-fails 0, ends 4 10, pass 13                   | restart 14 | BACKING_OFF | 1
            pre-start 0, ends 4 10                              | restart 11 | PREPARING | 1
            pre-start 0, ends 4 10, pass 13                     | restart 14 | PREPARING | 1
            ends 4 10                                           | restart 11 | SERVING   | 2
            """)
    void restartEndsTheBackOff(String before, String event, String state, int expectedServers) {
        check(RestartPolicy.Mode.ALWAYS, before, event, state, null);
        assertThat(servers).hasSize(expectedServers);
    }

    /** The reader of its last words is hurried, not cut off at once. */
    @ParameterizedTest
    @CsvSource({
        "term, 219, LAST_WORDS",
        "term, 220, OVER",
        "stop, 219, LAST_WORDS",
        "lost, 220, OVER",
        "client, 220, OVER"
    })
    void stopHurriesTheReader(String asker, long then, String state) {
        check(RestartPolicy.Mode.NO, "slow 0, ends 4 10, " + asker + " 20", "pass " + then, state, null);
    }

    /** Part of the stop, or of a start that shall not be. */
    @ParameterizedTest
    @CsvSource({"'pre-start 0, ends 4 10, pass 13', 1", "'post-stop 0, ends 4 10', 1", "'ends 4 10', 0"})
    void commandThatRunsHearsOfTheStop(String before, int times) {
        Supervisor supervisor = supervisor(RestartPolicy.Mode.ALWAYS);
        meets(supervisor, before);
        meets(supervisor, "term 20");
        assertThat(told.stream().filter("hook-stop"::equals)).hasSize(times);
    }

    @ParameterizedTest
    @CsvSource({"stop", "restart"})
    void whoCannotBeSignalledIsNamed(String asker) {
        Supervisor supervisor = supervisor(RestartPolicy.Mode.ALWAYS);
        servers.get(0).refuses = true;
        meets(supervisor, asker + " 20");
        assertThat(told).anyMatch(line -> line.startsWith("answer \"") && line.length() > "answer \"\"".length());
        assertThat(supervisor.instance().state()).hasToString("SERVING");
        assertThat(HandTurnedTicker.text(supervisor.instance().nextDeadline())).isEqualTo("never");
    }
}
