package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of {@code docker/}, as a user runs them. */
@RunsContainers
class ExamplesIT {
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"get_server_health\"}}";

    private final Engine engine;

    ExamplesIT(Engine engine) {
        this.engine = engine;
    }

    /** The SDK's own client: it closes stdin, and asks the container to end only when that did not help for two seconds. */
    @Test
    void mcpClientTalksToItsContainerAndLeavesNone() throws IOException {
        Path sdk = engine.home().resolve("mcp-node/node_modules/@modelcontextprotocol/sdk/dist/esm/client");
        List<String> words = new ArrayList<>(
                List.of("node", Launcher.resource("container/mcp-client.mjs").toString()));
        words.add(sdk.toString());
        words.addAll(List.of("podman", "--log-level", "fatal", "run", "-i", "--rm", "--network=none", "--name=mcp"));
        words.add(Images.MCP);
        try (Child client = Child.start(engine.builder(words))) {
            assertThat(client.awaitExit(Duration.ofSeconds(60)))
                    .as("%s", client)
                    .isZero();
            JsonNode seen = new ObjectMapper().readTree(client.stdout());
            assertThat(seen.at("/server").asText()).isNotEmpty();
            assertThat(seen.at("/echo").asText()).contains("exactly once");
            assertThat(seen.at("/errors").isEmpty()).as("%s", client).isTrue();
            assertThat(seen.at("/closeMillis").asLong()).as("%s", client).isBetween(1L, 1_999L);
        }
        assertThat(engine.ok(List.of("ps", "-a", "-q", "--filter", "name=^mcp$")))
                .isEmpty();
    }

    /** Its whole output is the protocol, from the first byte. */
    @Test
    void clientThatClosesStdinAtOnceLeavesNoContainer() {
        try (Child run = engine.run(List.of("-i", "-e", "HOLDFAST_GRACE=60s"), Images.MCP, List.of())) {
            run.closeStdin();
            assertThat(run.awaitExit(Duration.ofSeconds(60))).as("%s", run).isZero();
            assertThat(run.stdout()).isEmpty();
        }
    }

    private static void answers(Container container, String url, String text) {
        String script =
                "import urllib.request; print(urllib.request.urlopen('" + url + "', timeout=5).read().decode())";
        try (Child get = container.exec("python3", "-c", script)) {
            assertThat(get.awaitExit()).as("%s %s", get, container).isZero();
            assertThat(get.stdout()).contains(text);
        }
    }

    private static void becomesReady(Container container, String name) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            try (Child status = container.exec("holdfast", "status", name, "--json")) {
                status.awaitExit();
                assertThat(status.stdout()).as("%s", status).contains("\"ready\"");
            }
        });
    }

    @Test
    void pythonServerServesAndStopsGracefully() {
        try (Container container =
                engine.start(List.of("--network", "none", "-e", "HOLDFAST_GRACE=60s"), Images.PYTHON, List.of())) {
            becomesReady(container, "python-http");
            answers(container, "http://127.0.0.1:8000/", "Served exactly once");
            Container.Stop stop = container.stop(60);
            assertThat(stop.code()).as("%s", container).isZero();
            assertThat(stop.took()).as("nobody waits out the grace").isLessThan(Duration.ofSeconds(60));
            assertThat(container.stdout()).contains("Keyboard interrupt received");
        }
    }

    /** With the small Java of the image, as a user without an account and a home. */
    @Test
    void healthAndToolsAreServedFromTheImage() {
        List<String> options = List.of(
                "-e",
                "HOLDFAST_METRICS__ENABLED=true",
                "-e",
                "HOLDFAST_METRICS__HOST=0.0.0.0",
                "-e",
                "HOLDFAST_HOME=/tmp/holdfast");
        try (Container container = engine.start(options, Images.PYTHON, List.of())) {
            becomesReady(container, "python-http");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> answers(container, "http://127.0.0.1:9090/health", "\"status\":\"healthy\""));
            answers(container, "http://127.0.0.1:9090/metrics", "instance=\"");
            try (Child mcp = container.exec("sh", "-c", "echo '" + CALL + "' | holdfast mcp")) {
                assertThat(mcp.awaitExit()).as("%s", mcp).isZero();
                assertThat(mcp.stdout()).contains("\"active_instances\":1");
            }
            assertThat(container.stop(60).code()).as("%s", container).isZero();
        }
    }

    @Test
    void javaServerServesAndStopsGracefully() {
        try (Container container =
                engine.start(List.of("-m", "256m", "-e", "HOLDFAST_GRACE=60s"), Images.JAVA, List.of())) {
            becomesReady(container, "orders");
            answers(container, "http://127.0.0.1:8080/orders", "[]");
            Container.Stop stop = container.stop(60);
            assertThat(stop.code()).as("%s", container).isEqualTo(143);
            assertThat(stop.took()).as("nobody waits out the grace").isLessThan(Duration.ofSeconds(60));
            assertThat(container.stdout())
                    .isEqualTo("orders: ready on http://localhost:8080/orders\norders: stopped\n");
        }
    }
}
