package dev.holdfast.commands.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Path;
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
    private static final Guarding GUARDING =
            new Guarding("/opt/hold \"fast\"/bin/holdfast", "/usr/lib/jvm/java 25", false);
    private static final List<String> OPTIONS =
            List.of("run", "--transport", "stdio", "--scope", "user", "--name", "memory", "--");
    private static final JsonMapper READER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    /** Each as it is, and with the other ends of lines; the large one costs too much for twice. */
    static Stream<Arguments> files() {
        List<Arguments> files = new ArrayList<>();
        for (Client client : List.of(Client.CURSOR, Client.CODEX, Client.GOOSE, Client.CONTINUE)) {
            corpus(client).forEach((name, text) -> {
                files.add(Arguments.of(client, name, text));
                if (text.length() < 10_000) {
                    String other = text.contains("\r") ? text.replace("\r", "") : text.replace("\n", "\r\n");
                    files.add(Arguments.of(client, name + ", other ends of lines", other));
                }
            });
        }
        return files.stream();
    }

    private static Map<String, String> corpus(Client client) {
        return switch (client) {
            case CODEX -> ConfigCorpus.toml();
            case GOOSE -> ConfigCorpus.goose();
            case CONTINUE -> ConfigCorpus.continues();
            default -> ConfigCorpus.json();
        };
    }

    private static ClientDocument document(String text) {
        return ClientDocument.of(Client.CURSOR, "/work", text);
    }

    private static ServerEntry memory(ClientDocument document) {
        return document.server(section(document.client()), "memory").orElseThrow();
    }

    private static List<String> section(Client client) {
        return List.of(client.newSection());
    }

    private static ClientDocument wrapped(String text) {
        return wrapped(Client.CURSOR, text);
    }

    private static ClientDocument wrapped(Client client, String text) {
        ClientDocument document = ClientDocument.of(client, "/work", text);
        return GUARDING.wrap(document, memory(document));
    }

    /** By another parser than ours for JSON and TOML; for YAML, what the parser says of ours. */
    private static ObjectNode entry(Client client, String text) throws IOException {
        if (client.syntax() instanceof YamlSyntax) {
            return (ObjectNode)
                    tree(memory(ClientDocument.of(client, "/work", text)).map());
        }
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        JsonNode root = (client == Client.CODEX ? new TomlMapper() : READER).readTree(plain);
        return (ObjectNode) root.path(client.newSection()).path("memory");
    }

    private static JsonNode tree(Node node) {
        if (node instanceof Node.MapNode map) {
            ObjectNode object = READER.createObjectNode();
            map.members().forEach(member -> object.set(member.name(), tree(member.value())));
            return object;
        }
        if (node instanceof Node.ListNode list) {
            ArrayNode array = READER.createArrayNode();
            list.items().forEach(item -> array.add(tree(item)));
            return array;
        }
        return READER.getNodeFactory().textNode(((Node.ScalarNode) node).text());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("files")
    void whatTheClientReadsIsTheOldCommandBehindHoldfast(Client client, String name, String text) throws IOException {
        Client.Keys keys = client.keys();
        ObjectNode before = entry(client, text);
        ObjectNode after = entry(client, wrapped(client, text).text());
        List<String> arguments = new ArrayList<>(OPTIONS);
        arguments.add(before.path(keys.command()).asText());
        before.path(keys.arguments()).forEach(each -> arguments.add(each.asText()));
        assertThat(after.path(keys.command()).asText()).isEqualTo(GUARDING.launcher());
        assertThat(after.path(keys.arguments())).map(JsonNode::asText).containsExactlyElementsOf(arguments);
        ObjectNode environment = (ObjectNode) after.path(keys.environment());
        assertThat(environment.remove("HOLDFAST_JAVA_HOME").asText()).isEqualTo(GUARDING.javaHome());
        assertThat((JsonNode) environment)
                .isEqualTo(
                        before.has(keys.environment()) ? before.path(keys.environment()) : READER.createObjectNode());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("files")
    void takenAwayAgainNothingHasChanged(Client client, String name, String text) {
        ClientDocument wrapped = wrapped(client, text);
        ServerEntry guarded = memory(wrapped);
        assertThat(guarded.isGuarded()).isTrue();
        ClientDocument unwrapped =
                Guarding.unwrap(wrapped, guarded, Guarding.additions(memory(ClientDocument.of(client, "/work", text))));
        assertThat(unwrapped.text()).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("files")
    void otherServersOfTheFileStayAsTheyAre(Client client, String name, String text) {
        ClientDocument before = ClientDocument.of(client, "/work", text);
        ClientDocument after = wrapped(client, text);
        assertThat(TreeText.meaning(after.root(), List.of(memory(after).map())))
                .isEqualTo(
                        TreeText.meaning(before.root(), List.of(memory(before).map())));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("files")
    void serverThatIsAddedAndRemovedLeavesNoTrace(Client client, String name, String text) {
        ClientDocument before = ClientDocument.of(client, "/work", text);
        Syntax syntax = before.client().syntax();
        Node.MapNode servers = before.section(section(client)).orElseThrow();
        ClientDocument after = before.with(syntax.append(
                text, servers, "new", GUARDING.entry(before, "new", List.of("a", "b c"), Map.of("K", "v"))));
        assertThat(after.server(section(client), "new").orElseThrow().serverCommand())
                .containsExactly("a", "b c");
        Node.MapNode more = after.section(section(client)).orElseThrow();
        assertThat(after.with(syntax.remove(after.text(), more, more.indexOf("new")))
                        .text())
                .isEqualTo(text);
    }

    /** As a client does that reads its file, changes a part of it, and writes all of it in its own way. */
    @Test
    void entryThatTheClientHasWrittenAnewGetsItsOldValuesInTheNewStyle() throws IOException {
        String text = ConfigCorpus.json("arguments on lines of their own");
        ObjectNode root = (ObjectNode) READER.readTree(wrapped(text).text());
        ((ObjectNode) root.path("mcpServers").path("memory")).put("disabled", true);
        ClientDocument written = document(READER.writeValueAsString(root));
        ClientDocument unwrapped = Guarding.unwrap(written, memory(written), Set.of("env"));
        assertThat(unwrapped.text())
                .isEqualTo("{\"mcpServers\":{\"memory\":{\"command\":\"npx\",\"args\":[\"-y\","
                        + "\"@modelcontextprotocol/server-memory\"],\"disabled\":true}}}");
    }

    @Test
    void entriesWithNamesAlikeAreTwoInstances() {
        ClientDocument document =
                document("{\"mcpServers\": {\"a b\": {\"command\": \"x\"}, \"a-b\": {\"command\": \"x\"}}}");
        List<String> names = new ArrayList<>();
        for (ServerEntry server : document.servers()) {
            ClientDocument wrapped = GUARDING.wrap(document, server);
            List<String> arguments = wrapped.server(server.section(), server.name())
                    .flatMap(ServerEntry::arguments)
                    .orElseThrow();
            names.add(arguments.get(arguments.indexOf("--name") + 1));
        }
        assertThat(names).hasSize(2).doesNotHaveDuplicates().last().isEqualTo("a-b");
    }

    @Test
    void rowOfAFileLooksLikeItsNeighbours() {
        assertThat(wrapped(ConfigCorpus.json("arguments on lines of their own")).text())
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

    /** After an update of Java or of Holdfast, none of a client's servers starts any more. */
    @Test
    void programsThatAreGoneAreTold() {
        ClientReport report = new ClientReport(false, Set.of());
        report.add(Client.CURSOR, Path.of("/f"), wrapped(ConfigCorpus.json("two spaces")));
        assertThat(report.text())
                .isEqualTo("cursor  /f\n  memory  guarded, but there is no program " + GUARDING.launcher()
                        + ": unwrap it, and wrap it again\n  github  remote");
        assertThat(report.json()).contains("\"guarded\":true,\"works\":false}");
    }

    @Test
    void valuesAreMaskedAndCommandsAreNot() {
        String masked = TreeText.masked(wrapped(ConfigCorpus.json("two spaces")));
        assertThat(masked)
                .contains("\"API_KEY\": \"***\"", "\"theme\": \"***\"", "\"server-memory\"".substring(1), "java 25")
                .doesNotContain("sk-secret", "memory.json", "githubcopilot");
    }

    @Test
    void aliasesAreMaskedOnceAndDoNotMultiply() {
        String text = "k: &k sk-secret\nextensions: {memory: {cmd: c, args: [*k], envs: {A: *k, B: *k}}}\n";
        assertThat(TreeText.masked(ClientDocument.of(Client.GOOSE, "/work", text)))
                .isEqualTo(text.replace("sk-secret", "\"***\""));
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i <= 24; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        for (String hostile : List.of(bomb.toString(), "a: &a [*a]\n")) {
            assertThatThrownBy(() -> ClientDocument.of(Client.GOOSE, "/work", hostile))
                    .isInstanceOf(ClientFileException.class)
                    .hasMessageContaining("left alone");
        }
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

    @Test
    void sharedServersAreWrappedAndUnwrappedToTheByte() {
        String text = "{\"mcpServers\": {\"memory\": {\"command\": \"npx\", \"args\": [\"-y\", \"server-memory\"]}}}";
        ClientDocument document = document(text);
        ClientDocument shared = new Guarding("/opt/holdfast/bin/holdfast", "", true).wrap(document, memory(document));
        assertThat(shared.text())
                .contains("[\"run\", \"--share\", \"--name\", \"memory\", \"--\", \"npx\", \"-y\", \"server-memory\"]");
        assertThat(Guarding.unwrap(shared, memory(shared), Set.of()).text()).isEqualTo(text);
    }
}
