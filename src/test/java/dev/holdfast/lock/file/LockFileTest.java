package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a lock file is, and that only a plain file of our own is taken for one. */
class LockFileTest {
    @TempDir
    Path folder;

    private LockFile lockFile() {
        return LockFile.at(folder.resolve("orders.lock").toString());
    }

    @Test
    void pathIsFolderAndName() {
        assertThat(LockFile.at("/tmp/a.lock")).isEqualTo(new LockFile("/tmp", "a.lock"));
        assertThat(LockFile.at("/a.lock").path()).isEqualTo("/a.lock");
        assertThat(LockFile.at("a.lock").path()).isEqualTo("./a.lock");
    }

    @Test
    void newFileIsPrivateAndHeldUntilItIsReleased() throws IOException {
        HeldLock lock = acquire(lockFile());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("orders.lock"))))
                .isEqualTo("rw-------");
        LockAttempt second = lockFile().tryAcquire();
        assertThat(second).isInstanceOf(LockAttempt.Held.class);
        try (OpenLockFile file = ((LockAttempt.Held) second).file()) {
            assertThat(file.isHeld()).isTrue();
            lock.release(Steps.NONE);
            assertThat(file.isHeld()).isFalse();
            assertThat(file.isStillAtPath()).isFalse();
        }
        acquire(lockFile()).release(Steps.NONE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void lookChangesNothing() throws IOException {
        assertThat(lockFile().look()).isEmpty();
        assertThat(folder).isEmptyDirectory();
        Files.writeString(folder.resolve("orders.lock"), "{}");
        try (OpenLockFile file = lockFile().look().orElseThrow()) {
            assertThat(file.isHeld()).isFalse();
            assertThat(file.record()).isEmpty();
        }
        assertThat(folder.resolve("orders.lock")).hasContent("{}");
    }

    @Test
    void replacedFileIsNotLocked() throws IOException {
        OpenLockFile open = lockFile().open();
        Files.delete(folder.resolve("orders.lock"));
        Files.createFile(folder.resolve("orders.lock"));
        assertThat(open.tryLock(Steps.NONE)).isInstanceOf(LockAttempt.Replaced.class);
    }

    @Test
    void removedFileOfALivingHolderIsInterlockedAndNotLeft() throws IOException {
        HeldLock lock = acquire(lockFile());
        Files.delete(folder.resolve("orders.lock"));
        Files.delete(folder.resolve(".orders.lock.held"));
        assertThat(lockFile().tryAcquire()).isInstanceOf(LockAttempt.Interlocked.class);
        assertThat(folder).isEmptyDirectory();
        lock.release(Steps.NONE);
    }

    @Test
    void lostNameOfALivingHolderIsPutBackByAnyStart() throws IOException {
        HeldLock lock = acquire(lockFile());
        Files.delete(folder.resolve("orders.lock"));
        try (OpenLockFile held = ((LockAttempt.Held) lockFile().tryAcquire()).file()) {
            assertThat(held.isHeld()).isTrue();
        }
        assertThat(lock.isIntact()).isTrue();
        lock.release(Steps.NONE);
        assertThat(folder).isEmptyDirectory();
    }

    /** As after a cleaner and a crash: the file is taken like any other that nobody holds. */
    @Test
    void secondNameWithoutAHolderIsUsedUp() throws IOException {
        HeldLock lock = acquire(lockFile());
        Files.delete(folder.resolve("orders.lock"));
        lock.abandon();
        HeldLock next = acquire(lockFile());
        assertThat(folder.resolve("orders.lock")).exists();
        next.release(Steps.NONE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void plantedSecondNameIsPassedOver() throws IOException {
        Files.createSymbolicLink(folder.resolve(".orders.lock.held"), folder.resolve("victim"));
        HeldLock lock = acquire(lockFile());
        assertThat(lock.weaknesses()).singleElement().asString().contains("second name");
        lock.release(Steps.NONE);
        assertThat(folder.resolve(".orders.lock.held")).isSymbolicLink();
        assertThat(folder.resolve("victim")).doesNotExist();
        assertThat(folder.resolve("orders.lock")).doesNotExist();
    }

    /** Its twin has a stranger's name then, which nobody puts back. */
    @Test
    void movedFileOfALivingHolderIsFound() throws IOException {
        HeldLock lock = acquire(lockFile());
        Files.move(folder.resolve("orders.lock"), folder.resolve("moved"));
        try (OpenLockFile lost = lockFile().findLost().orElseThrow()) {
            assertThat(lost.isHeldInBothWays()).isTrue();
            assertThat(lost.isStillAtPath()).isTrue();
        }
        lock.release(Steps.NONE);
        assertThat(lockFile().findLost()).isEmpty();
    }

    @Test
    void secondNameOfAFileThatWasMovedAndIsHeldByNobodyIsUsedUp() throws IOException {
        HeldLock lock = acquire(lockFile());
        Files.move(folder.resolve("orders.lock"), folder.resolve("moved"));
        lock.abandon();
        HeldLock next = acquire(lockFile());
        assertThat(next.weaknesses()).isEmpty();
        next.release(Steps.NONE);
        assertThat(folder).isDirectoryContaining(path -> path.endsWith("moved"));
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void foreignHardLinkIsRefusedStill() throws IOException {
        Path file = Files.createFile(
                folder.resolve("orders.lock"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.createLink(folder.resolve("other"), file);
        assertThatThrownBy(() -> lockFile().tryAcquire()).isInstanceOf(UnsafeLockPathException.class);
    }

    @Test
    void unsafeFileIsRefusedWithWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("orders.lock"));
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> lockFile().look())
                .isInstanceOf(UnsafeLockPathException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void missingFolderIsNamed() {
        assertThatThrownBy(() -> LockFile.at(folder + "/none/a.lock").tryAcquire())
                .isInstanceOf(LockFileException.class)
                .hasMessage("cannot make lock file \"%s/none/a.lock\": no such file or directory", folder);
    }

    @Test
    void folderIsOpenToAllOnlyWithoutStickyBit() throws IOException {
        assertThat(lockFile().isFolderOpenToAll()).isFalse();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(lockFile().isFolderOpenToAll()).isTrue();
    }

    static HeldLock acquire(LockFile file) {
        LockAttempt attempt = file.tryAcquire();
        assertThat(attempt).isInstanceOf(LockAttempt.Acquired.class);
        return ((LockAttempt.Acquired) attempt).lock();
    }
}
