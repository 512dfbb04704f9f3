package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A headless Chromium with one page, driven by its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;

    private final Child child;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final String session;

    /** Starts it. */
    public Browser(Path profile) {
        ProcessBuilder builder = new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank");
        builder.environment().put("TMPDIR", profile.toString());
        child = Child.start(builder);
        String url = child.awaitErr("DevTools listening on (ws://\\S+)");
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), new Listener())
                .join();
        String target = call("", "Target.createTarget", JSON.createObjectNode().put("url", "about:blank"))
                .path("targetId")
                .asText();
        session = call(
                        "",
                        "Target.attachToTarget",
                        JSON.createObjectNode().put("targetId", target).put("flatten", true))
                .path("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", JSON.createObjectNode());
        }
    }

    /** What the page has complained of on its console, such as what its policy forbids; and what it loaded from elsewhere. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    public void open(String url) {
        call("Page.navigate", JSON.createObjectNode().put("url", url));
        awaitTrue("document.readyState === 'complete'");
    }

    public void size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    public void dark(boolean isDark) {
        ObjectNode features = JSON.createObjectNode();
        features.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", isDark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", features);
    }

    /** Presses and releases a key, such as Tab or Enter. */
    public void key(String key) {
        ObjectNode down = JSON.createObjectNode().put("key", key).put("code", key);
        if (key.equals("Enter")) {
            down.put("text", "\r").put("windowsVirtualKeyCode", 13);
        } else if (key.equals("Tab")) {
            down.put("windowsVirtualKeyCode", 9);
        } else if (key.equals("Escape")) {
            down.put("windowsVirtualKeyCode", 27);
        } else {
            down.put("text", key);
        }
        call("Input.dispatchKeyEvent", down.put("type", "keyDown"));
        down.remove("text");
        call("Input.dispatchKeyEvent", down.put("type", "keyUp"));
    }

    /** The value of an expression; of a promise, what it comes to. */
    public JsonNode evaluate(String expression) {
        JsonNode result = call(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(result.toString());
        }
        return result.path("result").path("value");
    }

    public void awaitTrue(String expression) {
        await(expression)
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> evaluate("!!(" + expression + ")").asBoolean());
    }

    /** Writes a picture of what is to be seen. */
    public void screenshot(Path file) {
        String data = call("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"))
                .path("data")
                .asText();
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode call(String method, ObjectNode parameters) {
        return call(session, method, parameters);
    }

    private JsonNode call(String to, String method, ObjectNode parameters) {
        int id = lastId.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        if (!to.isEmpty()) {
            message.put("sessionId", to);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).join();
        JsonNode got = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (got.has("error")) {
            throw new AssertionError(method + ": " + got);
        }
        return got.path("result");
    }

    private void take(JsonNode message) {
        CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
        JsonNode parameters = message.path("params");
        if (answer != null) {
            answer.complete(message);
        } else if (message.path("method").asText().equals("Log.entryAdded")) {
            complaints.add(parameters.path("entry").path("text").asText());
        } else if (message.path("method").asText().equals("Runtime.exceptionThrown")) {
            complaints.add(parameters.toString());
        } else if (message.path("method").asText().equals("Network.requestWillBeSent")) {
            String url = parameters.path("request").path("url").asText();
            if (!url.startsWith("http://localhost:") && !url.startsWith("http://127.0.0.1:")) {
                complaints.add("asks for " + url);
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
        child.terminate();
        child.close();
    }

    private final class Listener implements WebSocket.Listener {
        private final List<CharSequence> parts = new ArrayList<>();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.add(data.toString());
            if (last) {
                try {
                    take(JSON.readTree(String.join("", parts)));
                } catch (IOException e) {
                    complaints.add(e.toString());
                }
                parts.clear();
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
