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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** What several command lines print, without a JVM for each: their words have no blanks in them. */
    private List<String> print(String... lines) {
        List<Launcher.Answer> answers = answers(lines);
        for (Launcher.Answer answer : answers) {
            assertThat(answer.code()).as("%s", answer).isZero();
            assertThat(answer.stderr()).isEmpty();
            assertThat(answer.stdout()).endsWith("\n");
        }
        return answers.stream().map(Launcher.Answer::stdout).toList();
    }

    /** What they complain of, each with a code. */
    private List<String> refuse(int code, String... lines) {
        List<Launcher.Answer> answers = answers(lines);
        for (Launcher.Answer answer : answers) {
            assertThat(answer.code()).as("%s", answer).isEqualTo(code);
            assertThat(answer.stdout()).isEmpty();
            assertThat(answer.stderr()).doesNotContain("Exception", "\tat ");
        }
        assertThat(locks).isEmptyDirectory();
        return answers.stream().map(Launcher.Answer::stderr).toList();
    }

    private List<Launcher.Answer> answers(String... lines) {
        return Launcher.in(locks)
                .answers(Stream.of(lines).map(line -> List.of(line.split(" "))).toList());
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
        List<String> help = print("help", "--help", "-h");
        assertThat(help.get(0)).contains("run", "status", "stop", "completion", "--version");
        assertThat(help).containsOnly(help.get(0));
    }

    @Test
    void helpOfRunTellsEveryOptionAndVariable() {
        String help = prints("help", "run");
        for (RunOption option : RunOption.values()) {
            assertThat(help).contains(option.flags()).contains(option.variable());
        }
        assertThat(print("run --help", "run -h")).containsOnly(help);
    }

    /** A reader looks for one of fifty options; and "Default: the default." says nothing. */
    @Test
    void helpHasHeadingsAndFitsTheNarrowestTerminal() {
        List<String> all = print(
                "help run",
                "help start",
                "help lock",
                "help status",
                "help stop",
                "help wait",
                "help logs",
                "help history",
                "help ps");
        for (String help : all) {
            assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            assertThat(help).doesNotContain("Default: the default");
        }
        assertThat(all.get(0)).containsSubsequence("Stopping and signals:", "--grace", "Restarts:");
    }

    @ParameterizedTest
    @CsvSource({"20, 17", "45, 40", "61, 55", "62, 57", "120, 100"})
    void helpIsAsWideAsTheTerminal(int columns, int least) throws IOException {
        String line = "stty cols " + columns + "; for topic in run redeploy completion; do '" + Launcher.executable()
                + "' help $topic; done";
        try (Child help = Terminal.start(List.of("sh", "-c", line))) {
            assertThat(help.awaitOut("<exit (\\d+)>")).isEqualTo("0");
            String plain = help.stdout().replaceAll("\u001b\\[[0-9;]*m|<exit.*|\r", "");
            int widest = plain.lines().mapToInt(String::length).max().orElse(0);
            assertThat(widest).as(plain).isBetween(least, columns);
            assertThat(plain.replaceAll("\\s+", " "))
                    .contains("Usage: holdfast run [OPTIONS] COMMAND...")
                    .contains("--lock-dir=DIR folder of the lock file; never $TMPDIR.")
                    .contains("behind --");
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
        List<String> help = print("help status", "help start", "logs --help", "wait --help", "stop --help");
        assertThat(help.get(0)).contains("--json", "--lock-dir", "NAME");
        assertThat(help.get(1)).contains("--settle", "--replace", "--stdin", "--output-keep", "COMMAND");
        assertThat(help.get(2)).contains("--follow", "--since", "NAME");
        assertThat(help.get(3)).contains("--gone", "--timeout", "--lock-dir", "NAME");
        assertThat(help.get(4)).contains("--grace", "--lock-dir", "NAME");
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
        List<String> told = refuse(
                64,
                "statu",
                "rnu -- true",
                "help rnu",
                "-V",
                "run -x true",
                "list",
                "version",
                "key foo",
                "node server.js",
                "status --jsno",
                "ps\n\u001b",
                "help nothing",
                "--nonsense");
        assertThat(told.get(0))
                .isEqualTo("holdfast: unknown command statu; did you mean status?\n  look       holdfast help\n");
        assertThat(told.get(1)).startsWith("holdfast: unknown command rnu; did you mean run?");
        assertThat(told.get(2))
                .isEqualTo("holdfast: there is no help on rnu; did you mean run?\n  look       holdfast help\n");
        assertThat(told.get(3)).startsWith("holdfast: unknown option -V\n");
        assertThat(told.get(4)).startsWith("holdfast: unknown option -x\n");
        assertThat(told.get(5)).startsWith("holdfast: unknown command list; did you mean ps?");
        assertThat(told.get(6)).startsWith("holdfast: unknown command version; did you mean --version?");
        assertThat(told.get(7)).startsWith("holdfast: unknown command key\n");
        assertThat(told.get(8)).startsWith("holdfast: unknown command node; did you mean run -- node?\n");
        assertThat(told.get(9)).startsWith("holdfast: unknown option --jsno; did you mean --json?");
        assertThat(told.get(10)).startsWith("holdfast: unknown command ps??");
        assertThat(told.get(11)).startsWith("holdfast: there is no help on nothing\n");
        assertThat(told.get(12)).startsWith("holdfast: unknown option --nonsense");
    }

    @Test
    void nothingTypedIsUsage() {
        assertThat(refuses(64)).contains("Usage: holdfast", "run", "status");
    }

    @Test
    void badArgumentsOfStatusAndStopAreUsage() {
        for (String command : List.of("status", "stop")) {
            String hint = "\n  look       holdfast help " + command + "\n";
            List<String> told = refuse(
                    64,
                    command + " --jsno orders",
                    command + " a/b",
                    command + " orders --scope galaxy",
                    command + " orders billing",
                    command + " orders --lock-dir");
            assertThat(told).allMatch(message -> message.startsWith("holdfast: "));
            assertThat(told.get(0)).endsWith(hint);
            assertThat(told.get(1))
                    .startsWith("holdfast: NAME must be 1 to 64 letters")
                    .endsWith(hint);
            assertThat(told.get(2)).startsWith("holdfast: --scope \"galaxy\" must be");
            assertThat(refuses(78, Map.of("HOLDFAST_SCOPE", "s3cret"), command, "orders"))
                    .startsWith("holdfast: ")
                    .doesNotContain("s3cret");
        }
        List<String> told = refuse(64, "stop", "stop orders --grace 0abc --lock-dir " + locks);
        assertThat(told.get(0)).startsWith("holdfast: which instance?");
        assertThat(told.get(1)).startsWith("holdfast: --grace \"0abc\" must be a duration");
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
