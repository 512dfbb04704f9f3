package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.LockOption;
import dev.holdfast.config.RunOption;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Completion as a person has it: a real shell on a real terminal, the line typed and then the tabulator key. */
@Timeout(180)
class CompletionIT {
    /** Clears the line. */
    private static final String CTRL_U = "\025";

    private static final String SESSION = "of-tests";

    @TempDir
    Path folder;

    @BeforeEach
    void filesToComplete() throws IOException {
        Files.createFile(folder.resolve("zebra.txt"));
        Files.createDirectory(folder.resolve("locks"));
        Files.writeString(Files.createDirectory(folder.resolve(".cursor")).resolve("mcp.json"), """
                {"mcpServers": {
                  "guarded-files": {"command": "holdfast", "args": ["run", "--", "a"]},
                  "guardless": {"command": "a"},
                  "my $(touch x)": {"command": "b"}}}
                """);
        Files.writeString(folder.resolve("my.toml"), "[mcp_servers.files]\ncommand = \"a\"\n");
        for (String shell : List.of("bash", "zsh", "fish")) {
            try (Child completion = Launcher.in(folder).command(List.of("completion", shell))) {
                assertThat(completion.awaitExit()).isZero();
                Files.writeString(folder.resolve("completion." + shell), completion.stdout());
            }
        }
        // The wrapped program's own completion, which must come into force behind the launcher
        Files.writeString(folder.resolve("bashrc"), """
                PS1='ready> '
                . ./completion.bash
                bind 'set bell-style none' 'set enable-bracketed-paste off'
                _node() { COMPREPLY=($(compgen -W '--expose-gc --inspect' -- "$2")); }
                complete -F _node node
                """);
        Files.writeString(folder.resolve(".zshrc"), """
                PS1='ready> '
                autoload -Uz compinit
                compinit -u -d ./dump
                . ./completion.zsh
                setopt no_beep no_prompt_cr no_prompt_sp
                unset zle_bracketed_paste
                compdef "_arguments '--expose-gc[gc]' '--inspect[inspect]'" node
                """);
    }

