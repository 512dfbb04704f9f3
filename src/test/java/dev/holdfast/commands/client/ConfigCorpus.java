package dev.holdfast.commands.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Files as clients and people write them. Each has a server "memory" that a command starts. */
final class ConfigCorpus {
    private ConfigCorpus() {}

    /** JSON of clients that have "mcpServers", by what is special about it. */
    static Map<String, String> json() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("two spaces", """
                {
                  "mcpServers": {
                    "memory": {
                      "command": "npx",
                      "args": ["-y", "@modelcontextprotocol/server-memory"],
                      "env": {
                        "MEMORY_FILE_PATH": "/home/jürgen/memory.json",
                        "API_KEY": "sk-secret"
                      }
                    },
                    "github": { "type": "http", "url": "https://api.githubcopilot.com/mcp/" }
                  },
                  "theme": "dark"
                }
                """);
        files.put("arguments on lines of their own", """
                {
                    "mcpServers": {
                        "memory": {
                            "command": "npx",
                            "args": [
                                "-y",
                                "@modelcontextprotocol/server-memory"
                            ]
                        }
                    }
                }
                """);
        files.put(
                "no arguments, no end of line", "{\"mcpServers\":{\"memory\":{\"command\":\"/usr/bin/mcp-memory\"}}}");
        files.put("empty parts", """
                {"mcpServers": {"memory": {"command": "mcp", "args": [ ], "env": {}}, "b": {"command": "b", "args":[],"env":{ }}}}
                """);
        files.put("tabs and CRLF", """
                {
                \t"mcpServers": {
                \t\t"memory": {
                \t\t\t"command": "uvx",
                \t\t\t"args": ["mcp-server-memory"],
                \t\t\t"env": {
                \t\t\t\t"A": "1"
                \t\t\t}
                \t\t}
                \t}
                }
                """.replace("\n", "\r\n"));
        files.put(
                "byte-order mark",
                "\ufeff{ \"mcpServers\" : { \"memory\" : { \"command\" : \"a\" , \"args\" : [ \"b\" ] } } }");
        files.put("comments and trailing commas", """
                // my servers, "quoted" { and not closed
                {
                  /* all of them: */
                  "mcpServers": {
                    // "memory": { "command": "old" },
                    "memory": { // here, and, there
                      "command": "npx", // comment, with comma
                      "args": [
                        "-y", // yes
                        /* the package */ "server-memory", // last
                      ],
                      "env": {
                        "A": "1", // one
                      },
                    },
                  },
                }
                """);
        files.put("comment behind the last part", """
                {
                  "mcpServers": {
                    "memory": {
                      "args": [/* none, yet */],
                      "command": "npx" // no comma
                    }
                  }
                }
                """);
        files.put("duplicate names", """
                {
                  "mcpServers": { "memory": { "command": "first" } },
                  "mcpServers": {
                    "memory": { "command": "second" },
                    "memory": { "command": "not this", "command": "third", "args": ["x"], "args": ["y"] }
                  }
                }
                """);
        files.put("quotes, escapes and emoji", """
                {
                  "mcpServers": {
                    "sh 🐘 \\"q\\"": { "command": "b" },
                    "memory": {
                      "command": "C:\\\\Programme\\/n\\u006fde \\ud83d\\ude00 😀",
                      "args": ["-c", "echo \\"{\\\\\\"a\\\\\\": [1, 2]}\\" // no comment", "🐘🐘", "\\u0000\\t"],
                      "env": { "J": "{\\"x\\":\\"}\\"}", "🔑": "🗝" }
                    }
                  }, "n": -1.5e+10, "t": [true, false, null, 0, {}, []]
                }
                """);
        files.put("commented-out part between", """
                {"mcpServers": {
                    "memory": {"command": "a"
                      // , "args": []
                    }
                    , "z": {"command": "c"}
                }}
                """);
        files.put("one megabyte", large());
        return files;
    }

    /** One of these. */
    static String json(String name) {
        return Objects.requireNonNull(json().get(name), name);
    }

    /** TOML, as Codex has it. */
    static Map<String, String> toml() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("tables", """
                model = "gpt-5"
                approval_policy = "on-request" # ask

                [mcp_servers.github]
                url = "https://api.githubcopilot.com/mcp/"
                bearer_token_env_var = "GITHUB_TOKEN"

                [mcp_servers.memory]
                command = "npx"
                args = ["-y", "@modelcontextprotocol/server-memory"]

                [mcp_servers.memory.env]
                API_KEY = "sk-secret"

                [profiles.fast]
                model = "mini"
                since = 1979-05-27 07:32:00
                """);
        files.put("no arguments, no end of line", "[mcp_servers.memory]\ncommand = \"mcp\" # here");
        files.put("inline tables and CRLF", """
                # mine
                [mcp_servers]
                memory = { command = "npx", args = ["a"], env = { "A B" = "1" } }
                other = { command = "x" }
                """.replace("\n", "\r\n"));
        files.put("dotted names, literals and lists on lines", """
                "mcp_servers".memory.command = 'C:\\x "y"'
                mcp_servers.memory.args = [
                \t'-c', # first, with ] and }
                \t\"""
                echo "[x]" \\
                   y\\u00fc\""", '''z''',
                ]
                mcp_servers.memory.env.A = "b"   # dotted
                n = [1, 2.5, true, -inf, 0xff, [ [ ] ] ]
                [[products]]
                name = "a # b 🐘"
                [[products]]
                """);
        files.put("byte-order mark, tabs, tables out of order", """
                \ufeff[mcp_servers.memory.env]
                A = "1"
                [a]
                [mcp_servers.memory]
                \tcommand = "npx"
                \targs = []
                \tenabled = true

                [mcp_servers.memory.tools]
                x = 1
                """);
        files.put(
                "table with nothing after it", "[mcp_servers.memory]\n  command=\"npx\"\n  env={}\n  args = [ ]\n\n\n");
        return files;
    }

    /** YAML of Goose, whose servers are a map. */
    static Map<String, String> goose() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("as Goose writes it", """
                GOOSE_PROVIDER: anthropic
                extensions:
                  developer:
                    bundled: true
                    enabled: true
                    name: developer
                    type: builtin
                  memory:
                    enabled: true
                    name: memory
                    cmd: npx
                    args:
                    - -y
                    - '@modelcontextprotocol/server-memory'
                    envs:
                      API_KEY: sk-secret
                    env_keys: []
                    timeout: 300
                    type: stdio
                    description: |
                      two
                      lines
                GOOSE_MODEL: x
                """);
        files.put("by hand, with comments, no end of line", """
                # mine: { [
                extensions:

                    memory:   # here
                        type: stdio   # "x
                        cmd: "n\\u0070x 🐘"
                        args:
                          # first
                          -   -y   # yes
                          - 'it''s: [#]'

                          - "a\\tb"
                        # envs: none
                    "z": {cmd: c, args: [a, 'b, c'], envs: {}}""");
        files.put("brackets and CRLF", """
                ---
                extensions: {memory: {cmd: npx, args: [], envs: {A: '1'}}}
                x: [1, 2.5, true, null, ~]
                """.replace("\n", "\r\n"));
        files.put("no arguments, byte-order mark", "\ufeffextensions:\n  memory:\n    cmd: mcp\n");
        files.put("anchors elsewhere, last part of several lines", """
                base: &base
                  a: 1
                other:
                  <<: *base
                extensions:
                  memory:
                    envs: {}
                    args: [ ]
                    cmd: mcp
                    description: >-
                      folded
                      text


                # the end
                """);
        return files;
    }

    /** YAML of Continue, whose servers are a list. */
    static Map<String, String> continues() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("a list on lines", """
                name: Local Assistant
                version: 1.0.0
                schema: v1
                mcpServers:
                  - name: docs
                    type: sse
                    url: https://example.com/sse
                  - name: memory
                    command: npx
                    args:
                      - "-y"
                      - "@modelcontextprotocol/server-memory"
                    env:
                      API_KEY: ${{ secrets.KEY }}

                  # the other one
                  - command: uvx
                    name: other
                context:
                  - provider: code
                """);
        files.put("brackets", "mcpServers: [ { name: memory, command: a } ]\n");
        files.put(
                "no indentation",
                "mcpServers:\n- name: memory\n  command: npx\n  env: {A: b}\n  args: [\n    -y,\n    x\n  ]");
        return files;
    }

    private static String large() {
        StringBuilder text = new StringBuilder("{\n  \"history\": [\n");
        for (int i = 0; i < 20_000; i++) {
            text.append("    {\"display\": \"line ")
                    .append(i)
                    .append(" \\\"x\\\" 😀 { [\", \"at\": ")
                    .append(i)
                    .append("},\n");
        }
        return text + "    null\n  ],\n  \"mcpServers\": {\n    \"memory\": {\n      \"command\": \"npx\",\n"
                + "      \"args\": [\n        \"server-memory\"\n      ]\n    }\n  },\n  \"end\": 1\n}\n";
    }
}
