package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import dev.holdfast.testkit.StopLadder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a shared server lives: its clients come and go in whatever way, and nothing of it outlives it. */
@Timeout(180)
class SharedLifeIT {
    private static final int GROUP = 2;
    private static final int SESSION = 3;

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private ScriptedServer server;

    @BeforeEach
    void name() {
        server = new ScriptedServer(folder);
    }

    private Sharing sharing(String... options) {
        return new Sharing(locks, server.command(), options);
    }

    private static long pid(McpClient client) {
        return Long.parseLong(client.awaitCall("pid", "{}"));
    }

    @Test
    @DisplayName("Row 13: a client's end, of the first one too, interrupts nobody")
    void clientsEndInterruptsNobody() {
        try (Sharing sharing = sharing("--linger", "0")) {
            McpClient first = leader(sharing);
            McpClient second = sharing.ready();
            long host = sharing.awaitHost();
            long pid = pid(second);
            for (String end : List.of("-KILL", "-HUP", "KILL", "TERM", "EOF")) {
                McpClient leaving = end.equals("-KILL") ? first : leader(sharing);
                leaving.call("slow", "{\"ms\":100}");
                assertThat(sharing.processes())
                        .filteredOn(each -> each != leaving.pid())
                        .noneMatch(each -> isIn(leaving, each));
                int call = second.call("slow", "{\"ms\":300}");
                StopLadder.climb(end, leaving);
                leaving.awaitExit();
                assertThat(McpClient.text(second.awaitAnswer(call))).isEqualTo("slept 300");
                assertThat(pid(second)).isEqualTo(pid);
                assertThat(sharing.host()).contains(host);
            }
            second.closeStdin();
            assertThat(second.awaitExit()).isZero();
            sharing.awaitNothingLeft();
        }
        assertThat(server.pids()).hasSize(1);
        assertThat(server.received("\"initialize\"")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EOF", "TERM", "INT", "HUP"})
    @DisplayName("Row 32: a client's start ends at once, for a machine that is busy with other things")
    void clientsStartEndsAtOnce(String end) {
        List<Duration> times = timesToEnd(end, 5);
        Collections.sort(times);
        assertThat(times.get(times.size() / 2)).as("the middle of %s", times).isLessThan(Duration.ofMillis(250));
    }

    @Test
    void serverThatIgnoresTheEndOfItsInputIsStoppedWhenItHasAnswered() {
        server = new ScriptedServer(folder, "stays");
        try (Sharing sharing = sharing("--grace", "80s")) {
            McpClient client = sharing.ready();
            int call = client.call("slow", "{\"ms\":800}");
            await("the call").until(() -> server.executions().contains("slow 800"));
            long begin = System.nanoTime();
            stop(sharing);
            assertThat(McpClient.text(client.awaitAnswer(call))).isEqualTo("slept 800");
            assertThat(client.awaitExit()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("far less than half of the grace")
                    .isLessThan(Duration.ofSeconds(30));
            sharing.awaitNothingLeft();
        }
    }

    @Test
    void serverThatHasNotAnsweredHasHalfOfItsGrace() {
        server = new ScriptedServer(folder, "stays");
        try (Sharing sharing = sharing("--grace", "6s")) {
            McpClient client = sharing.ready();
            client.call("hang", "{}");
            await("the call").until(() -> server.executions().contains("hang "));
            long begin = System.nanoTime();
            stop(sharing);
            assertThat(client.awaitExit()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(2900));
        }
    }

    private void stop(Sharing sharing) {
        try (Child stop = sharing.launcher()
                .command(List.of("stop", "--lock-dir", locks.toString(), "--scope", "user", "orders"))) {
            assertThat(stop.awaitExit(Duration.ofSeconds(60))).as("%s", stop).isZero();
        }
    }

    /** For a quiet machine. */
    @ParameterizedTest
    @ValueSource(strings = {"EOF", "TERM", "INT", "HUP"})
    @Tag("long")
    @DisplayName("Row 32: a client's start ends within 50 ms, twenty times of twenty")
    void clientsStartAlwaysEndsAtOnce(String end) {
        assertThat(timesToEnd(end, 20)).allSatisfy(time -> assertThat(time).isLessThan(Duration.ofMillis(50)));
    }

    private List<Duration> timesToEnd(String end, int rounds) {
        List<Duration> times = new ArrayList<>();
        try (Sharing sharing = sharing("--linger", "60s")) {
            sharing.ready();
            for (int i = 0; i < rounds; i++) {
                McpClient client = sharing.ready();
                long begin = System.nanoTime();
                if (end.equals("EOF")) {
                    client.closeStdin();
                } else {
                    client.signal(end);
                }
                client.awaitExit();
                times.add(Duration.ofNanos(System.nanoTime() - begin));
                client.close();
            }
        }
        return times;
    }

    /** The leader of a session and a group of its own. */
    private static McpClient leader(Sharing sharing) {
        ProcessBuilder start = sharing.start();
        start.command().add(0, "setsid");
        McpClient client = sharing.client(start);
        client.initialize();
        return client;
    }

    private static boolean isIn(McpClient leader, long pid) {
        String id = Long.toString(leader.pid());
        return Processes.stat(pid)
                .filter(fields -> fields[GROUP].equals(id) || fields[SESSION].equals(id))
                .isPresent();
    }

    @Test
    @DisplayName("Row 14: whoever comes while the host lingers gets the same server, and later another one")
    void lingeringHostServesTheNextClient() {
        long pid;
        try (Sharing sharing = sharing("--linger", "10m")) {
            pid = comeAndGo(sharing);
            assertThat(comeAndGo(sharing)).isEqualTo(pid);
            assertThat(sharing.launcher()
                            .command(List.of("stop", "--lock-dir", locks.toString(), "orders"))
                            .awaitExit())
                    .isZero();
            sharing.awaitNothingLeft();
        }
        try (Sharing sharing = sharing("--linger", "0")) {
            assertThat(comeAndGo(sharing)).isNotEqualTo(pid);
            sharing.awaitNothingLeft();
        }
    }

    private static long comeAndGo(Sharing sharing) {
        McpClient client = sharing.ready();
        long pid = pid(client);
        client.closeStdin();
        assertThat(client.awaitExit()).isZero();
        return pid;
    }

    @Test
    @DisplayName("Row 25: the server of a host that was killed is dead, its clients are told, and the next start works")
    void killedHostTakesItsServerAlong() {
        // The end of its input is nothing to it: only the kernel's signal ends it.
        List<String> command = new ScriptedServer(folder, "stays").command();
        try (Sharing sharing = new Sharing(locks, command, "--linger", "0", "--grace", "1s")) {
            McpClient one = sharing.ready();
            McpClient two = sharing.ready();
            long pid = pid(one);
            two.call("hang", "{}");
            Processes.signal(sharing.awaitHost(), "KILL");
            Processes.awaitDeath(pid);
            for (McpClient each : List.of(one, two)) {
                assertThat(each.awaitExit()).as("%s", each).isEqualTo(69);
                assertThat(each.stderr()).startsWith("holdfast: ");
            }
            sharing.awaitNoProcess();
            assertThat(comeAndGo(sharing)).isNotEqualTo(pid);
            sharing.awaitNoProcess();
            assertThat(sharing.launcher().leftovers()).isEmpty();
        }
    }
}
