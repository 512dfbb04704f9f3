package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A held lock keeps its path, frees what it holds in order, and touches nobody else's file. */
class HeldLockTest {
    @TempDir
    Path folder;

    private Path path;
    private LockFile location;
    private HeldLock lock;

    @BeforeEach
    void acquire() {
        path = folder.resolve("orders.lock");
        location = LockFile.at(path.toString());
        lock = LockFileTest.acquire(location);
    }

    @AfterEach
    void release() {
        lock.release(Steps.NONE);
    }

    @Test
    void recordReplacesAllThatWasThere() throws IOException {
        assertThat(lock.previous().present()).isFalse();
        lock.release(Steps.NONE);
        Files.writeString(path, "x".repeat(5000));
        Files.setPosixFilePermissions(path, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        lock = LockFileTest.acquire(location);
        assertThat(lock.previous().present()).isTrue();
        assertThat(lock.previous().record()).isEmpty();
        lock.write(LockRecordFormatTest.RECORD);
        assertThat(path).hasSize(1024);
        assertThat(lock.previous().record()).contains(LockRecordFormatTest.RECORD);
    }

    @Test
    void intactPathIsKeptYoung() throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(0));
        assertThat(lock.checkPath()).isEqualTo(LockCheck.INTACT);
        assertThat(Files.getLastModifiedTime(path).toMillis()).isPositive();
    }

    @Test
    void removedFileIsRestoredWithItsRecordAndHeld() throws IOException {
        lock.write(LockRecordFormatTest.RECORD);
        for (int round = 0; round < 3; round++) {
            Files.delete(path);
            assertThat(lock.checkPath()).isEqualTo(LockCheck.RESTORED);
            assertThat(lock.checkPath()).isEqualTo(LockCheck.INTACT);
            try (OpenLockFile seen = location.look().orElseThrow()) {
                assertThat(seen.isHeld()).isTrue();
                assertThat(seen.record()).contains(LockRecordFormatTest.RECORD);
            }
        }
        lock.release(Steps.NONE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void lostNameLeadsToTheSameFileAgain() throws IOException {
        Object inode = Files.getAttribute(path, "unix:ino");
        Files.delete(path);
        assertThat(lock.checkPath()).isEqualTo(LockCheck.RESTORED);
        assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(inode);
        Files.delete(folder.resolve(".orders.lock.held"));
        assertThat(lock.checkPath()).isEqualTo(LockCheck.INTACT);
        assertThat(Files.getAttribute(folder.resolve(".orders.lock.held"), "unix:ino"))
                .isEqualTo(inode);
        lock.release(Steps.NONE);
        assertThat(folder).isEmptyDirectory();
    }

    /** A folder that could not be reached at the end keeps it, and beside it no file that would tell of a holder. */
    @Test
    void deadSocketWithoutAFileIsRemoved() throws IOException {
        lock.release(Steps.NONE);
        Path socket = folder.resolve("orders.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        assertThat(socket).exists();
        lock = LockFileTest.acquire(location);
        lock.release(Steps.NONE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fileThatWasMovedAwayLeavesNoSecondName() throws IOException {
        Files.move(path, folder.resolve("moved"));
        assertThat(lock.checkPath()).isEqualTo(LockCheck.RESTORED);
        lock.release(Steps.NONE);
        assertThat(folder.toFile().list()).containsExactly("moved");
    }

    @Test
    void fileThatWasPutThereAndNobodyHoldsGivesWay() throws IOException {
        Object inode = Files.getAttribute(path, "unix:ino");
        Files.delete(path);
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(lock.checkPath()).isEqualTo(LockCheck.RESTORED);
        assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(inode);
        lock.release(Steps.NONE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fileThatSomebodyElseHoldsIsLostAndLeftAlone() throws IOException {
        Files.delete(path);
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OpenLockFile other = location.open()) {
            assertThat(dev.holdfast.posix.files.FileLocks.tryFlock(other.descriptor()))
                    .isTrue();
            assertThat(lock.checkPath()).isEqualTo(LockCheck.LOST);
            lock.release(Steps.NONE);
            assertThat(path).exists();
        }
    }

    @Test
    void unsafeThingAtThePathCannotBeRepairedAndIsLeftAlone() throws IOException {
        Files.delete(path);
        Files.createSymbolicLink(path, folder.resolve("victim"));
        assertThat(lock.checkPath()).isEqualTo(LockCheck.UNREPAIRABLE);
        lock.release(Steps.NONE);
        assertThat(path).isSymbolicLink();
        assertThat(folder.resolve("victim")).doesNotExist();
    }

    @Test
    void releaseFreesInterlockThenNameThenLocks() {
        List<String> seen = new ArrayList<>();
        OpenLockFile other = location.look().orElseThrow();
        lock.release(step -> {
            seen.add(step + " file=" + Files.exists(path) + " held=" + other.isHeld());
            if (step == Step.RELEASE_INTERLOCK_FREED) {
                assertThat(location.tryAcquire()).isInstanceOf(LockAttempt.Held.class);
            }
        });
        other.close();
        assertThat(seen)
                .containsExactly(
                        "RELEASE_INTERLOCK_FREED file=true held=true",
                        "RELEASE_UNLINKED file=false held=true",
                        "RELEASE_UNLOCKED file=false held=false");
        lock.release(step -> seen.add("again"));
        assertThat(seen).hasSize(3);
    }

    @Test
    void abandonedFileStaysForTheNext() {
        lock.write(LockRecordFormatTest.RECORD);
        lock.abandon();
        assertThat(path).exists();
        lock = LockFileTest.acquire(location);
        assertThat(lock.previous().record()).contains(LockRecordFormatTest.RECORD);
    }
}
