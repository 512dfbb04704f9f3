package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Terminal;
import dev.holdfast.testkit.Wrapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wrapper alone on a terminal, as with docker run -it, by the same tests for ours and for others. */
@Timeout(180)
class EntrypointTerminalIT {
    @TempDir
    Path locks;

    private Child terminal(Wrapper wrapper, String... server) {
        return Terminal.start(wrapper.below(List.of(), locks, List.of(server)));
    }

    /** T12, D17: a shell below it is interactive and has job control, and its code is passed on. */
    @ParameterizedTest
    @EnumSource
    void typedExitEndsAShellWithJobControl(Wrapper wrapper) {
        for (int code : new int[] {0, 9}) {
            try (Child terminal = terminal(wrapper, "env", "PS1=shell> ", "bash", "--norc", "--noprofile", "-i")) {
                terminal.awaitOut("shell> ");
                Terminal.type(terminal, "echo flags-$-\n");
                assertThat(terminal.awaitOut("flags-([a-zA-Z]+)")).contains("m", "i");
                Terminal.type(terminal, "exit " + code + "\n");
                assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo(Integer.toString(code));
                assertThat(terminal.stdout()).doesNotContain("no job control", "cannot set terminal");
            }
        }
    }

    /** T13: an endless loop of a shell that starts programs. A shell gives 130 for a program that died of INT, too. */
    @ParameterizedTest
    @EnumSource
    void interruptKeyEndsAShellsLoop(Wrapper wrapper) {
        try (Child terminal = terminal(wrapper, "sh", "-c", "echo begun; while true; do sleep 0.1; done")) {
            terminal.awaitOut("begun");
            Terminal.type(terminal, "\003");
            terminal.awaitOut("<(exit 130|signal 2)>");
        }
    }

    /** D16: what is typed arrives, to the end of the input, and what is written is seen. */
    @ParameterizedTest
    @EnumSource
    void serverReadsAndWritesTheTerminal(Wrapper wrapper) {
        try (Child terminal = terminal(wrapper, "sh", "-c", "echo begun; tac")) {
            terminal.awaitOut("begun");
            Terminal.type(terminal, "one\ntwo\n\004");
            assertThat(terminal.awaitOut("<exit (\\d+)>")).isEqualTo("0");
            assertThat(terminal.stdout().replace("\r", "")).contains("two\none\n");
        }
    }

    /** D18: giving up the terminal would bring HUP and CONT, which nobody has sent; one that is sent arrives. */
    @ParameterizedTest
    @EnumSource
    void noHangUpComesThatNobodySent(Wrapper wrapper) {
        try (Child terminal = terminal(wrapper, Launcher.server("ignore=HUP").toArray(String[]::new))) {
            long server = terminal.awaitServer();
            long launcher = Long.parseLong(Processes.stat(server).orElseThrow()[1]);
            Processes.signal(launcher, "USR1");
            terminal.awaitOut("got USR1");
            assertThat(terminal.stdout()).doesNotContain("got HUP", "got CONT");
            Processes.signal(launcher, "HUP");
            terminal.awaitOut("got HUP");
            Processes.signal(launcher, "INT");
            terminal.awaitOut("<exit 0>");
            assertThat(terminal.stdout()).containsOnlyOnce("got HUP").containsOnlyOnce("got INT");
        }
    }

    /** C9: a terminal that is not stdin is found, too. */
    @ParameterizedTest
    @EnumSource(names = "HOLDFAST")
    void terminalThatIsNotTheInputIsGivenBack(Wrapper wrapper) {
        List<String> words =
                wrapper.below(List.of(), locks, List.of("sh", "-c", "read a </dev/tty; echo \"server <$a>\""));
        String script = "'" + String.join("' '", words) + "' </dev/null; read b; echo \"shell <$b>\"";
        try (Child terminal = Terminal.start(List.of("sh", "-c", script))) {
            Terminal.type(terminal, "one\n");
            terminal.awaitOut("server <one>");
            Terminal.type(terminal, "two\n");
            terminal.awaitOut("shell <two>");
        }
    }

    /** The shell's next command can read: tini and catatonit keep the terminal, and it cannot. */
    @ParameterizedTest
    @EnumSource(names = {"HOLDFAST", "DUMB_INIT"})
    void nextCommandCanReadTheTerminal(Wrapper wrapper) {
        String words = "'" + String.join("' '", wrapper.below(List.of(), locks, List.of("true"))) + "'";
        try (Child terminal = Terminal.start(List.of("sh", "-c", words + "; read x; echo \"shell <$x>\""))) {
            Terminal.type(terminal, "one\n");
            terminal.awaitOut("shell <one>");
        }
    }
}