    static Stream<Arguments> typed() {
        List<Arguments> rows = List.of(
                // what is typed before the tabulator key, and what the line is then
                Arguments.of("holdfast stat", "holdfast status"),
                Arguments.of("holdfast run --grac", "holdfast run --grace"),
                Arguments.of("holdfast run --scope ma", "holdfast run --scope machine"),
                Arguments.of("holdfast run --scope=ma", "holdfast run --scope=machine"),
                Arguments.of("holdfast run --lock-file zeb", "holdfast run --lock-file zebra.txt"),
                Arguments.of("holdfast run --cwd loc", "holdfast run --cwd locks/"),
                Arguments.of("holdfast run --user nobo", "holdfast run --user nobody"),
                Arguments.of("holdfast run -- cat zeb", "holdfast run -- cat zebra.txt"),
                Arguments.of("holdfast run cat zeb", "holdfast run cat zebra.txt"),
                Arguments.of("holdfast run --grace 5s cat zeb", "holdfast run --grace 5s cat zebra.txt"),
                Arguments.of("holdfast run -- node --ex", "holdfast run -- node --expose-gc"),
                Arguments.of("holdfast run node --ex", "holdfast run node --expose-gc"),
                Arguments.of("holdfast start --sett", "holdfast start --settle"),
                Arguments.of("holdfast start --stdin ho", "holdfast start --stdin hold"),
                Arguments.of("holdfast start -- cat zeb", "holdfast start -- cat zebra.txt"),
                Arguments.of("holdfast start node --ex", "holdfast start node --expose-gc"),
                Arguments.of("holdfast redeploy orders -- cat zeb", "holdfast redeploy orders -- cat zebra.txt"),
                Arguments.of(
                        "holdfast client add cursor x -- cat zeb", "holdfast client add cursor x -- cat zebra.txt"),
                Arguments.of("holdfast logs --foll", "holdfast logs --follow"),
                Arguments.of("holdfast wait --lock-dir locks ord", "holdfast wait --lock-dir locks orders"),
                Arguments.of("holdfast lock zeb", "holdfast lock zebra.txt"),
                Arguments.of("holdfast lock zebra.txt cat zeb", "holdfast lock zebra.txt cat zebra.txt"),
                Arguments.of("holdfast lock --on-timeout sk", "holdfast lock --on-timeout skip"),
                Arguments.of("holdfast stop --lock-dir locks ord", "holdfast stop --lock-dir locks orders"),
                Arguments.of("holdfast client unw", "holdfast client unwrap"),
                Arguments.of("holdfast client wrap curs", "holdfast client wrap cursor"),
                Arguments.of("holdfast client unwrap cursor gua", "holdfast client unwrap cursor guarded-files"),
                Arguments.of("holdfast client wrap cursor a gua", "holdfast client wrap cursor a guardless"),
                Arguments.of(
                        "holdfast client wrap codex --config my.toml fi",
                        "holdfast client wrap codex --config my.toml files"),
                Arguments.of(
                        "holdfast client remove cursor my", "holdfast client remove cursor my\\ \\$\\(touch\\ x\\)"),
                Arguments.of("holdfast session clea", "holdfast session cleanup"),
                Arguments.of(
                        "holdfast session stop --sessions-dir sessions fil",
                        "holdfast session stop --sessions-dir sessions files"),
                Arguments.of("holdfast session start x -- cat zeb", "holdfast session start x -- cat zebra.txt"),
                Arguments.of("holdfast session hook z", "holdfast session hook zsh"),
                Arguments.of("holdfast completion fi", "holdfast completion fish"),
                Arguments.of("holdfast help rel", "holdfast help reload"),
                Arguments.of("holdfast help readi", "holdfast help readiness"));
        return Stream.of("bash", "zsh", "fish").flatMap(shell -> Stream.of(Arguments.of(shell, rows)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("typed")
    void tabCompletesWhatBelongsThere(String shell, List<Arguments> rows) throws IOException {
        Programs.require(shell);
        session("start", "files", "--settle", "0", "--", "sleep", "300");
        try (Child instance = Launcher.in(folder.resolve("locks")).run(List.of(), List.of("sleep", "1000"))) {
            Launcher.in(folder.resolve("locks")).awaitRecordedServer("orders");
            if (shell.equals("fish")) {
                askFish(rows);
            } else {
                typeInto(shell, rows);
            }
            instance.signal("TERM");
            instance.awaitExit();
        } finally {
            session("stop", "--all");
        }
        assertThat(folder.resolve("x")).as("what is in a name is not executed").doesNotExist();
    }

    private void session(String... words) {
        List<String> line = new ArrayList<>(List.of("session"));
        line.addAll(List.of(words));
        Launcher launcher = Launcher.in(folder)
                .env("HOLDFAST_HOME", folder.resolve("home").toString())
                .env("HOLDFAST_LOCK_DIR", folder.toString())
                .env("HOLDFAST_SESSIONS_DIR", folder.resolve("sessions").toString())
                .env("MCP_SESSION_ID", SESSION);
        try (Child command = launcher.command(line)) {
            assertThat(command.awaitExit()).as("%s", command).isZero();
        }
    }

    /** fish answers what the key would offer. */
    private void askFish(List<Arguments> rows) {
        for (Arguments row : rows) {
            String typed = (String) row.get()[0];
            String expected = (String) row.get()[1];
            ProcessBuilder builder = new ProcessBuilder(
                    "fish",
                    "--no-config",
                    "-c",
                    "source completion.fish; complete -c node -f -l expose-gc; complete -C $argv[1]",
                    typed);
            try (Child fish = Child.start(inFolder(builder))) {
                assertThat(fish.awaitExit()).as("%s", fish).isZero();
                String[] words = expected.split("(?<!\\\\) ");
                String word = words[words.length - 1].replaceAll("\\\\(.)", "$1");
                assertThat(fish.stdout().lines().map(line -> line.split("\t")[0]))
                        .as("%s: %s", typed, fish)
                        .containsExactly(word);
            }
        }
    }

    private void typeInto(String shell, List<Arguments> rows) throws IOException {
        List<String> words = shell.equals("bash")
                ? List.of("bash", "--noprofile", "--rcfile", "bashrc", "-i")
                : List.of("zsh", "-i");
        try (Child terminal = Terminal.start(inFolder(new ProcessBuilder(words)))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> terminal.stdout().contains("ready> "));
            for (Arguments row : rows) {
                int before = terminal.stdout().length();
                String expected = (String) row.get()[1];
                Terminal.type(terminal, row.get()[0] + "\t");
                await("what " + shell + " makes of " + row.get()[0])
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(shown(terminal.stdout().substring(before)))
                                .contains(expected));
                Terminal.type(terminal, CTRL_U);
            }
        }
    }

    /** Without what moves the cursor and sets colours. */
    private static String shown(String output) {
        return output.replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "").replaceAll("[\r\n\u0007]", "");
    }

    private ProcessBuilder inFolder(ProcessBuilder builder) {
        builder.directory(folder.toFile());
        builder.environment().put("PATH", Launcher.executable().getParent() + ":" + System.getenv("PATH"));
        builder.environment().put("ZDOTDIR", folder.toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("MCP_SESSION_ID", SESSION);
        builder.environment().put("TERM", "dumb");
        return builder;
    }

    @Test
    void everyOptionIsInEveryScript() throws IOException {
        for (String shell : List.of("bash", "zsh", "fish")) {
            String script = Files.readString(folder.resolve("completion." + shell));
            String dashes = shell.equals("fish") ? "-l " : "--";
            for (RunOption option : RunOption.values()) {
                assertThat(script).contains(dashes + option.longFlag().substring(2));
            }
            for (LockOption option : LockOption.values()) {
                assertThat(script).contains(dashes + option.longFlag().substring(2));
            }
            assertThat(script).doesNotContainPattern("@[A-Z_]+@");
        }
    }
}
