package dev.holdfast.commands.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where each client's file is looked for. */
class ClientPlacesTest {
    @TempDir
    Path folder;

    private static ClientPlaces places(Map<String, String> environment, String home, String workingDirectory) {
        UnaryOperator<String> variable = name -> environment.getOrDefault(name, "");
        return new ClientPlaces(variable, home, workingDirectory, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-desktop, /h/.config/Claude/claude_desktop_config.json, /x/Claude/claude_desktop_config.json",
        "claude-code,    /h/.claude.json,                              /c/.claude.json",
        "cursor,         /h/.cursor/mcp.json,                          /h/.cursor/mcp.json",
        "vscode,         /h/.config/Code/User/mcp.json,                /x/Code/User/mcp.json",
        "gemini,         /h/.gemini/settings.json,                     /h/.gemini/settings.json",
        "codex,          /h/.codex/config.toml,                        /d/config.toml",
        "continue,       /h/.continue/config.yaml,                     /e/config.yaml",
        "goose,          /h/.config/goose/config.yaml,                 /x/goose/config.yaml"
    })
    void userFileIsWhereTheClientLooksForIt(String client, String usual, String moved) {
        Client known = Client.of(client).orElseThrow();
        Map<String, String> variables = Map.of(
                "XDG_CONFIG_HOME", "/x", "CLAUDE_CONFIG_DIR", "/c", "CODEX_HOME", "/d", "CONTINUE_GLOBAL_DIR", "/e");
        assertThat(places(Map.of(), "/h", "/w").first(known)).hasToString(usual);
        assertThat(places(variables, "/h", "/w").first(known)).hasToString(moved);
    }

    @Test
    void projectsFilesAreTakenTooEachOnce() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path project = Files.createDirectories(folder.resolve("project"));
        for (Path each : new Path[] {home, project}) {
            Files.createDirectory(each.resolve(".cursor"));
            Files.writeString(each.resolve(".cursor/mcp.json"), "{}");
        }
        Path link = Files.createSymbolicLink(folder.resolve("link"), home);
        assertThat(places(Map.of(), home.toString(), project.toString()).existing(Client.CURSOR))
                .containsExactly(home.resolve(".cursor/mcp.json"), project.resolve(".cursor/mcp.json"));
        assertThat(places(Map.of(), home.toString(), link.toString()).existing(Client.CURSOR))
                .containsExactly(home.resolve(".cursor/mcp.json"));
    }

    @Test
    void claudeCodesServersForTheFolderAreThere() {
        String text = "{\"mcpServers\": {\"a\": {\"command\": \"x\"}}, \"projects\": {\"/w\": {\"mcpServers\": {\"a\":"
                + " {\"command\": \"y\"}}}, \"/other\": {\"mcpServers\": {\"b\": {\"command\": \"z\"}}}}}";
        assertThat(ClientDocument.of(Client.CLAUDE_CODE, "/w", text).servers())
                .map(server -> server.serverCommand().get(0))
                .containsExactly("x", "y");
    }
}
