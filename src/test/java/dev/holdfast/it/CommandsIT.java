package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.RunOption;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Terminal;
import dev.holdfast.text.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that come and go: results on stdout with code 0, complaints on stderr with another. */
@Timeout(180)
class CommandsIT {
    @TempDir
    Path locks;

    private String prints(String... words) {
        try (Child command = Launcher.in(locks).command(List.of(words))) {
            assertThat(command.awaitExit()).as("%s", command).isZero();
            assertThat(command.stderr()).isEmpty();
            assertThat(command.stdout()).endsWith("\n");
            return command.stdout();
        }
    }

    private String refuses(int code, String... words) {
        return refuses(code, Map.of(), words);
    }

    private String refuses(int code, Map<String, String> environment, String... words) {
        Launcher launcher = Launcher.in(locks);
        environment.forEach(launcher::env);
        try (Child command = launcher.command(List.of(words))) {
            assertThat(command.awaitExit()).as("%s", command).isEqualTo(code);
            assertThat(command.stdout()).isEmpty();
            assertThat(command.stderr()).doesNotContain("Exception", "\tat ");
            assertThat(locks).isEmptyDirectory();
            return command.stderr();
        }
    }

    @Test
    void helpTellsTheCommands() {
        String help = prints("help");
        assertThat(help).contains("run", "status", "stop", "completion", "--version");
        assertThat(prints("--help")).isEqualTo(help);
        assertThat(prints("-h")).isEqualTo(help);
    }

    @Test
    void helpOfRunTellsEveryOptionAndVariable() {
        String help = prints("help", "run");
        for (RunOption option : RunOption.values()) {
            assertThat(help).contains(option.flags()).contains(option.variable());
        }
        assertThat(prints("run", "--help")).isEqualTo(help);
        assertThat(prints("run", "-h")).isEqualTo(help);
    }

    /** A reader looks for one of fifty options; and "Default: the default." says nothing. */
    @Test
    void helpHasHeadingsAndFitsTheNarrowestTerminal() {
        for (String command : List.of("run", "start", "lock", "status", "stop", "wait", "logs", "history")) {
            String help = prints("help", command);
            assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            assertThat(help).doesNotContain("Default: the default");
        }
        assertThat(prints("help", "run")).containsSubsequence("Stopping and signals:", "--grace", "Restarts:");
    }

    @Test
    void helpIsAsWideAsTheTerminal() throws IOException {
        List<String> wide = List.of("sh", "-c", "stty cols 120; exec '" + Launcher.executable() + "' help run");
        try (Child help = Terminal.start(wide)) {
            assertThat(help.awaitOut("<exit (\\d+)>")).isEqualTo("0");
            int widest = help.stdout()
                    .replaceAll("\u001b\\[[0-9;]*m", "")
                    .lines()
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            assertThat(widest).isBetween(100, 121);
        }
    }

    @Test
    void completionForAnotherShellIsRefusedByName() {
        assertThat(refuses(64, "completion", "tcsh")).isEqualTo("""
                        holdfast: no completion for "tcsh"; there is one for bash, zsh, fish
                          look       holdfast help completion
                        """);
    }

    @Test
    void helpAfterTheCommandIsTheServersOwn() {
        assertThat(prints("run", "--lock-dir", locks.toString(), "-n", "orders", "echo", "--help", "--version"))
                .isEqualTo("--help --version\n");
    }

    @Test
    void helpOfTheOthersTellsTheirOptions() {
        assertThat(prints("help", "status")).contains("--json", "--lock-dir", "NAME");
        assertThat(prints("help", "start")).contains("--settle", "--replace", "--stdin", "--output-keep", "COMMAND");
        assertThat(prints("logs", "--help")).contains("--follow", "--since", "NAME");
        assertThat(prints("wait", "--help")).contains("--gone", "--timeout", "--lock-dir", "NAME");
        assertThat(prints("stop", "--help")).contains("--grace", "--lock-dir", "NAME");
    }

    @Test
    void versionIsTold() {
        assertThat(prints("--version")).isEqualTo("holdfast " + Version.TEXT + "\n");
    }

