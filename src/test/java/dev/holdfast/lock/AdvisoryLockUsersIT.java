package dev.holdfast.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.LockChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks between two users: root, and nobody, who sees nothing of root's processes. */
@Timeout(180)
class AdvisoryLockUsersIT {
    private static final int NOBODY = 65534;

    @TempDir
    Path folder;

    private Path path = Path.of("/nonexistent");

    @BeforeEach
    void makeFile() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        path = Files.createFile(folder.resolve("index.lock"));
        mode(folder, "rwxr-xr-x");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** A JVM of nobody's, from copies that nobody can read: the project may be in root's own folder. */
    private Child nobody() throws IOException {
        List<String> places = new ArrayList<>();
        for (String place : LockChild.classPath().split(":")) {
            places.add(copy(Path.of(place), folder.resolve("classes" + places.size())));
        }
        Path natives = Path.of(copy(Path.of("target/native/jni").toAbsolutePath(), folder.resolve("natives")));
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        command.addAll(
                LockChild.command(LockChild.class, String.join(":", places), natives, "exclusive", path.toString()));
        return Child.start(new ProcessBuilder(command));
    }

    private static String copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, copy);
                mode(copy, "rwxr-xr-x");
            }
        }
        return to.toString();
    }

    @Test
    void holderOfAnotherUserExcludesAndIsCountedAsUnknown() throws IOException {
        try (AdvisoryLock lock = AdvisoryLock.exclusive(path);
                Child other = nobody()) {
            other.awaitOut("ready");
            assertThat(LockChild.ask(other, "holders")).isEqualTo("0 known, 0 unknown");
            try (Hold hold = lock.tryAcquire().orElseThrow()) {
                assertThat(LockChild.ask(other, "try")).isEqualTo("refused");
                assertThat(LockChild.ask(other, "acquire 1"))
                        .endsWith("held by 1 of another user or pid namespace that cannot be seen from here");
                assertThat(hold.isHeld()).isTrue();
            }
        }
    }

    @Test
    void ownHolderAndOneOfAnotherUserAreToldApart() throws IOException {
        try (AdvisoryLock lock = AdvisoryLock.shared(path);
                Hold hold = lock.tryAcquire().orElseThrow();
                Child flock = Child.start(new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        "flock",
                        "-s",
                        path.toString(),
                        "sh",
                        "-c",
                        "echo locked; read line"));
                Child other = nobody()) {
            flock.awaitOut("locked");
            other.awaitOut("ready");
            // flock(1) and its child have one lock between them
            assertThat(LockChild.ask(other, "holders")).isEqualTo("2 known, 1 unknown");
            assertThat(lock.holders().unknown()).isZero();
            assertThat(lock.holders().verified()).hasSize(3);
            assertThat(hold.isHeld()).isTrue();
        }
    }

    @Test
    void fileOfAnotherUserThatMayOnlyBeReadIsLockedAndWaitedFor() throws IOException {
        mode(path, "r--r--r--");
        try (AdvisoryLock lock = AdvisoryLock.exclusive(path);
                Child other = nobody()) {
            other.awaitOut("ready");
            Hold hold = lock.tryAcquire().orElseThrow();
            LockChild.tell(other, "acquire 30000");
            await().until(() -> new FileLocks.RangeQuery(hold.descriptor()).lockOfOther(1L << 62, 0) != null);
            hold.close();
            assertThat(LockChild.answer(other, "acquire 30000")).isEqualTo("granted");
            assertThat(lock.tryAcquire()).isEmpty();
            LockChild.ask(other, "release");
            assertThat(lock.tryAcquire()).isPresent();
        }
    }

    @Test
    void rootLocksAFileOfAnotherUserInAStickyFolder() throws IOException {
        Path sticky = Files.createDirectory(folder.resolve("sticky"));
        Files.setAttribute(sticky, "unix:mode", 01777);
        path = Files.createFile(sticky.resolve("index.lock"));
        Files.setAttribute(path, "unix:uid", NOBODY);
        try (AdvisoryLock lock = AdvisoryLock.exclusive(path);
                Child other = nobody()) {
            Hold hold = lock.tryAcquire().orElseThrow();
            other.awaitOut("ready");
            assertThat(LockChild.ask(other, "try")).isEqualTo("refused");
            hold.close();
            assertThat(LockChild.ask(other, "acquire 0")).isEqualTo("granted");
        }
    }

    @Test
    void fileThatMayNotBeReadIsAClearError() throws IOException {
        mode(path, "rw-------");
        try (Child other = nobody()) {
            assertThat(other.awaitExit()).isNotZero();
            assertThat(other.stderr()).contains("cannot open lock file \"" + path + "\": permission denied");
        }
    }
}
