package dev.holdfast.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads of one JVM, by the same and by different objects: whatever they do at once has the outcome of some order one
 * after the other, as the plain {@link Specification} tells it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AdvisoryLockLincheckTest {
    @TempDir
    static Path folder = Path.of("/nonexistent");

    @Test
    void threadsSeeALockThatOneOrderExplains() {
        boolean isLong = System.getProperty("holdfast.stress", "short").equals("long");
        new StressOptions()
                .threads(3)
                .actorsPerThread(4)
                .actorsBefore(2)
                .actorsAfter(2)
                .iterations(isLong ? 100 : 20)
                .invocationsPerIteration(isLong ? 5000 : 300)
                .sequentialSpecification(Specification.class)
                .check(Threads.class);
    }

    /** One lock, three threads, each with at most one hold. */
    public static final class Threads {
        /** Opened once: each of many thousand instances would need descriptors of its own. */
        private static final AdvisoryLock WRITING;

        private static final AdvisoryLock READING;
        private static final List<Hold> GRANTED = new ArrayList<>();

        static {
            try {
                Path path = Files.createTempFile(folder, "index", ".lock");
                WRITING = AdvisoryLock.exclusive(path);
                READING = AdvisoryLock.shared(path);
            } catch (IOException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final @Nullable Hold[] holds = new @Nullable Hold[8];

        public Threads() {
            synchronized (GRANTED) {
                GRANTED.forEach(Hold::close);
                GRANTED.clear();
            }
        }

        @Operation
        public boolean tryExclusive(@Param(gen = ThreadIdGen.class) int thread) {
            return holds[thread] == null && granted(thread, WRITING.tryAcquire());
        }

        @Operation
        public boolean tryShared(@Param(gen = ThreadIdGen.class) int thread) {
            return holds[thread] == null && granted(thread, READING.tryAcquire());
        }

        @Operation
        public boolean downgrade(@Param(gen = ThreadIdGen.class) int thread) {
            Hold hold = holds[thread];
            if (hold == null) {
                return false;
            }
            hold.downgrade();
            return hold.isHeld();
        }

        @Operation
        public boolean close(@Param(gen = ThreadIdGen.class) int thread) {
            Hold hold = holds[thread];
            if (hold == null) {
                return false;
            }
            hold.close();
            holds[thread] = null;
            return !hold.isHeld();
        }

        private boolean granted(int thread, Optional<Hold> hold) {
            holds[thread] = hold.orElse(null);
            synchronized (GRANTED) {
                hold.ifPresent(GRANTED::add);
            }
            return hold.isPresent();
        }
    }

    /** What one thread would see. */
    public static final class Specification {
        private final @Nullable LockMode[] modes = new @Nullable LockMode[8];

        public boolean tryExclusive(int thread) {
            return take(thread, LockMode.EXCLUSIVE);
        }

        public boolean tryShared(int thread) {
            return take(thread, LockMode.SHARED);
        }

        public boolean downgrade(int thread) {
            boolean held = modes[thread] != null;
            modes[thread] = held ? LockMode.SHARED : null;
            return held;
        }

        public boolean close(int thread) {
            boolean held = modes[thread] != null;
            modes[thread] = null;
            return held;
        }

        private boolean take(int thread, LockMode wanted) {
            if (modes[thread] != null) {
                return false;
            }
            for (LockMode mode : modes) {
                if (mode != null && !mode.goesWith(wanted)) {
                    return false;
                }
            }
            modes[thread] = wanted;
            return true;
        }
    }
}
