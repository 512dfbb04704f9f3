package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guards "invisible while it works" on a real terminal: keys, job control and interactive programs are as without the
 * launcher, and the shell gets its terminal back.
 */
@Timeout(180)
class TerminalIT {
    private static final String CTRL_C = "\003";
    private static final String CTRL_D = "\004";
    private static final String CTRL_Z = "\032";

    /** The prompt by env, since a python3 that is started by a shell script loses it on the way. */
    private static final List<String> SHELL = List.of("env", "PS1=shell> ", "bash", "--norc", "--noprofile", "-i");

    @TempDir
    Path locks;

    /** A terminal with the launcher alone in it. */
    private Child terminal(String grace, String... server) {
        List<String> words = holdfast(grace);
        Collections.addAll(words, server);
        return Terminal.start(words);
    }

    private List<String> holdfast(String grace) {
        return Launcher.in(locks).wordsOfRun("--grace", grace);
    }

    /** The launcher's command line for a shell that runs in the terminal. */
    private String line(String grace, String server) {
        return "'" + String.join("' '", holdfast(grace)) + "' " + server;
    }

    private static String server(String... arguments) {
        return "'" + String.join("' '", Launcher.server(arguments)) + "'";
    }

    private static String[] serverWords(String... arguments) {
        return Launcher.server(arguments).toArray(String[]::new);
    }