    @Test
    void completionIsAGoodShellScript() throws IOException {
        String script = prints("completion");
        assertThat(script).contains("--on-conflict", "--lock-dir", "status", "stop");
        Path file = Files.writeString(locks.resolve("completion.bash"), script);
        try (Child bash = Child.start(new ProcessBuilder("bash", "-n", file.toString()))) {
            assertThat(bash.awaitExit()).as("%s", bash).isZero();
            assertThat(bash.stderr()).isEmpty();
        }
        try (Child bash = Child.start(new ProcessBuilder(
                "bash",
                "-c",
                ". \"$1\"; COMP_WORDS=(holdfast stat); COMP_CWORD=1; _holdfast 2>/dev/null; echo \"${COMPREPLY[@]}\"",
                "bash",
                file.toString()))) {
            assertThat(bash.awaitExit()).as("%s", bash).isZero();
            assertThat(bash.stdout()).isEqualTo("status\n");
        }
    }

    @Test
    void unknownCommandGetsASuggestion() {
        assertThat(refuses(64, "statu"))
                .isEqualTo("holdfast: unknown command statu; did you mean status?\n  look       holdfast help\n");
        assertThat(refuses(64, "rnu", "--", "true")).startsWith("holdfast: unknown command rnu; did you mean run?");
        assertThat(refuses(64, "help", "rnu"))
                .isEqualTo("holdfast: unknown command rnu; did you mean run?\n  look       holdfast help\n");
        assertThat(refuses(64, "-V")).startsWith("holdfast: unknown option -V\n");
        assertThat(refuses(64, "run", "-x", "true")).startsWith("holdfast: unknown option -x\n");
        assertThat(refuses(64, "list")).startsWith("holdfast: unknown command list; did you mean status?");
        assertThat(refuses(64, "version")).startsWith("holdfast: unknown command version; did you mean --version?");
        assertThat(refuses(64, "key", "foo")).startsWith("holdfast: unknown command key\n");
        assertThat(refuses(64, "node", "server.js"))
                .startsWith("holdfast: unknown command node; did you mean run -- node?\n");
        assertThat(refuses(64, "status", "--jsno")).startsWith("holdfast: unknown option --jsno; did you mean --json?");
        assertThat(refuses(64, "ps\n\u001b")).startsWith("holdfast: unknown command ps??");
        assertThat(refuses(64, "help", "nothing")).startsWith("holdfast: ");
        assertThat(refuses(64, "--nonsense")).startsWith("holdfast: unknown option --nonsense");
    }

    @Test
    void nothingTypedIsUsage() {
        assertThat(refuses(64)).contains("Usage: holdfast", "run", "status");
    }

    @Test
    void badArgumentsOfStatusAndStopAreUsage() {
        for (String command : List.of("status", "stop")) {
            String hint = "\n  look       holdfast help " + command + "\n";
            assertThat(refuses(64, command, "--jsno", "orders"))
                    .startsWith("holdfast: ")
                    .endsWith(hint);
            assertThat(refuses(64, command, "a/b"))
                    .startsWith("holdfast: NAME must be 1 to 64 letters")
                    .endsWith(hint);
            assertThat(refuses(78, Map.of("HOLDFAST_SCOPE", "s3cret"), command, "orders"))
                    .startsWith("holdfast: ")
                    .doesNotContain("s3cret");
            assertThat(refuses(64, command, "orders", "--scope", "galaxy"))
                    .startsWith("holdfast: --scope \"galaxy\" must be");
            assertThat(refuses(64, command, "orders", "billing")).startsWith("holdfast: ");
            assertThat(refuses(64, command, "orders", "--lock-dir")).startsWith("holdfast: ");
        }
        assertThat(refuses(64, "stop")).startsWith("holdfast: which instance?");
        assertThat(refuses(64, "stop", "orders", "--grace", "0abc", "--lock-dir", locks.toString()))
                .startsWith("holdfast: --grace \"0abc\" must be a duration");
    }

    @Test
    void lockPathThatIsNoFileIsToldAndNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(locks.resolve("orders.lock"), Path.of("/no/such"));
        for (String command : List.of("status", "stop")) {
            try (Child run = Launcher.in(locks).command(List.of(command, "orders", "--lock-dir", locks.toString()))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(command.equals("status") ? 4 : 77);
                assertThat(run.stdout()).isEmpty();
                assertThat(run.stderr())
                        .contains(link.toString(), "symbolic link")
                        .doesNotContain("Exception");
            }
        }
    }

    @Test
    void whatDoesNotRunIsToldAndLeavesNothing() {
        try (Child status = Launcher.in(locks).command(List.of("status", "orders", "--lock-dir", locks.toString()))) {
            assertThat(status.awaitExit()).isEqualTo(3);
            assertThat(status.stdout()).isEqualTo("orders: not running\n");
        }
        assertThat(prints("stop", "orders", "--lock-dir", locks.toString())).isEqualTo("orders: not running\n");
        assertThat(locks).isEmptyDirectory();
    }
}
