package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers that may do little: no memory, no rights, nowhere to write, no account, no variables. And what is on stdout. */
@RunsContainers
class ContainerLimitsIT {
    private static final List<String> HARDENED = List.of(
            "--read-only",
            "--read-only-tmpfs=false",
            "--tmpfs",
            "/tmp",
            "--user",
            "4242:4242",
            "--cap-drop",
            "ALL",
            "--security-opt",
            "no-new-privileges",
            "--pids-limit",
            "100");

    private final Engine engine;

    ContainerLimitsIT(Engine engine) {
        this.engine = engine;
    }

    private static List<String> with(List<String> options, String... more) {
        return java.util.stream.Stream.concat(options.stream(), List.of(more).stream())
                .toList();
    }

    /** Nothing but the server's own output, whatever the JVM is told to tell. */
    private void isQuiet(List<String> options) {
        List<String> command = List.of("sh", "-c", "echo \"out $JAVA_TOOL_OPTIONS\"; echo err >&2");
        try (Child run = engine.run(options, Images.TEST, command)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo(options.contains("-e") ? "out -Dserver=1 -Xlog:all=info\n" : "out \n");
            assertThat(run.stderr()).isEqualTo("err\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void hardenedContainerRunsAndSaysNoWordOfItsOwn(Arrangement arrangement) {
        isQuiet(with(HARDENED, arrangement.options().toArray(String[]::new)).stream()
                .filter(option -> !option.equals("-e") && !option.equals("HOLDFAST_HANDOFF=exec"))
                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void optionsForTheServersJavaAreTheServers(Arrangement arrangement) {
        isQuiet(arrangement.options("-e", "JAVA_TOOL_OPTIONS=-Dserver=1 -Xlog:all=info", "-e", "JDK_JAVA_OPTIONS="));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--unsetenv=HOME", "--env=HOME=/nonexistent", "--user=4242:4242", "--user=0:0", "--memory=64m"})
    void oddContainersAreQuiet(String option) {
        isQuiet(List.of(option));
    }

    @Test
    void nowhereToWriteIsToldInOneLine() {
        List<String> options = List.of("--read-only", "--read-only-tmpfs=false");
        try (Child run = engine.run(options, Images.TEST, List.of("sleep", "100"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(73);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr()).startsWith("holdfast: ").contains("/tmp/sleep.lock");
            assertThat(run.stderr().lines().count()).isLessThan(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void serverAndLauncherFitInto64Megabytes(Arrangement arrangement) {
        List<String> options = arrangement.options("-m", "64m", "--memory-swap", "64m");
        try (Container container = engine.start(options, Images.TEST, List.of("python3", "/server.py"))) {
            container.awaitOut("ready");
            try (Child status = container.exec("holdfast", "status", "server")) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
            }
            assertThat(container.stop(10).code()).as("%s", container).isZero();
        }
    }

    /** The kernel takes the largest process, which is the server; the launcher is left to tell. */
    @ParameterizedTest
    @EnumSource
    void serverThatTakesTooMuchMemoryIsToldAsKilled(Arrangement arrangement) {
        List<String> options = arrangement.options("-m", "64m", "--memory-swap", "64m");
        try (Child run = engine.run(options, Images.TEST, List.of("python3", "/server.py", "hog"))) {
            assertThat(run.awaitExit(Duration.ofSeconds(60))).as("%s", run).isEqualTo(137);
            assertThat(run.stdout()).matches("ready \\d+\n");
        }
    }

    /** And is started again in the same container, when that was asked for. */
    @Test
    void serverThatWasKilledForItsMemoryIsStartedAgain() {
        List<String> options = List.of(
                "-m",
                "64m",
                "--memory-swap",
                "64m",
                "-e",
                "HOLDFAST_RESTART=on-failure",
                "-e",
                "HOLDFAST_RESTART_LIMIT=1",
                "-e",
                "HOLDFAST_RESTART_DELAY=100ms");
        try (Child run = engine.run(options, Images.TEST, List.of("python3", "/server.py", "hog"))) {
            assertThat(run.awaitExit(Duration.ofSeconds(60))).as("%s", run).isEqualTo(137);
            assertThat(run.stdout()).matches("ready \\d+\nready \\d+\n");
        }
    }

    @Test
    void archiveOfTheImageIsUsed() {
        int java = Launcher.majorVersion(Images.jdk());
        // With these the JVM ends when it cannot use it.
        String option = java >= 25 ? "-XX:AOTMode=on" : "-Xshare:on";
        try (Child run =
                engine.run(List.of("-e", "HOLDFAST_JAVA_OPTIONS=" + option), Images.HOLDFAST, List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    /** Files need more of Java than a start does: what the image's small runtime leaves out must not be missed. */
    @Test
    void smallRuntimeHasAllThatTheCommandsNeed() {
        String script = """
                cd /tmp
                echo 'grace = "3s"' >c.toml
                holdfast run --config c.toml --log-file log --log-format json -v --name a --ready-log up --ready-timeout 9s \\
                    --user 0 -- sh -c 'holdfast status; echo up >&2; holdfast status --json; holdfast stop; sleep 9' || echo $?
                cat log
                holdfast run --explain -- true
                holdfast help run
                holdfast completion
                holdfast --version
                holdfast stop a
                holdfast status a || echo $?
                """;
        List<String> words = List.of("--user=0", "--entrypoint=sh");
        try (Child run = engine.run(words, Images.HOLDFAST, List.of("-ec", script))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).isEqualTo("up\n");
            assertThat(run.stdout())
                    .contains("a: starting", "\"state\":\"", "\n143\n", "stopping \\\"a\\\"", "lock now      free")
                    .contains("--ready-log", "-F _holdfast holdfast", "holdfast 1.0.0", "a: not running\n3\n");
        }
    }
}
