package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Wrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who starts it: nohup, a script's background, cron, a service manager. */
@Timeout(180)
class EntrypointStartIT {
    private static final List<String> SLEEPER = List.of("sh", "-c", "echo ready $$; exec sleep 1000");
    private static final int HUP = 1;
    private static final int INT = 2;
    private static final int QUIT = 3;
    private static final int PIPE = 13;

    @TempDir
    Path locks;

    private static boolean ignores(long pid, int signal) {
        long ignored = Long.parseUnsignedLong(Processes.statusLine(pid, "SigIgn"), 16);
        return (ignored >> (signal - 1) & 1) == 1;
    }

    private static void awaitSleep(long server) {
        await().until(() ->
                Files.readString(Path.of("/proc/" + server + "/comm")).equals("sleep\n"));
    }

    /** T8 for HUP: dumb-init resets it, which breaks nohup. */
    @ParameterizedTest
    @EnumSource(names = {"HOLDFAST", "TINI"})
    void nohupHoldsForTheServerToo(Wrapper wrapper) {
        try (Child run = wrapper.start(List.of("nohup"), locks, SLEEPER)) {
            long server = run.awaitServer();
            awaitSleep(server);
            assertThat(ignores(server, HUP)).isTrue();
            run.signal("HUP");
            Processes.signal(server, "HUP");
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
        }
    }

    /** nohup and exec: what is left is the server, ignoring HUP and nothing else. */
    @Test
    void nohupHoldsForAServerThatTheLauncherBecomes() {
        List<String> exec = Wrapper.HOLDFAST.words(locks, "--handoff", "exec");
        List<String> words = new java.util.ArrayList<>(List.of("nohup"));
        words.addAll(exec);
        words.addAll(SLEEPER);
        try (Child run = Child.start(new ProcessBuilder(words))) {
            long server = run.awaitServer();
            awaitSleep(server);
            assertThat(ignores(server, HUP)).isTrue();
            assertThat(ignores(server, INT) || ignores(server, QUIT)).isFalse();
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
        }
    }

    /** A shell without job control lets what it starts in the background ignore INT and QUIT; tini keeps that. */
    @Test
    void backgroundOfAScriptCanBeInterrupted() {
        for (String signal : List.of("INT", "QUIT")) {
            List<String> outer = List.of("sh", "-c", "\"$@\" & wait $!; exit $?", "sh");
            try (Child run = Wrapper.HOLDFAST.start(outer, locks, SLEEPER)) {
                long server = run.awaitServer();
                awaitSleep(server);
                long launcher = Long.parseLong(Processes.stat(server).orElseThrow()[1]);
                assertThat(ignores(server, INT) || ignores(server, QUIT)).isFalse();
                Processes.signal(launcher, signal);
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(signal.equals("INT") ? 130 : 131);
            }
        }
    }

    /** cron: hardly any environment, no terminal, nothing to read, output into a pipe. */
    @ParameterizedTest
    @EnumSource
    void startedAsByCron(Wrapper wrapper) throws IOException {
        String job = "\"$@\" </dev/null 2>&1 | cat; echo end";
        List<String> outer = List.of(
                "setsid",
                "--wait",
                "env",
                "-i",
                "PATH=" + System.getenv("PATH"),
                "JAVA_HOME=" + System.getProperty("java.home"),
                "SHELL=/bin/sh",
                "HOME=/",
                "LOGNAME=root",
                "sh",
                "-c",
                job,
                "sh");
        String server =
                "readlink /proc/self/fd/0; env | cut -d= -f1 | grep -vE 'HOLDFAST_|NOTIFY_SOCKET' | sort | tr '\\n' ' '; exit 5";
        try (Child run = wrapper.start(outer, locks, List.of("sh", "-c", server))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            String[] lines = run.stdout().split("\n");
            assertThat(lines[0]).isEqualTo("/dev/null");
            assertThat(lines[1].split(" "))
                    .contains("HOME", "LOGNAME", "PATH", "SHELL")
                    .isSubsetOf("HOME", "JAVA_HOME", "LOGNAME", "PATH", "PWD", "SHELL", "OLDPWD", "SHLVL", "_", "end");
        }
    }

    /** systemd ignores PIPE by default; a server in a pipeline needs it. tini keeps it ignored. */
    @ParameterizedTest
    @EnumSource(names = {"HOLDFAST", "DUMB_INIT"})
    void startedAsByAServiceManager(Wrapper wrapper) {
        List<String> outer = List.of(
                "env",
                "-i",
                "PATH=" + System.getenv("PATH"),
                "JAVA_HOME=" + System.getProperty("java.home"),
                "INVOCATION_ID=0123456789abcdef0123456789abcdef",
                "sh",
                "-c",
                "trap '' PIPE; exec \"$@\" </dev/null",
                "sh");
        try (Child run = wrapper.start(outer, locks, SLEEPER)) {
            long server = run.awaitServer();
            awaitSleep(server);
            assertThat(ignores(server, PIPE)).isFalse();
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stderr()).doesNotContain("NOTIFY_SOCKET", "warn");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }
}
