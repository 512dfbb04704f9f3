package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that dies, or cannot be born, is no affair of the server's output and the user's folder. */
@Timeout(60)
class DyingJvmIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "BUS", "ILL", "FPE"})
    void deadlySignalWritesNothingOfTheJvmsAnywhere(String signal) throws IOException {
        Path locks = Files.createDirectory(folder.resolve("locks"));
        Path here = Files.createDirectory(folder.resolve("here"));
        for (Path java : Launcher.javaHomes()) {
            ProcessBuilder builder = Launcher.in(locks)
                    .java(java)
                    .builder(List.of(
                            "run",
                            "--lock-dir",
                            locks.toString(),
                            "--name",
                            "orders",
                            "--",
                            "sh",
                            "-c",
                            "echo ready $$; exec sleep 300"));
            builder.directory(here.toFile());
            try (Child run = Child.start(builder)) {
                long server = run.awaitServer();
                // Before that its launcher may not have named it to the kernel yet.
                await().until(() ->
                        Files.readString(locks.resolve("orders.lock")).contains("serverPid"));
                Processes.signal(run.pid(), signal);
                run.awaitExitWithoutOutput();
                await().atMost(Duration.ofSeconds(30)).until(() -> !Processes.isAlive(server));
                assertThat(run.stdout()).isEqualTo("ready " + server + "\n");
                try (Stream<Path> files = Files.list(here)) {
                    // Where the machine keeps core dumps in the folder, that one is the kernel's.
                    assertThat(files.filter(
                                    file -> !file.getFileName().toString().startsWith("core")))
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status orders, 3",
        "stop orders, 0",
        "restart orders, 3",
        "reload orders, 3",
        "--version, 0",
        "run -- true, 71"
    })
    void folderThatWasDeletedNeedsNoStackTrace(String words, int code) throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        String place = words.startsWith("--") ? "" : " --lock-dir " + folder;
        String command = words.replaceFirst("^(\\w+)", "$1" + place);
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "cd " + gone + "; rmdir " + gone + "; exec " + Launcher.executable() + " " + command);
        try (Child run = Child.start(builder)) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            assertThat(run.stderr()).doesNotContain("\tat ", "Exception", "Error occurred");
            assertThat(run.stderr().contains("working folder does not exist")).isEqualTo(code == 71);
        }
    }
}
