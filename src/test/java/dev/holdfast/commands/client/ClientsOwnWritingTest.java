package dev.holdfast.commands.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Files as clients read and write them: by a library of their own, without comments and with all in that library's style. */
class ClientsOwnWritingTest {
    private static final Guarding GUARDING = new Guarding("/opt/holdfast/bin/holdfast", "/usr/lib/jvm/java 25", false);
    private static final String ODD = "a,b=\"c\" 'd' # \\ \t\n$e: [f] 🐘";
    private static final int UNFOLDED = 1_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private static JsonNode read(Client client, String text) throws JsonProcessingException {
        if (client.syntax() instanceof YamlSyntax) {
            return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
        }
        return client == Client.CODEX ? new TomlMapper().readTree(text) : JSON.readTree(text);
    }

    private static String written(Client client, JsonNode root, FlowStyle style) throws JsonProcessingException {
        if (client.syntax() instanceof YamlSyntax) {
            DumpSettings settings = DumpSettings.builder()
                    .setDefaultFlowStyle(style)
                    .setWidth(UNFOLDED)
                    .build();
            return new Dump(settings).dumpToString(JSON.convertValue(root, Object.class));
        }
        return client == Client.CODEX ? new TomlMapper().writeValueAsString(root) : JSON.writeValueAsString(root);
    }

    private static ServerEntry server(ClientDocument document, String name) {
        return document.server(List.of(document.client().newSection()), name).orElseThrow();
    }

    /** A server's entry in what a library has read. */
    private static ObjectNode entry(Client client, JsonNode root, String name) {
        JsonNode section = root.path(client.newSection());
        if (section instanceof ArrayNode list) {
            for (JsonNode each : list) {
                if (each.path("name").asText().equals(name)) {
                    return (ObjectNode) each;
                }
            }
        }
        return (ObjectNode) section.path(name);
    }

    static Stream<Arguments> rewritten() {
        List<Arguments> rows = new ArrayList<>();
        for (FlowStyle style : FlowStyle.values()) {
            rows.add(Arguments.of(Client.GOOSE, style, ConfigCorpus.goose().get("as Goose writes it")));
            rows.add(Arguments.of(
                    Client.CONTINUE, style, ConfigCorpus.continues().get("a list on lines")));
        }
        rows.add(Arguments.of(Client.CODEX, FlowStyle.AUTO, ConfigCorpus.toml().get("tables")));
        rows.add(Arguments.of(Client.CURSOR, FlowStyle.AUTO, ConfigCorpus.json("arguments on lines of their own")));
        return rows.stream();
    }

    /** The client reads its file, switches the server off, and writes all of it in its own way. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rewritten")
    void entryThatWasWrittenAnewGetsItsOldValuesInTheNewStyle(Client client, FlowStyle style, String text)
            throws JsonProcessingException {
        ClientDocument before = ClientDocument.of(client, "/work", text);
        JsonNode guarded =
                read(client, GUARDING.wrap(before, server(before, "memory")).text());
        entry(client, guarded, "memory").put("disabled", true);
        ClientDocument anew = ClientDocument.of(client, "/work", written(client, guarded, style));
        String unwrapped = Guarding.unwrap(
                        anew, server(anew, "memory"), Set.of(client.keys().environment()))
                .text();
        JsonNode expected = read(client, text);
        entry(client, expected, "memory").put("disabled", true);
        assertThat(read(client, unwrapped)).isEqualTo(expected);
        assertThat(unwrapped).isEqualTo(written(client, expected, style));
    }

    @ParameterizedTest
    @EnumSource(
            value = Client.class,
            names = {"CURSOR", "CODEX", "CONTINUE", "GOOSE"})
    void addedServerIsReadWithItsVariables(Client client) throws JsonProcessingException {
        String text = client == Client.CODEX
                ? "[mcp_servers]\n"
                : client == Client.CURSOR
                        ? "{\"mcpServers\": {}}"
                        : client.newSection() + (client == Client.CONTINUE ? ": []\n" : ": {}\n");
        ClientDocument before = ClientDocument.of(client, "/work", text);
        Map<String, String> variables = Map.of("A", ODD, "B", "", "C", "true", "HOLDFAST_JAVA_HOME", "/java");
        ClientDocument after = before.with(client.syntax()
                .append(
                        text,
                        before.section(List.of(client.newSection())).orElseThrow(),
                        "new",
                        GUARDING.entry(before, "new", List.of("server", ODD), variables)));
        ObjectNode entry = entry(client, read(client, after.text()), "new");
        assertThat(entry.path(client.keys().environment())).isEqualTo(JSON.valueToTree(variables));
        JsonNode arguments = entry.path(client.keys().arguments());
        assertThat(arguments.get(arguments.size() - 1).asText()).isEqualTo(ODD);
        assertThat(TreeText.masked(after)).contains("***").doesNotContain("A: \"a,b", "\"A\": \"a,b", "A = \"a,b");
    }
}