    private void assertNothingLeft() {
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    private static String state(long pid) {
        return Processes.stat(pid).map(fields -> fields[0]).orElse("gone");
    }

    @Test
    void interruptKeyStopsGracefullyAndComesOnce() {
        try (Child terminal = terminal("50s", serverWords("exit=7"))) {
            terminal.awaitServer();
            Terminal.type(terminal, CTRL_C);
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("7");
            assertThat(terminal.stdout()).containsOnlyOnce("got INT").contains("reason=SIGINT from=terminal");
            assertNothingLeft();
        }
    }

    @Test
    void secondInterruptKeyKillsAtOnce() {
        try (Child terminal = terminal("50s", serverWords("ignore=INT", "child"))) {
            terminal.awaitServer();
            terminal.awaitOut("child");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("got INT");
            Terminal.type(terminal, CTRL_C);
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("137");
            assertThat(terminal.stdout()).contains("second Ctrl-C");
            assertNothingLeft();
        }
    }

    /** bash ends at an INT only if the program that it waits for died of it, too. */
    @Test
    void interruptKeyReachesTheProgramsOfAWrapperScript() {
        try (Child terminal = terminal("50s", "bash", "-c", "echo ready; sleep 1000; echo not reached")) {
            terminal.awaitOut("ready");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("<signal 2>");
            assertThat(terminal.stdout()).doesNotContain("not reached");
        }
    }

    /** A script does not go on with what comes after a server that Ctrl-C has ended, or a loop with the next one. */
    private void interruptKeyEndsTheScript(String options, String server, String seen) {
        String run = line("50s", "").replace("'--'", options + " --");
        try (Child terminal = Terminal.start(List.of("bash", "-c", run + server + "; echo not reached"))) {
            terminal.awaitOut(seen);
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("<signal 2>");
            assertThat(terminal.stdout()).doesNotContain("not reached");
        }
    }

    @Test
    void interruptKeyEndsTheScriptAroundTheLauncher() {
        interruptKeyEndsTheScript("", "sh -c 'echo run''ning; exec sleep 100'", "running");
        assertNothingLeft();
    }

    @Test
    void interruptKeyEndsTheScriptAroundALauncherThatWaits() {
        try (Child holder = Launcher.in(locks).run(List.of(), Launcher.server())) {
            holder.awaitServer();
            interruptKeyEndsTheScript("--on-conflict wait", "true", "waiting for");
        }
    }

    @Test
    void interruptKeyEndsTheScriptBetweenTwoStarts() {
        interruptKeyEndsTheScript("--restart always --restart-delay 50s", "false", "is started again");
        assertNothingLeft();
    }

    /** As any other signal of a process. */
    @Test
    void interruptOfAProcessIsToldByTheCode() {
        try (Child terminal = terminal("50s", "sh", "-c", "echo \"ready $$ under $PPID\"; exec sleep 100")) {
            Processes.signal(Long.parseLong(terminal.awaitOut("ready \\d+ under (\\d+)")), "INT");
            terminal.awaitOut("<exit 130>");
            assertNothingLeft();
        }
    }

    /** What is mapped to a code ends with that code. */
    @Test
    void interruptKeyCanBeMappedToACode() {
        String run = line("50s", "").replace("'--'", "--map-exit 130=0 --");
        try (Child terminal = Terminal.start(
                List.of("bash", "-c", run + "sh -c 'echo run''ning; exec sleep 100'; echo \"code $?\""))) {
            terminal.awaitOut("running");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("code 0");
        }
    }

    @Test
    void quitKeyStopsGracefully() {
        try (Child terminal = terminal("50s", serverWords("exit=7"))) {
            terminal.awaitServer();
            Terminal.type(terminal, "\034");
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("7");
            assertThat(terminal.stdout()).containsOnlyOnce("got QUIT");
        }
    }

    @Test
    void interactiveShellWorksBelowTheLauncher() {
        try (Child terminal = terminal("50s", SHELL.toArray(String[]::new))) {
            terminal.awaitOut("shell> ");
            Terminal.type(terminal, "echo one-$((1 + 1))\n");
            terminal.awaitOut("one-2");
            Terminal.type(terminal, "sh -c 'echo begun-$$; exec sleep 1000'\n");
            long sleep = Long.parseLong(terminal.awaitOut("begun-(\\d+)"));
            Terminal.type(terminal, CTRL_Z);
            terminal.awaitOut("Stopped");
            Terminal.type(terminal, "fg\n");
            await().until(() -> "S".equals(state(sleep)));
            Terminal.type(terminal, CTRL_C);
            Processes.awaitDeath(sleep);
            Terminal.type(terminal, "echo code-$?\n");
            terminal.awaitOut("code-130");
            Terminal.type(terminal, "read word; echo \"read <$word>\"\nhello\n");
            terminal.awaitOut("read <hello>");
            Terminal.type(terminal, "exit 9\n");
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("9");
            assertThat(terminal.stdout()).doesNotContain("no job control").doesNotContain("stopping \"orders\"");
            assertNothingLeft();
        }
    }

    @Test
    void interactivePythonWorksBelowTheLauncher() {
        try (Child terminal = terminal("50s", "python3", "-i", "-q")) {
            terminal.awaitOut(">>> ");
            Terminal.type(terminal, "print('sum', 20 + 3)\n");
            terminal.awaitOut("sum 23");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("KeyboardInterrupt");
            Terminal.type(terminal, "print('still', 40 + 2)\n");
            terminal.awaitOut("still 42");
            Terminal.type(terminal, CTRL_D);
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("0");
        }
    }

    @Test
    void fullScreenEditorWorksBelowTheLauncher() throws IOException {
        Path file = locks.resolve("text");
        try (Child terminal = terminal("50s", "busybox", "vi", file.toString())) {
            terminal.awaitOut("~"); // lines behind the end
            Terminal.type(terminal, "ihello");
            terminal.awaitOut("hello");
            Terminal.type(terminal, "\033"); // alone: with what follows it would be the code of a key
            terminal.awaitOut("- .*odified");
            Terminal.type(terminal, ":wq\r");
            assertThat(terminal.awaitOut("<exit (\\d+)>")).as("%s", terminal).isEqualTo("0");
        }
        assertThat(Files.readString(file)).isEqualTo("hello\n");
    }

    @Test
    void restartedServerGetsTheTerminalAgain() {
        List<String> words = holdfast("50s");
        words.addAll(words.size() - 1, List.of("--restart", "always", "--restart-delay", "10ms"));
        words.addAll(List.of("sh", "-c", "echo ask $$; read line; echo \"heard $line\"; exit 1"));
        try (Child terminal = Terminal.start(words)) {
            terminal.awaitOut("ask \\d+");
            Terminal.type(terminal, "one\n");
            terminal.awaitOut("heard one");
            terminal.awaitOut("(?s)ask.*ask \\d+");
            Terminal.type(terminal, "two\n");
            terminal.awaitOut("heard two");
            terminal.awaitOut("(?s)ask.*ask.*ask \\d+");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("<signal 2>");
            assertNothingLeft();
        }
    }

    @Test
    void suspendedJobComesBackUnderAnInteractiveShell() {
        try (Child terminal = Terminal.start(SHELL)) {
            terminal.awaitOut("shell> ");
            Terminal.type(terminal, line("50s", server("exit=5")) + "; echo code-$?\n");
            long server = terminal.awaitServer();
            Terminal.type(terminal, CTRL_Z);
            terminal.awaitOut("Stopped");
            await().until(() -> state(server).equals("T"));
            Terminal.type(terminal, "echo prompt-$((2 + 2))\n");
            terminal.awaitOut("prompt-4");
            Terminal.type(terminal, "fg; echo code-$?\n");
            terminal.awaitOut("got CONT");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("code-5");
            Terminal.type(terminal, "exit 0\n");
            terminal.awaitOut("<exit 0>");
            assertNothingLeft();
        }
    }

    /** The server has the terminal here, so that the keys are its own. */
    @Test
    void suspendedReaderComesBackAndReadsOn() {
        try (Child terminal = Terminal.start(SHELL)) {
            terminal.awaitOut("shell> ");
            String reader = "sh -c 'read a; echo \"first <$a>\"; read b; echo \"second <$b>\"; exit 6'";
            Terminal.type(terminal, line("50s", reader) + "\n");
            Terminal.type(terminal, "one\n");
            terminal.awaitOut("first <one>");
            Terminal.type(terminal, CTRL_Z);
            terminal.awaitOut("Stopped");
            Terminal.type(terminal, "fg; echo code-$?\n");
            terminal.awaitOut("(?s)Stopped.*holdfast.*\n");
            Terminal.type(terminal, "two\n");
            terminal.awaitOut("second <two>");
            terminal.awaitOut("code-6");
            Terminal.type(terminal, "exit 0\n");
            terminal.awaitOut("<exit 0>");
            assertNothingLeft();
        }
    }

    @Test
    void backgroundJobThatReadsStopsAndReadsInTheForeground() {
        try (Child terminal = Terminal.start(SHELL)) {
            terminal.awaitOut("shell> ");
            Terminal.type(terminal, line("50s", "sh -c 'read a; echo \"first <$a>\"; exit 6'") + " &\n");
            await().until(() -> {
                Terminal.type(terminal, "jobs\n");
                return terminal.stdout().contains("Stopped");
            });
            Terminal.type(terminal, "fg; echo code-$?\n");
            Terminal.type(terminal, "one\n");
            terminal.awaitOut("first <one>");
            terminal.awaitOut("code-6");
            Terminal.type(terminal, "exit 0\n");
            terminal.awaitOut("<exit 0>");
        }
    }

    /** As with xterm -e or docker run -t: nobody could continue a launcher that has stopped itself. */
    @Test
    void suspendKeyHasNoEffectWhereNobodyDoesJobControl() {
        try (Child terminal = terminal("50s", serverWords("exit=5"))) {
            terminal.awaitServer();
            Terminal.type(terminal, CTRL_Z);
            terminal.awaitOut("got CONT");
            Terminal.type(terminal, CTRL_C);
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("5");
        }
    }

    @Test
    void shellGetsItsTerminalBack() {
        String script = line("50s", "sh -c 'read a; echo \"server <$a>\"'") + "; read b; echo \"shell <$b>\"";
        try (Child terminal = Terminal.start(List.of("sh", "-c", script))) {
            Terminal.type(terminal, "one\n");
            terminal.awaitOut("server <one>");
            Terminal.type(terminal, "two\n");
            terminal.awaitOut("shell <two>");
            terminal.awaitOut("<exit 0>");
        }
    }

    /** What a server that ends by itself has set stays, as with stty; what one that was killed has left does not. */
    @Test
    void settingsComeBackOnlyAfterADeathBySignal() {
        String look = "; stty -a | grep -oE -e '-?icanon' | sed 's/^/now:/'";
        String script = line("50s", "sh -c 'stty -icanon; kill -9 $$'") + look + "; "
                + line("50s", "sh -c 'stty -icanon'") + look;
        try (Child terminal = Terminal.start(List.of("sh", "-c", script))) {
            terminal.awaitOut("<exit 0>");
            assertThat(terminal.stdout().replace("\r", "")).containsSubsequence("now:icanon\n", "now:-icanon\n");
        }
    }

    /** An interactive shell ignores TERM and gives the terminal to its jobs: both are killed, and the terminal is free. */
    @Test
    void shellGetsItsTerminalBackFromAKilledJob() {
        String script = line("200ms", "'" + String.join("' '", SHELL) + "'") + "; read b; echo \"shell <$b>\"";
        try (Child terminal = Terminal.start(List.of("sh", "-c", script))) {
            terminal.awaitOut("shell> ");
            Terminal.type(terminal, "sh -c 'echo begun-$PPID; exec sleep 1000'\n");
            long bash = Long.parseLong(terminal.awaitOut("begun-(\\d+)"));
            long launcher = Long.parseLong(Processes.stat(bash).orElseThrow()[1]);
            Processes.signal(launcher, "TERM");
            terminal.awaitOut("grace over");
            Processes.awaitDeath(launcher);
            Terminal.type(terminal, "two\n");
            terminal.awaitOut("shell <two>");
            terminal.awaitOut("<exit 0>");
        }
    }

    @Test
    void hangUpOfTheTerminalStopsTheServer() {
        try (Child terminal = terminal("50s", serverWords("exit=5"))) {
            long server = terminal.awaitServer();
            terminal.closeStdin();
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("5");
            Processes.awaitDeath(server);
            assertNothingLeft();
        }
    }
}
