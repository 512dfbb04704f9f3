package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes to whom between the clients of a shared server and it, also when one of them is as bad as can be. */
@Timeout(180)
class SharedFlowIT {

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

    private static void leave(McpClient... clients) {
        for (McpClient each : clients) {
            each.closeStdin();
            assertThat(each.awaitExit()).as("%s", each).isZero();
        }
    }

    @Test
    @DisplayName("Row 33, in small: what many clients ask at once is all answered, and nothing of them stays")
    void manyClientsAtOnceAreAllAnswered() {
        int clients = 8;
        int calls = 60;
        try (Sharing sharing = sharing("--linger", "0")) {
            McpClient stays = sharing.ready();
            long host = sharing.awaitHost();
            int files = files(host);
            List<McpClient> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(sharing.client());
            }
            all.forEach(McpClient::initialize);
            for (int call = 1; call <= calls; call++) {
                for (McpClient each : all) {
                    each.call("echo", "{\"text\":\"" + each.pid() + "\"}");
                }
            }
            for (McpClient each : all) {
                for (int call = 1; call <= calls; call++) {
                    assertThat(McpClient.text(each.awaitAnswer(call))).isEqualTo(each.pid() + "");
                }
                assertThat(each.messages()).hasSize(1 + calls);
            }
            leave(all.toArray(new McpClient[0]));
            // It may have opened another one for itself meanwhile, and not one for each client.
            await("the descriptors of before")
                    .untilAsserted(() -> assertThat(files(host)).isLessThan(files + clients));
            leave(stays);
            sharing.awaitNothingLeft();
        }
        assertThat(server.executions()).hasSize(clients * calls);
    }

    private static int files(long pid) {
        String[] files = Path.of("/proc/" + pid + "/fd").toFile().list();
        return files == null ? 0 : files.length;
    }
}
