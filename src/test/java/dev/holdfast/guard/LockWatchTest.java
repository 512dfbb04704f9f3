package dev.holdfast.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.supervise.InstanceListeners;
import dev.holdfast.tenure.LocalTenure;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1, when somebody removes or replaces the lock file under a running server. */
class LockWatchTest {
    private static final Duration NORMAL = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private Tenure lock;
    private String path;
    private LockWatch watch;

    @BeforeEach
    void acquire() {
        path = folder.resolve("orders.lock").toString();
        lock = new LocalTenure(((LockAttempt.Acquired) LockFile.at(path).tryAcquire()).lock());
        LockRecord record = new LockRecord(
                "orders",
                ProcessIdentity.ofSelf(),
                "1-00000000",
                Optional.empty(),
                0,
                "stdio",
                new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false),
                "1",
                LockRecord.State.RUNNING,
                "",
                -1,
                "2026-05-02T09:14:03.875Z",
                5000,
                "",
                0,
                "",
                -1,
                "1.0.0");
        lock.describe(record);
        Journal journal = new Journal(LogLevel.DEBUG, () -> entry -> told.add(entry.text()));
        journal.open();
        InstanceListeners listeners = new InstanceListeners();
        listeners.add(new AuditTrail("orders", path, journal));
        watch = new LockWatch(lock, listeners, journal, Ticker.SYSTEM);
    }

    @AfterEach
    void release() {
        lock.release(Steps.NONE);
    }

    private int otherHoldsANewFile() {
        FileNames.unlink(path);
        int other = FileDescriptors.open(path, FileDescriptors.O_RDWR | FileDescriptors.O_CREAT, 0600);
        assertThat(FileLocks.tryFlock(other)).isTrue();
        return other;
    }

    @Test
    void removedFileIsMadeAgain() {
        FileNames.unlink(path);
        assertThat(watch.check()).isEqualTo(NORMAL);
        assertThat(told).singleElement().asString().contains("put back");
        assertThat(folder.resolve("orders.lock")).hasSize(1024);
        assertThat(LockFile.at(path).tryAcquire()).isInstanceOf(LockAttempt.Held.class);
    }

    @Test
    void fileThatAnotherStartHoldsForAnInstantIsNotLost() {
        int other = otherHoldsANewFile();
        assertThat(watch.check()).isEqualTo(Duration.ofSeconds(1));
        FileDescriptors.close(other);
        assertThat(watch.check()).isEqualTo(NORMAL);
        assertThat(told).singleElement().asString().contains("put back");
    }

    @Test
    void fileThatAnotherProcessKeepsIsLost() {
        int other = otherHoldsANewFile();
        try {
            assertThat(watch.check()).isEqualTo(Duration.ofSeconds(1));
            assertThat(told).isEmpty();
            assertThat(watch.check()).isEqualTo(NORMAL);
            assertThat(told).singleElement().asString().contains("another process holds the new one");
        } finally {
            FileDescriptors.close(other);
        }
    }

    @Test
    void untouchedFileIsNothingToTell() {
        assertThat(watch.check()).isEqualTo(NORMAL);
        assertThat(told).isEmpty();
    }
}
