package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast lock} on a terminal: keys and job control are as without it. */
@Timeout(180)
class LockTerminalIT {
    private static final String CTRL_C = "\003";
    private static final String CTRL_Z = "\032";

    @TempDir
    Path folder;

    private String lock(String command) {
        return Launcher.executable() + " lock " + folder.resolve("file") + " -- " + command;
    }

    private static char state(long pid) {
        return Processes.stat(pid).map(fields -> fields[0].charAt(0)).orElse('-');
    }

    @Test
    void theInterruptKeyReachesTheCommandOnceAndItsEndIsWaitedFor() throws IOException {
        String command = "perl " + Launcher.resource("server.pl") + " exit=7 ignore=INT";
        try (Child terminal = Terminal.start(List.of("bash", "-c", lock(command) + "; echo code $?"))) {
            long server = terminal.awaitServer();
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("got INT");
            // To the launcher, which passes it on: after whatever it might have made of the key.
            Processes.signal(Long.parseLong(Processes.stat(server).orElseThrow()[1]), "TERM");
            assertThat(terminal.awaitOut("code (\\d+)")).isEqualTo("7");
            terminal.awaitOut("<exit 0>");
            assertThat(terminal.stdout()).containsOnlyOnce("got INT");
        }
    }

    /** bash ends at an INT only if the program that it waits for died of it, too. */
    @Test
    void theInterruptKeyEndsAScriptAroundIt() throws IOException {
        try (Child terminal = Terminal.start(
                List.of("bash", "-c", lock("sh -c 'echo run''ning; exec sleep 100'") + "; echo not reached"))) {
            terminal.awaitOut("running");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("<signal 2>");
            assertThat(terminal.stdout()).doesNotContain("not reached");
        }
    }

    @Test
    void theInterruptKeyEndsAScriptAroundOneThatWaits() throws IOException {
        try (Child holder = Child.start(new ProcessBuilder("bash", "-c", lock("sh -c 'echo he''ld; exec sleep 100'")));
                Child terminal = Terminal.start(
                        List.of("bash", "-c", lock("true").replace("--", "--verbose --") + "; echo not reached"))) {
            holder.awaitOut("held");
            terminal.awaitOut("waiting for");
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("<signal 2>");
            assertThat(terminal.stdout()).doesNotContain("not reached");
        }
    }

    @Test
    void theSuspendKeyStopsTheJobAndTheShellContinuesIt() throws IOException {
        try (Child terminal = Terminal.start(List.of("env", "PS1=shell> ", "bash", "--norc", "--noprofile", "-i"))) {
            terminal.awaitOut("shell> ");
            Terminal.type(terminal, lock("perl " + Launcher.resource("server.pl")) + "\n");
            long server = terminal.awaitServer();
            Terminal.type(terminal, CTRL_Z);
            terminal.awaitOut("Stopped");
            await().until(() -> state(server) == 'T');
            Terminal.type(terminal, "echo jo''b is $(jobs -s | wc -l)\n");
            terminal.awaitOut("job is 1");
            Terminal.type(terminal, "fg\n");
            await().until(() -> state(server) == 'S');
            Terminal.type(terminal, CTRL_C);
            terminal.awaitOut("got INT");
            Terminal.type(terminal, "echo af''ter\n");
            terminal.awaitOut("after");
            Terminal.type(terminal, "exit\n");
            terminal.awaitOut("<exit \\d+>");
        }
    }
}
