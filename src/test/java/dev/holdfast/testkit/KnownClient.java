package dev.holdfast.testkit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The clients that {@code holdfast client} knows: how each starts its servers, and ends them by the steps of a {@link
 * StopLadder}, or by its own end.
 */
public enum KnownClient {
    CLAUDE_DESKTOP(".config/Claude/claude_desktop_config.json", ClientFile.JSON, "sockets shared few", "EOF"),
    CLAUDE_CODE(".claude.json", ClientFile.JSON, "sockets shared all", "INT 100 TERM 400 KILL"),
    CURSOR(".cursor/mcp.json", ClientFile.JSON, "sockets shared few", "EOF 2000 TERM 2000 KILL"),
    VSCODE(".config/Code/User/mcp.json", ClientFile.JSON_OF_SERVERS, "sockets shared all", "EOF 10000 TERM 10000 KILL"),
    GEMINI(".gemini/settings.json", ClientFile.JSON, "sockets shared all", "exits"),
    CODEX(".codex/config.toml", ClientFile.TOML, "pipes own few", "-TERM 2000 -KILL"),
    CONTINUE(".continue/config.yaml", ClientFile.YAML_LIST, "sockets shared few", "EOF 2000 TERM 2000 KILL"),
    GOOSE(".config/goose/config.yaml", ClientFile.YAML_MAP, "pipes own all", "KILL");

    /** What the protocol's own libraries pass on, beside the home folder. */
    private static final List<String> FEW = List.of("LOGNAME", "PATH", "SHELL", "TERM", "USER");

    private final String file;
    private final ClientFile form;
    private final String streams;
    private final String group;
    private final boolean isSparing;
    private final String ladder;

    KnownClient(String file, ClientFile form, String start, String ladder) {
        this.file = file;
        this.form = form;
        String[] words = start.split(" ");
        streams = words[0];
        group = words[1];
        isSparing = words[2].equals("few");
        this.ladder = ladder;
    }

    /** How Holdfast calls it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its file in a user's home. */
    public Path file(Path home) {
        return home.resolve(file);
    }

    /** The form of its file. */
    public ClientFile form() {
        return form;
    }

    /** Whether it gives each server a process group of its own. */
    public boolean hasGroups() {
        return group.equals("own");
    }

    /** How it ends its servers; "exits" for not at all. */
    public String ladder() {
        return ladder;
    }

    /**
     * Starts it.
     *
     * @param home the home folder of its user
     * @param folder where its servers run
     */
    public AiClient start(Path home, Path folder) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("HOLDFAST_") || (isSparing && !FEW.contains(name)));
        environment.put("HOME", home.toString());
        return new AiClient(streams, group, environment, folder);
    }
}
