package dev.holdfast.bench;

import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** To lock and to unlock what nobody else wants: the launcher's whole lock, its parts, and the JDK's locks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LockBenchmark {
    /** Where the lock files are made. */
    @Param("")
    public String folder;

    private LockFile location;
    private LockRecord record;
    private int descriptor;
    private Path removed;
    private FileChannel channel;
    private AdvisoryLock writing;
    private AdvisoryLock reading;

    /** Opens what is to be open all the time. */
    @Setup
    public void open() throws IOException {
        location = LockFile.at(folder + "/whole.lock");
        record = new LockRecord(
                "orders",
                ProcessIdentity.ofSelf(),
                "12345-a1b2c3d4",
                Optional.empty(),
                0,
                "stdio",
                new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false),
                "1.0.0",
                LockRecord.State.RUNNING,
                "",
                884213,
                "2026-05-02T09:14:03.875Z",
                5000,
                "01234567-89ab-cdef-0123-456789abcdef",
                4026531836L,
                "",
                -1,
                "1.0.0");
        descriptor = FileDescriptors.open(
                folder + "/descriptor.lock", FileDescriptors.O_RDWR | FileDescriptors.O_CREAT, 0600);
        removed = Path.of(folder, "removed.lock");
        channel = open(Path.of(folder, "channel.lock"));
        writing = AdvisoryLock.exclusive(Path.of(folder, "advisory.lock"));
        reading = AdvisoryLock.shared(Path.of(folder, "advisory.lock"));
    }

    /** Closes it. */
    @TearDown
    public void close() throws IOException {
        FileDescriptors.close(descriptor);
        channel.close();
        writing.close();
        reading.close();
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** The launcher's: safe opening, both locks, interlock; then the way back, with the file removed. */
    @Benchmark
    public void wholeLock() {
        acquire().release(Steps.NONE);
    }

    /** The same with the holder's record written. */
    @Benchmark
    public void wholeLockWithRecord() {
        HeldLock lock = acquire();
        lock.write(record);
        lock.release(Steps.NONE);
    }

    private HeldLock acquire() {
        if (location.tryAcquire() instanceof LockAttempt.Acquired acquired) {
            return acquired.lock();
        }
        throw new IllegalStateException("somebody else holds the benchmark's lock");
    }

    /** One of its parts: flock(2) on a descriptor that stays open. */
    @Benchmark
    public boolean flockOnOpenDescriptor() {
        boolean locked = FileLocks.tryFlock(descriptor);
        FileLocks.unlockFlock(descriptor);
        return locked;
    }

    /** Both of the kernel's locks on a descriptor that stays open. */
    @Benchmark
    public boolean bothLocksOnOpenDescriptor() {
        boolean locked = FileLocks.tryFlock(descriptor) && FileLocks.tryByteLock(descriptor, 0);
        FileLocks.unlockByte(descriptor, 0);
        FileLocks.unlockFlock(descriptor);
        return locked;
    }

    /** The library's lock for writers, kept open: path check and fairness included. */
    @Benchmark
    public void advisoryExclusive() throws InterruptedException {
        writing.acquire().close();
    }

    /** The same for readers. */
    @Benchmark
    public void advisoryShared() throws InterruptedException {
        reading.acquire().close();
    }

    /** The library's lock opened and closed each time. */
    @Benchmark
    public void advisoryOpenLockClose() throws InterruptedException {
        try (AdvisoryLock lock = AdvisoryLock.exclusive(removed)) {
            lock.acquire().close();
        }
    }

    /** The JDK's lock on a channel that stays open. */
    @Benchmark
    public void channelTryLockOnOpenChannel() throws IOException {
        FileLock lock = channel.tryLock();
        lock.release();
    }

    /** The JDK's lock the way it is mostly used: open, lock, close, delete. */
    @Benchmark
    public void channelOpenLockCloseDelete() throws IOException {
        try (FileChannel opened = open(removed)) {
            FileLock lock = opened.tryLock();
            lock.release();
        }
        Files.delete(removed);
    }
}
