package dev.holdfast.lock;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The contract in memory. */
class AdvisoryLockOnTmpfsIT extends AdvisoryLockContract {
    @Override
    Path place() {
        Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(Files.isWritable(memory), "needs a writable " + memory);
        return memory;
    }
}
