package dev.holdfast.bench;

import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** To prove who holds a lock, as status, a refused start and a takeover do. Needs a running instance. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VerificationBenchmark {
    /** The lock file of that instance. */
    @Param("")
    public String lockFile;

    /** The usual way: by the processes that the record names. */
    @Benchmark
    public String byRecord() {
        try (OpenLockFile file = LockFile.at(lockFile).look().orElseThrow();
                ProvedHolder holder = new HolderSearch(file).findByRecord().orElseThrow()) {
            return launcherOf(holder);
        }
    }

    /** The way when the record is of no use: through all processes of the machine. */
    @Benchmark
    public String byScan() {
        try (OpenLockFile file = LockFile.at(lockFile).look().orElseThrow();
                ProvedHolder holder = new HolderSearch(file).findByScan()) {
            return launcherOf(holder);
        }
    }

    private static String launcherOf(ProvedHolder holder) {
        if (holder instanceof ProvedHolder.Launcher launcher) {
            return launcher.launcher().toString();
        }
        throw new IllegalStateException("the holder was not found");
    }
}
