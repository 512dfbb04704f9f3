package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lock file of ours whose mode was widened, or that cannot be removed, as volumes make them: mended, not refused. */
@Timeout(180)
class WidenedModeIT {
    private static final int NOBODY = 65534;

    @TempDir
    Path locks;

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw----", "rw-r--r--", "rw-r-----", "rw-rw-rw-"})
    void leftOverFileWithAWidenedModeIsTakenAndPutRight(String mode) throws IOException {
        Launcher launcher = Launcher.in(locks);
        Path file = Files.createFile(launcher.lockFile("orders"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        try (Child run = launcher.run(List.of(), List.of("stat", "-c", "%a", file.toString()))) {
            assertThat(run.awaitExit()).as(run.stderr()).isZero();
            assertThat(run.stdout().strip()).isEqualTo("600");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void liveHolderWithAWidenedFileIsAConflict() throws IOException {
        Launcher launcher = Launcher.in(locks);
        List<String> server = List.of("sh", "-c", "echo up; exec sleep 60");
        try (Child run = launcher.run(List.of(), server)) {
            run.awaitOut("up");
            Files.setPosixFilePermissions(launcher.lockFile("orders"), PosixFilePermissions.fromString("rw-rw----"));
            try (Child second = launcher.run(List.of(), server)) {
                assertThat(second.awaitExit()).as(second.stderr()).isEqualTo(75);
            }
        }
    }

    /** As another user, for root may open everything. */
    private Launcher asNobody() throws IOException {
        assumeTrue(Self.effectiveUser() == 0 && Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs root, setpriv");
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path folder = Files.createDirectory(locks.resolve("mine"));
        Files.setAttribute(folder, "unix:uid", NOBODY);
        return asNobody(folder);
    }

    private static Launcher asNobody(Path folder) {
        return Launcher.in(folder).below("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    }

    @ParameterizedTest
    @ValueSource(strings = {"---------", "r--------", "-w-------"})
    void fileThatKeepsItsOwnerOutIsTakenAndPutRight(String mode) throws IOException {
        Launcher launcher = asNobody();
        Path file = Files.createFile(launcher.lockFile("orders"));
        Files.setAttribute(file, "unix:uid", NOBODY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        try (Child run = launcher.run(List.of(), List.of("stat", "-c", "%a", file.toString()))) {
            assertThat(run.awaitExit()).as(run.stderr()).isZero();
            assertThat(run.stdout().strip()).isEqualTo("600");
        }
        assertThat(file).doesNotExist();
    }

    /** Whatever keeps the owner out: a umask at the start, or a chmod since. */
    @Test
    void liveHolderWhoseFileKeepsItsOwnerOutIsSeenAndStopped() throws IOException {
        Launcher launcher = asNobody();
        Path file = launcher.lockFile("orders");
        try (Child run = asNobody(locks.resolve("mine"))
                .below("sh", "-c", "umask 777; exec \"$@\"", "sh")
                .run(List.of(), List.of("sh", "-c", "stat -c mode%a '" + file + "'; echo ready $$; exec sleep 1000"))) {
            run.awaitServer();
            assertThat(run.stdout()).contains("mode600\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            try (Child second = launcher.run(List.of(), List.of("true"))) {
                assertThat(second.awaitExit()).as(second.stderr()).isEqualTo(75);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            try (Child stop = launcher.command(List.of("stop", "--lock-file", file.toString()))) {
                assertThat(stop.awaitExit()).as(stop.stderr()).isZero();
            }
            run.awaitExit();
        }
        assertThat(file).doesNotExist();
    }

    /** Another name means that the file may be anything of its owner's. */
    @Test
    void modeOfAFileWithAnotherNameStays() throws IOException {
        Launcher launcher = asNobody();
        Path file = Files.createFile(launcher.lockFile("orders"));
        Files.setAttribute(file, "unix:uid", NOBODY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        Files.createLink(file.resolveSibling("key"), file);
        try (Child run = launcher.run(List.of(), List.of("true"))) {
            assertThat(run.awaitExit()).as(run.stderr()).isEqualTo(73);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("r--------");
    }

    /** A volume may be one file: it can be written, and never removed (EBUSY). */
    @Test
    void fileThatCannotBeRemovedIsEmptiedAndTellsOfNoCrash() throws IOException {
        assumeTrue(canMount(), "needs root and mounts of its own");
        Path file = Files.createFile(locks.resolve("orders.lock"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String script = "mount --bind \"$1\" \"$1\" && \"$0\" run --name orders --lock-dir \"$2\" -- true"
                + " && \"$0\" run --name orders --lock-dir \"$2\" -- true"
                + " && exec \"$0\" status orders --lock-dir \"$2\"";
        try (Child both = Child.start(new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                script,
                Launcher.executable().toString(),
                file.toString(),
                locks.toString()))) {
            assertThat(both.awaitExit()).as(both.stderr()).isEqualTo(3);
            assertThat(both.stderr()).doesNotContain("overwriting");
        }
        assertThat(file).isEmptyFile();
    }

    /** Nobody may look into the folder at the end: the file stays, and must not tell of a crash when it is seen again. */
    @Test
    void fileWhoseFolderBecameUnreadableIsEmptiedAndTellsOfNoCrash() throws IOException {
        assumeTrue(Self.effectiveUser() == 0 && Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs root, setpriv");
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path folder = Files.createDirectory(locks.resolve("mine"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Launcher launcher = Launcher.in(folder).below("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        try (Child run = launcher.run(List.of(), Launcher.server())) {
            run.awaitServer();
            // Its socket, which comes a moment after the server, would stay there, too.
            await().until(() -> Files.exists(folder.resolve("orders.sock")));
            Files.delete(folder.resolve("orders.sock"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Child status = launcher.command(List.of("status", "orders", "--lock-dir", folder.toString()))) {
            assertThat(status.awaitExit()).as("%s", status).isEqualTo(3);
        }
        try (Child run = launcher.run(List.of(), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).doesNotContain("overwriting");
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static boolean canMount() {
        try (Child child = Child.start(new ProcessBuilder("sh", "-c", "unshare --mount mount --bind /tmp /tmp"))) {
            return child.awaitExit() == 0;
        }
    }
}
