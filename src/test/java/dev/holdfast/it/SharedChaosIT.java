package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a shared server that are killed while all of them ask: each of the others gets its own answers, and all of them. */
@Timeout(900)
class SharedChaosIT {
    @TempDir
    Path folder;

    @TempDir
    Path locks;

    /** A few, once: each is the start of a JVM. */
    @Test
    void theOthersGetTheirAnswers() {
        play(6, 20, 1);
    }

    /** Row 33 and more; by hand. */
    @Test
    @Tag("long")
    void theOthersGetTheirAnswersTenTimes() {
        play(50, 100, 10);
    }

    private void play(int clients, int calls, int rounds) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ScriptedServer server = new ScriptedServer(folder);
        try (Sharing sharing = new Sharing(locks, server.command(), "--linger", "0")) {
            McpClient stays = sharing.ready();
            long host = sharing.awaitHost();
            for (int round = 0; round < rounds; round++) {
                String about = "seed " + seed + ", round " + round;
                List<McpClient> all = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    all.add(sharing.client());
                }
                all.forEach(McpClient::initialize);
                Map<McpClient, List<String>> survivors = ask(all, calls, random);
                survivors.forEach((client, asked) -> assertAnswered(about, client, asked));
                assertThat(stays.awaitCall("echo", "{\"text\":\"" + round + "\"}"))
                        .isEqualTo(round + "");
                survivors.keySet().forEach(McpClient::closeStdin);
                all.forEach(client -> Processes.awaitDeath(client.pid()));
                await(about)
                        .untilAsserted(() -> assertThat(sharing.status())
                                .contains("\"clients\":[{\"id\":1,")
                                .doesNotContain("},{\"id\":")
                                .contains("\"open\":0,\"queued\":0,\"restarts\":0"));
                assertThat(sharing.host()).as(about).contains(host);
            }
            stays.closeStdin();
            assertThat(stays.awaitExit()).isZero();
            sharing.awaitNothingLeft();
        }
        assertThat(server.pids()).hasSize(1);
    }

    /** What each client that was not killed meanwhile has asked for. */
    private static Map<McpClient, List<String>> ask(List<McpClient> all, int calls, Random random) {
        Map<McpClient, List<String>> alive = new LinkedHashMap<>();
        all.forEach(client -> alive.put(client, new ArrayList<>()));
        int toKill = all.size() / 2;
        for (int call = 0; call < calls; call++) {
            for (Map.Entry<McpClient, List<String>> each : List.copyOf(alive.entrySet())) {
                McpClient client = each.getKey();
                boolean isSlow = random.nextInt(4) == 0;
                String text = isSlow ? Integer.toString(random.nextInt(30)) : client.pid() + "-" + call;
                client.call(isSlow ? "slow" : "echo", isSlow ? "{\"ms\":" + text + "}" : "{\"text\":\"" + text + "\"}");
                each.getValue().add(isSlow ? "slept " + text : text);
                if (toKill > 0 && random.nextInt(calls) == 0) {
                    toKill--;
                    client.signal("KILL");
                    alive.remove(client);
                }
            }
        }
        return alive;
    }

    private static void assertAnswered(String about, McpClient client, List<String> asked) {
        for (int call = 0; call < asked.size(); call++) {
            assertThat(McpClient.text(client.awaitAnswer(call + 1))).as(about).isEqualTo(asked.get(call));
        }
        assertThat(client.messages()).as(about).hasSize(1 + asked.size());
    }
}
