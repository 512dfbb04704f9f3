package dev.holdfast.lock;

import java.nio.file.Path;

/** The contract on the file system that the project is built on. */
class AdvisoryLockOnDiskIT extends AdvisoryLockContract {
    @Override
    Path place() {
        return Path.of("target").toAbsolutePath();
    }
}
