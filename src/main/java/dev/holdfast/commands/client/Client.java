package dev.holdfast.commands.client;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The AI clients whose files are known: where these are, and what in them names a server. */
enum Client {
    CLAUDE_DESKTOP("Claude Desktop", "mcpServers", Keys.USUAL) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            String config = configHome(variable, home);
            return List.of(
                    config + "/Claude/claude_desktop_config.json", config + "/claude/claude_desktop_config.json");
        }
    },
    CLAUDE_CODE("Claude Code", "mcpServers", Keys.USUAL) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            return List.of(or(variable.apply("CLAUDE_CONFIG_DIR"), home) + "/.claude.json", ".mcp.json");
        }
    },
    CURSOR("Cursor", "mcpServers", Keys.USUAL) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            return List.of(home + "/.cursor/mcp.json", ".cursor/mcp.json");
        }
    },
    VSCODE("VS Code", "servers", Keys.USUAL) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            return List.of(configHome(variable, home) + "/Code/User/mcp.json", ".vscode/mcp.json");
        }
    },
    GEMINI("Gemini CLI", "mcpServers", Keys.USUAL) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            return List.of(home + "/.gemini/settings.json", ".gemini/settings.json");
        }
    },
    CODEX("Codex", "mcp_servers", Keys.USUAL) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            return List.of(or(variable.apply("CODEX_HOME"), home + "/.codex") + "/config.toml", ".codex/config.toml");
        }

        @Override
        Syntax syntax() {
            return new TomlSyntax();
        }
    },
    CONTINUE("Continue", "mcpServers", Keys.USUAL) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            return List.of(or(variable.apply("CONTINUE_GLOBAL_DIR"), home + "/.continue") + "/config.yaml");
        }

        @Override
        Syntax syntax() {
            return new YamlSyntax();
        }

        @Override
        Syntax.Addition emptySection() {
            return new Syntax.NewList(List.of());
        }
    },
    GOOSE("Goose", "extensions", Keys.GOOSE) {
        @Override
        List<String> files(UnaryOperator<String> variable, String home) {
            return List.of(configHome(variable, home) + "/goose/config.yaml");
        }

        @Override
        Syntax syntax() {
            return new YamlSyntax();
        }

        @Override
        Map<String, Syntax.Addition> fixedParts(Syntax syntax, String server) {
            Map<String, Syntax.Addition> parts = new LinkedHashMap<>();
            parts.put("name", new Syntax.NewScalar(syntax.literal(server)));
            parts.put("type", new Syntax.NewScalar("stdio"));
            parts.put("enabled", new Syntax.NewScalar("true"));
            parts.put("timeout", new Syntax.NewScalar("300")); // seconds, without which it reads no entry
            return parts;
        }
    };

    /** What the parts of an entry are called. */
    enum Keys {
        USUAL("command", "args", "env"),
        GOOSE("cmd", "args", "envs");

        private final String command;
        private final String arguments;
        private final String environment;

        Keys(String command, String arguments, String environment) {
            this.command = command;
            this.arguments = arguments;
            this.environment = environment;
        }

        /** The program. */
        String command() {
            return command;
        }

        /** The list of its arguments. */
        String arguments() {
            return arguments;
        }

        /** The map of its variables. */
        String environment() {
            return environment;
        }
    }

    private final String label;
    private final String section;
    private final Keys keys;

    Client(String label, String section, Keys keys) {
        this.label = label;
        this.section = section;
        this.keys = keys;
    }

    /**
     * Its files, the user's first, then those of a project: paths, the relative ones of which are in the working directory.
     * Where a program has had several places, all of them.
     *
     * @param variable gives a variable's value, empty when it is not set
     * @param home the user's home folder
     */
    abstract List<String> files(UnaryOperator<String> variable, String home);

    /** The client of that name. */
    static Optional<Client> of(String name) {
        return Arrays.stream(values())
                .filter(client -> client.id().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** How it is typed, such as {@code claude-code}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What its makers call it. */
    String label() {
        return label;
    }

    /** What the parts of a server's entry are called. */
    Keys keys() {
        return keys;
    }

    /** How its files are written. */
    Syntax syntax() {
        return new JsonSyntax();
    }

    /**
     * Where in a file the servers are: names of maps, one in the other, for each place.
     *
     * @param folder the working directory: Claude Code keeps servers for a folder in the user's file, too
     */
    List<List<String>> sections(String folder) {
        List<String> own = List.of(section);
        return this == CLAUDE_CODE ? List.of(own, List.of("projects", folder, "mcpServers")) : List.of(own);
    }

    /** What a new server is added to, when there is none yet. */
    Syntax.Addition emptySection() {
        return new Syntax.NewMap(Map.of());
    }

    /** The name of what a new server is added to. */
    String newSection() {
        return section;
    }

    /** What a new entry has beside its command. */
    Map<String, Syntax.Addition> fixedParts(Syntax syntax, String server) {
        return this == VSCODE ? Map.of("type", new Syntax.NewScalar(syntax.literal("stdio"))) : Map.of();
    }

    private static String configHome(UnaryOperator<String> variable, String home) {
        return or(variable.apply("XDG_CONFIG_HOME"), home + "/.config");
    }

    private static String or(String said, String otherwise) {
        return said.isEmpty() ? otherwise : said;
    }
}
