package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The servers of npm that most people have, and what is asked of them. */
public enum NpmServer {
    EVERYTHING("Echo: hello") {
        @Override
        Map<String, Object> work(Path place, int request) {
            return tool("echo", Map.of("message", "hello"));
        }

        @Override
        Map<String, Object> longWork(Path place, int request, double seconds) {
            return tool("trigger-long-running-operation", Map.of("duration", seconds, "steps", 1));
        }
    },
    /** Of one folder. */
    FILESYSTEM("a line of notes") {
        @Override
        Map<String, Object> work(Path place, int request) {
            return tool(
                    "read_text_file", Map.of("path", place.resolve("notes.txt").toString()));
        }
    },
    MEMORY("\"entityType\": \"person\"") {
        @Override
        Map<String, Object> work(Path place, int request) {
            Map<String, Object> entity =
                    Map.of("name", "E" + request, "entityType", "person", "observations", List.of());
            return tool("create_entities", Map.of("entities", List.of(entity)));
        }
    };

    private static final String SCOPE = "@modelcontextprotocol/server-";
    private static final String VERSION = "@2026.8.31";

    private final String answered;

    NpmServer(String answered) {
        this.answered = answered;
    }

    /** The folder of a project that has them all, for {@code npx} to find them there. Or skips the test. */
    public static Path project() {
        return NodePackages.installed(
                "mcp-servers",
                EVERYTHING.packageName() + VERSION,
                FILESYSTEM.packageName() + VERSION,
                MEMORY.packageName() + VERSION);
    }

    /** As in a file of a client's. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Such as {@code @modelcontextprotocol/server-memory}. */
    public String packageName() {
        return SCOPE + id();
    }

    /**
     * How people start it.
     *
     * @param isByRunner by its package's name, or by its program's path
     * @param place a folder for what it works on
     */
    public List<String> command(boolean isByRunner, Path place) {
        Path program = project().resolve("node_modules/" + packageName() + "/dist/index.js");
        List<String> words =
                new ArrayList<>(isByRunner ? List.of("npx", "-y", packageName()) : List.of("node", program.toString()));
        if (this == FILESYSTEM) {
            words.add(place.toString());
        }
        return words;
    }

    /** Sends the first request, numbered 0 as the libraries of clients do, and does not wait. */
    public static void initialize(AiClient.Server server) {
        server.ask(
                0,
                "initialize",
                Map.of(
                        "protocolVersion", "2025-06-18",
                        "capabilities", Map.of(),
                        "clientInfo", Map.of("name", "test", "version", "1")));
    }

    /** Has it do something, for so long where it can, and does not wait. */
    public void begin(AiClient.Server server, Path place, int request, double seconds) {
        server.ask(request, "tools/call", longWork(place, request, seconds));
    }

    /** Has it do something, and looks at the answer. */
    public void assertWorks(AiClient.Server server, Path place, int request) {
        server.ask(request, "tools/call", work(place, request));
        assertThat(server.awaitAnswer(request).at("/result/content/0/text").asText())
                .contains(answered);
    }

    abstract Map<String, Object> work(Path place, int request);

    Map<String, Object> longWork(Path place, int request, double seconds) {
        return work(place, request);
    }

    private static Map<String, Object> tool(String name, Map<String, Object> arguments) {
        return Map.of("name", name, "arguments", arguments);
    }
}
