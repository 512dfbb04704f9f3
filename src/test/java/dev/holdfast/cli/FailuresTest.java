package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.ExitCode;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.UnsupportedSystemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each failure has its exit code and one clear text. */
class FailuresTest {
    private static CommandException failure(String command) {
        return Assertions.catchThrowableOfType(
                CommandException.class,
                () -> ResolvedCommand.resolve(
                        List.of(command.getBytes(StandardCharsets.UTF_8)), "/bin".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void problemsOfTheCommandLineAreUsage() {
        SettingsException failure = new SettingsException(List.of("one", "two"), false);
        assertThat(Failures.exitCode(failure)).isEqualTo(ExitCode.USAGE);
        assertThat(Failures.text(failure, "stop")).isEqualTo("one\nholdfast: two\n  look       holdfast help stop");
    }

    @Test
    void problemsOfTheEnvironmentAreConfiguration() {
        SettingsException failure = new SettingsException(List.of("one"), true);
        assertThat(Failures.exitCode(failure)).isEqualTo(ExitCode.CONFIG);
        assertThat(Failures.text(failure, "run")).isEqualTo("one");
    }

    @Test
    void commandIsNotFoundOrNotRunnable(@TempDir Path folder) {
        assertThat(Failures.exitCode(failure("no-such-command"))).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(Failures.exitCode(failure(folder.toString()))).isEqualTo(ExitCode.NOT_RUNNABLE);
        assertThat(Failures.text(failure("no\nsuch\u001b"), "run")).isEqualTo("command \"no?such?\" not found in PATH");
    }

    /** As people type who know a shell, or Docker's shell form. */
    @Test
    void commandThatIsNoProgramButALineIsToldHowToPass() {
        assertThat(Failures.text(failure("API_KEY=s3cret/x"), "run"))
                .isEqualTo("command \"API_KEY=...\" not found in PATH;"
                        + " to set a variable, write it as: env API_KEY=... COMMAND");
        assertThat(Failures.text(failure("node dist/server.js"), "run"))
                .isEqualTo("command \"node dist/server.js\" not found: no such file or directory;"
                        + " it was passed as one word: pass each of its words by itself");
        assertThat(Failures.text(failure("./a=b"), "run"))
                .isEqualTo("command \"./a=b\" not found: no such file or directory");
    }

    @Test
    void lockPathIsUnsafeOrCannotBeMade(@TempDir Path folder) {
        UnsafeLockPathException unsafe = Assertions.catchThrowableOfType(
                UnsafeLockPathException.class,
                () -> LockFile.at(folder.toString()).tryAcquire());
        assertThat(Failures.exitCode(unsafe)).isEqualTo(ExitCode.UNSAFE);
        assertThat(Failures.text(unsafe, "run"))
                .contains(folder.toString(), "is a directory")
                .endsWith("\n  what now   remove it, or choose another path");
        LockFileException impossible = Assertions.catchThrowableOfType(
                LockFileException.class,
                () -> LockFile.at(folder + "/missing/x.lock").tryAcquire());
        assertThat(Failures.exitCode(impossible)).isEqualTo(ExitCode.CANNOT_CREATE);
        assertThat(Failures.text(impossible, "run")).contains(folder + "/missing/x.lock");
    }

    /** The exception is the library's, too, and so has no word of flags; the command line adds them. */
    @Test
    void unsafePathIsAnsweredWithFlagsOnlyHere() {
        for (UnsafeLockPathException.Reason reason : UnsafeLockPathException.Reason.values()) {
            UnsafeLockPathException unsafe = new UnsafeLockPathException("/tmp/a.lock", reason, "4711");
            assertThat(unsafe)
                    .hasMessageStartingWith("lock path \"/tmp/a.lock\" ")
                    .hasMessageNotContaining("--");
            assertThat(Failures.text(unsafe, "run")).startsWith(unsafe.getMessage() + "\n  what now   ");
        }
        assertThat(Failures.text(
                        new UnsafeLockPathException("a", UnsafeLockPathException.Reason.OTHER_USER, "4711"), "run"))
                .isEqualTo(
                        "lock path \"a\" belongs to another user (uid 4711)"
                                + "\n  what now   run as that user, or give each user an instance of their own with --scope user");
        assertThat(Failures.text(
                        new UnsafeLockPathException("a", UnsafeLockPathException.Reason.NETWORK_FILE_SYSTEM, "NFS"),
                        "lock"))
                .contains("is on a network file system, NFS, where", "--allow-network-lock");
    }

    @Test
    void theRestIsTheSystem() {
        UnsupportedSystemException failure = new UnsupportedSystemException("no /proc");
        assertThat(Failures.exitCode(failure)).isEqualTo(ExitCode.SYSTEM);
        assertThat(Failures.text(failure, "run")).isEqualTo("no /proc");
    }
}
