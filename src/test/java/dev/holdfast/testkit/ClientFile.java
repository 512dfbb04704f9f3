package dev.holdfast.testkit;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The forms of AI clients' configuration files: written as people have them, and read as the clients do. */
public enum ClientFile {
    /** Claude's, Cursor's and Gemini's. */
    JSON("mcpServers") {
        @Override
        String text(Map<String, Entry> servers) {
            return json(section, "", servers);
        }

        @Override
        JsonNode tree(String text) throws IOException {
            return WITH_COMMENTS.readTree(text);
        }
    },
    /** VS Code's. */
    JSON_OF_SERVERS("servers") {
        @Override
        String text(Map<String, Entry> servers) {
            return json(section, "\n      \"type\": \"stdio\",", servers);
        }

        @Override
        JsonNode tree(String text) throws IOException {
            return WITH_COMMENTS.readTree(text);
        }
    },
    /** Codex's. */
    TOML("mcp_servers") {
        @Override
        String text(Map<String, Entry> servers) {
            return "model = \"gpt-5\" # mine\n\n" + each(servers, """
                    [mcp_servers.NAME]
                    command = COMMAND
                    args = ARGUMENTS
                    startup_timeout_sec = 120 # slow

                    [mcp_servers.NAME.env]
                    VARIABLES

                    """, "%s = %s", "\n")
                    + "[profiles.fast]\nmodel = \"mini\"\n";
        }

        @Override
        JsonNode tree(String text) throws IOException {
            return new TomlMapper().readTree(text);
        }
    },
    /** Continue's. */
    YAML_LIST("mcpServers") {
        @Override
        String text(Map<String, Entry> servers) {
            return "name: mine\nversion: 1.0.0\nmcpServers:\n" + each(servers, """
                      - name: NAME # one of mine
                        command: COMMAND
                        args: ARGUMENTS
                        env:
                          VARIABLES
                    """.indent(2), "%s: %s", "\n        ")
                    + "context:\n  - provider: code\n";
        }

        @Override
        JsonNode tree(String text) {
            return yaml(text);
        }

        @Override
        JsonNode server(JsonNode servers, String name) {
            for (JsonNode server : servers) {
                if (server.path("name").asText().equals(name)) {
                    return server;
                }
            }
            throw new AssertionError("no " + name);
        }
    },
    /** Goose's. */
    YAML_MAP("extensions") {
        @Override
        String text(Map<String, Entry> servers) {
            return "GOOSE_MODEL: x # mine\nextensions:\n  developer:\n    type: builtin\n"
                    + each(servers, """
                    NAME:
                      enabled: true
                      type: stdio
                      name: NAME
                      cmd: COMMAND
                      args: ARGUMENTS
                      envs:
                        VARIABLES
                      timeout: 300
                    """.indent(2), "%s: %s", "\n      ");
        }

        @Override
        JsonNode tree(String text) {
            return yaml(text);
        }

        @Override
        Entry entry(JsonNode server) {
            return entry(server, "cmd", "envs");
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectMapper WITH_COMMENTS = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    final String section;

    ClientFile(String section) {
        this.section = section;
    }

    /**
     * How a client starts a server.
     *
     * @param command the program and its arguments
     * @param environment the variables that it gets beside the client's own
     */
    public record Entry(List<String> command, Map<String, String> environment) {}

    /** Writes one with servers, and what else such files have. */
    public void write(Path file, Map<String, Entry> servers) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text(servers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of its servers. */
    public Entry read(Path file, String name) {
        try {
            return entry(server(tree(Files.readString(file)).path(section), name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    abstract String text(Map<String, Entry> servers);

    abstract JsonNode tree(String text) throws IOException;

    JsonNode server(JsonNode servers, String name) {
        return servers.path(name);
    }

    Entry entry(JsonNode server) {
        return entry(server, "command", "env");
    }

    static Entry entry(JsonNode server, String command, String environment) {
        List<String> words = new ArrayList<>(List.of(server.path(command).asText()));
        server.path("args").forEach(word -> words.add(word.asText()));
        Map<String, String> variables = new LinkedHashMap<>();
        server.path(environment)
                .properties()
                .forEach(variable ->
                        variables.put(variable.getKey(), variable.getValue().asText()));
        return new Entry(words, variables);
    }

    private static JsonNode yaml(String text) {
        return MAPPER.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    private static String json(String section, String fixed, Map<String, Entry> servers) {
        return "{\n  // mine\n  \"theme\": \"dark\",\n  \"" + section + "\": {\n"
                + each(servers, """
                    "NAME": {FIXED
                      "command": COMMAND,
                      "args": ARGUMENTS,
                      "env": { VARIABLES }, // as it came
                    },
                """.replace("FIXED", fixed), "\"%s\": %s", ", ")
                + "    \"docs\": { \"type\": \"http\", \"url\": \"https://docs.example/mcp\" }\n  }\n}\n";
    }

    /** The form, filled in for each: texts and lists of texts are written alike in all three languages. */
    private static String each(Map<String, Entry> servers, String form, String variable, String between) {
        StringBuilder all = new StringBuilder();
        servers.forEach((name, entry) -> {
            List<String> words = entry.command();
            String variables = entry.environment().entrySet().stream()
                    .map(each -> variable.formatted(each.getKey(), quoted(each.getValue())))
                    .collect(Collectors.joining(between));
            all.append(form.replace("NAME", name)
                    .replace("COMMAND", quoted(words.get(0)))
                    .replace("ARGUMENTS", quoted(words.subList(1, words.size())))
                    .replace("VARIABLES", variables));
        });
        return all.toString();
    }

    private static String quoted(Object value) {
        return MAPPER.valueToTree(value).toString();
    }
}
