package dev.holdfast.commands.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What guarding a server makes of a file, and that all of it can be had back. No files, no processes. */
class GuardingTest {
    private static final Guarding GUARDING = new Guarding("/opt/hold \"fast\"/bin/holdfast", "/usr/lib/jvm/java 25");
    private static final List<String> OPTIONS =
            List.of("run", "--transport", "stdio", "--scope", "user", "--name", "memory", "--");
    private static final JsonMapper READER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    static Stream<Arguments> files() {
        return ConfigCorpus.json().entrySet().stream().map(file -> Arguments.of(file.getKey(), file.getValue()));
    }

    private static ClientDocument document(String text) {
        return ClientDocument.of(Client.CURSOR, "/work", text);
    }

    private static ServerEntry memory(ClientDocument document) {
        return document.server(List.of("mcpServers"), "memory").orElseThrow();
    }

    private static ClientDocument wrapped(String text) {
        ClientDocument document = document(text);
        return GUARDING.wrap(document, memory(document));
    }

    private static ObjectNode entry(String text) throws IOException {
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        return (ObjectNode) READER.readTree(plain).path("mcpServers").path("memory");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void whatTheClientReadsIsTheOldCommandBehindHoldfast(String name, String text) throws IOException {
        ObjectNode before = entry(text);
        ObjectNode after = entry(wrapped(text).text());
        List<String> arguments = new ArrayList<>(OPTIONS);
        arguments.add(before.path("command").asText());
        before.path("args").forEach(each -> arguments.add(each.asText()));
        assertThat(after.path("command").asText()).isEqualTo(GUARDING.launcher());
        assertThat(after.path("args")).map(JsonNode::asText).containsExactlyElementsOf(arguments);
        ObjectNode environment = (ObjectNode) after.path("env");
        assertThat(environment.remove("HOLDFAST_JAVA_HOME").asText()).isEqualTo(GUARDING.javaHome());
        assertThat((JsonNode) environment)
                .isEqualTo(before.has("env") ? before.path("env") : READER.createObjectNode());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void takenAwayAgainNothingHasChanged(String name, String text) {
        ClientDocument wrapped = wrapped(text);
        ServerEntry guarded = memory(wrapped);
        assertThat(guarded.isGuarded()).isTrue();
        ClientDocument unwrapped = Guarding.unwrap(wrapped, guarded, Guarding.additions(memory(document(text))));
        assertThat(unwrapped.text()).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void otherServersOfTheFileStayAsTheyAre(String name, String text) {
        ClientDocument before = document(text);
        ClientDocument after = wrapped(text);
        assertThat(TreeText.meaning(after.root(), List.of(memory(after).map())))
                .isEqualTo(
                        TreeText.meaning(before.root(), List.of(memory(before).map())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void serverThatIsAddedAndRemovedLeavesNoTrace(String name, String text) {
        ClientDocument before = document(text);
        Syntax syntax = before.client().syntax();
        Node.MapNode servers = before.section(List.of("mcpServers")).orElseThrow();
        ClientDocument after = before.with(syntax.append(
                text, servers, "new", GUARDING.entry(before, "new", List.of("a", "b c"), Map.of("K", "v"))));
        assertThat(after.server(List.of("mcpServers"), "new").orElseThrow().serverCommand())
                .containsExactly("a", "b c");
        Node.MapNode more = after.section(List.of("mcpServers")).orElseThrow();
        assertThat(after.with(syntax.remove(after.text(), more, more.indexOf("new")))
                        .text())
                .isEqualTo(text);
    }

    /** As a client does that reads its file, changes a part of it, and writes all of it in its own way. */
    @Test
    void entryThatTheClientHasWrittenAnewGetsItsOldValuesInTheNewStyle() throws IOException {
        String text = ConfigCorpus.json().get("arguments on lines of their own");
        ObjectNode root = (ObjectNode) READER.readTree(wrapped(text).text());
        ((ObjectNode) root.path("mcpServers").path("memory")).put("disabled", true);
        ClientDocument written = document(READER.writeValueAsString(root));
        ClientDocument unwrapped = Guarding.unwrap(written, memory(written), Set.of("env"));
        assertThat(unwrapped.text())
                .isEqualTo("{\"mcpServers\":{\"memory\":{\"command\":\"npx\",\"args\":[\"-y\","
                        + "\"@modelcontextprotocol/server-memory\"],\"disabled\":true}}}");
    }

    @Test
    void rowOfAFileLooksLikeItsNeighbours() {
        assertThat(wrapped(ConfigCorpus.json().get("arguments on lines of their own"))
                        .text())
                .contains("""
                            "args": [
                                "run",
                                "--transport",
                                "stdio",
                                "--scope",
                                "user",
                                "--name",
                                "memory",
                                "--",
                                "npx",
                                "-y",
                                "@modelcontextprotocol/server-memory"
                            ],
                            "env": {"HOLDFAST_JAVA_HOME": "/usr/lib/jvm/java 25"}
                        """.indent(8).stripTrailing());
    }

    @Test
    void valuesAreMaskedAndCommandsAreNot() {
        String masked = TreeText.masked(wrapped(ConfigCorpus.json().get("two spaces")));
        assertThat(masked)
                .contains("\"API_KEY\": \"***\"", "\"theme\": \"***\"", "\"server-memory\"".substring(1), "java 25")
                .doesNotContain("sk-secret", "memory.json", "githubcopilot");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": tru}               | line 1, column 7",
                "{\"a\": 1                  | line 1,",
                "[]                         | is no JSON object",
                "{} {}                      | line 1, column 4",
                "{\"a\": 'sk-secret'}       | line 1, column 7",
                "{\"a\": \"sk-secret        | line 1,",
                "''                         | is no JSON object"
            })
    void whatCannotBeParsedIsToldByItsPlaceOnly(String text, String place) {
        assertThatThrownBy(() -> document(text))
                .isInstanceOf(ClientFileException.class)
                .hasMessageContaining(place)
                .hasMessageNotContaining("secret");
    }
}
