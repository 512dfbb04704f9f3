package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An entry point and the npm script that it calls are both guarded: the inner start is told so, whatever its policy. */
@Timeout(180)
class NestedStartIT {
    private static final String INSIDE = "holdfast: this start runs inside \"orders\" itself (pid %d)";

    @TempDir
    Path locks;

    @ParameterizedTest
    @ValueSource(strings = {"fail", "wait", "takeover", "skip"})
    void innerStartIsToldThatItIsInsideThatVeryInstance(String policy) {
        refused("", policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "wait", "takeover", "skip"})
    void ancestorsTellItWithoutOurVariables(String policy) {
        refused("env -u HOLDFAST_INSTANCE_ID", policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "wait", "takeover", "skip"})
    void variableTellsItInAnotherPidNamespace(String policy) {
        assumeTrue(namespacesCanBeMade(), "needs user namespaces");
        refused("unshare -Ur --pid --fork --mount-proc", policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "wait", "takeover", "skip"})
    void innerStartAfterAnExecIsToldToo(String policy) {
        try (Child outer = Launcher.in(locks).run(List.of("--handoff", "exec"), inner("", policy))) {
            assertThat(outer.awaitOut("code (\\d+)")).isEqualTo("75");
            outer.awaitErr(Pattern.quote(String.format(INSIDE, outer.pid())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "wait", "takeover", "skip"})
    void innerStartOfAnOrphanIsToldToo(String policy) {
        List<String> command = new ArrayList<>(inner("", policy));
        command.set(2, "read line < \"$1\"; shift; " + command.get(2));
        command.add(4, gate().toString());
        Launcher launcher = Launcher.in(locks);
        try (Child outer = launcher.run(List.of("--death-signal", "none"), command)) {
            waitForServer(launcher);
            outer.signal("KILL");
            assertThat(outer.awaitExitWithoutOutput()).isEqualTo(137);
            open();
            assertThat(outer.awaitOut("code (\\d+)")).isEqualTo("75");
            outer.awaitErr("this start runs inside \"orders\" itself");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "wait", "takeover", "skip"})
    void innerStartIsToldAlsoWhenTheLockFileIsGone(String policy) {
        List<String> command = new ArrayList<>(inner("", policy));
        command.set(2, "rm -f " + Launcher.in(locks).lockFile("orders") + "; " + command.get(2));
        try (Child outer = Launcher.in(locks).run(List.of(), command)) {
            assertThat(outer.awaitExit()).as("%s", outer).isZero();
            assertThat(outer.stdout()).contains("code 75").doesNotContain("ran");
            assertThat(outer.stderr()).contains("this start runs inside \"orders\" itself");
        }
    }

    @Test
    void anotherInstanceMayRunInside() {
        List<String> command = inner("", "fail");
        try (Child outer = Launcher.in(locks).run(List.of("--name", "outer"), command)) {
            assertThat(outer.awaitExit()).isZero();
            assertThat(outer.stdout()).contains("ran", "code 0");
        }
    }

    private void refused(String wrapper, String policy) {
        try (Child outer = Launcher.in(locks).run(List.of(), inner(wrapper, policy))) {
            assertThat(outer.awaitExit()).as("%s", outer).isZero();
            assertThat(outer.stdout()).contains("code 75").doesNotContain("ran");
            assertThat(outer.stderr())
                    .contains(
                            String.format(INSIDE, outer.pid()),
                            "  what now   start the server without holdfast here, or give this one a name of its own");
        }
    }

    /** A server that starts the same instance once more. */
    private List<String> inner(String wrapper, String policy) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", wrapper + " \"$@\"; echo code $?", "sh"));
        words.addAll(Launcher.in(locks).wordsOfRun("--on-conflict", policy));
        words.addAll(List.of("echo", "ran"));
        return words;
    }

    private static void waitForServer(Launcher launcher) {
        await().until(() -> launcher.statusJson("orders"), text -> text.contains("serverPid"));
    }

    private Path gate() {
        Path gate = locks.resolve("gate");
        try (Child mkfifo = Child.start(new ProcessBuilder("mkfifo", gate.toString()))) {
            assertThat(mkfifo.awaitExit()).isZero();
        }
        return gate;
    }

    private void open() {
        try (Child writer = Child.start(new ProcessBuilder(
                "sh", "-c", "echo > \"$0\"", locks.resolve("gate").toString()))) {
            assertThat(writer.awaitExit()).isZero();
        }
    }

    private static boolean namespacesCanBeMade() {
        if (!Files.isExecutable(Path.of("/usr/bin/unshare"))) {
            return false;
        }
        try (Child probe =
                Child.start(new ProcessBuilder("unshare", "-Ur", "--pid", "--fork", "--mount-proc", "true"))) {
            return probe.awaitExit() == 0;
        }
    }
}
