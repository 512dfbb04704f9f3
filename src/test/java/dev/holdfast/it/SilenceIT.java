package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What does nothing, or reaches nobody, is told. */
@Timeout(180)
class SilenceIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"status", "status --json", "stop nobody", "help", "--version", "completion bash"})
    void resultThatCannotBeWrittenIsAFailure(String command) {
        assumeTrue(new File("/dev/full").exists(), "needs /dev/full");
        ProcessBuilder builder = Launcher.in(folder).builder(List.of(command.split(" ")));
        builder.environment().put("HOLDFAST_LOCK_DIR", folder.toString());
        builder.redirectOutput(new File("/dev/full"));
        try (Child child = Child.start(builder)) {
            assertThat(child.awaitExit()).as("%s", child).isIn(3, 74);
            assertThat(child.stderr()).contains("holdfast: cannot write the result to standard output");
        }
    }

    /** As a program in C ends whose reader has seen enough. */
    @ParameterizedTest
    @ValueSource(strings = {"status", "status --json", "stop nobody", "help", "--version", "completion bash"})
    void resultThatNobodyWantsToReadEndsQuietly(String command) {
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", "mkfifo p; exec 4<>p 5>p 4<&-; exec \"$@\" >&5 5>&-", "sh"));
        ProcessBuilder builder = Launcher.in(folder).builder(List.of(command.split(" ")));
        builder.environment().put("HOLDFAST_LOCK_DIR", folder.toString());
        words.addAll(builder.command());
        builder.command(words).directory(folder.toFile());
        try (Child child = Child.start(builder)) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(128 + Signals.PIPE);
            assertThat(child.stderr()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervise", "exec"})
    void unknownVariablesAreToldWhenTheServerRuns(String handOff) {
        Launcher launcher = Launcher.in(folder).env("HOLDFAST_FORCE", "s3cret").env("TINI_SUBREAPER", "1");
        try (Child run = launcher.run(List.of("--handoff", handOff), List.of("true"))) {
            assertThat(run.awaitExit()).isZero();
            assertThat(run.stderr())
                    .contains(
                            "unknown variable HOLDFAST_FORCE is not read; did you mean FORCE_TERMINATE?",
                            "TINI_SUBREAPER")
                    .doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "-x"})
    void namesThatAreFoldersOrOptionsAreRefused(String name) {
        try (Child run = Launcher.in(folder).run(List.of("--name=" + name), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
        }
    }

    @Test
    void lockThatIsNotWaitedForAnswersByItsCodeAlone() {
        String file = folder.resolve("data.lock").toString();
        Launcher launcher = Launcher.in(folder);
        try (Child holder = launcher.command(List.of("lock", file, "sh", "-c", "echo ready $$; exec sleep 600"))) {
            holder.awaitServer();
            for (String flag : List.of("-n", "--nonblock", "--nonblocking", "--nb")) {
                try (Child refused = launcher.command(List.of("lock", flag, file, "true"))) {
                    assertThat(refused.awaitExit()).isEqualTo(1);
                    assertThat(refused.stderr()).isEmpty();
                }
            }
            try (Child told = launcher.command(List.of("lock", "-v", "-n", file, "true"))) {
                assertThat(told.awaitExit()).isEqualTo(1);
                assertThat(told.stderr()).contains("data.lock");
            }
        }
        try (Child version = launcher.command(List.of("lock", "-V"))) {
            assertThat(version.awaitExit()).isZero();
            assertThat(version.stdout()).startsWith("holdfast ");
        }
    }
}
