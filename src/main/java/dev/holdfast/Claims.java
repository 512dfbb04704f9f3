package dev.holdfast;

import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.files.FileStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which locks this JVM has, or is about to take. By the folder's device and inode and the file's name, not by the path:
 * two names of one folder are one lock.
 */
final class Claims {
    private static final Map<String, String> NAMES = new ConcurrentHashMap<>();

    private Claims() {}

    /** Claims a lock for one instance; the key to {@link #release} with. */
    static String claim(String name, LockFile lockFile) {
        Optional<FileStatus> folder = FileStatus.ofTarget(lockFile.directory());
        String key = folder.map(status -> status.device() + ":" + status.inode())
                        .orElse(lockFile.directory()) + "/" + lockFile.fileName();
        String other = NAMES.putIfAbsent(key, name);
        if (other != null) {
            throw new AlreadyAcquiredException(
                    name, lockFile.path(), other.equals(name) ? "" : " as \"" + other + "\"");
        }
        return key;
    }

    static void release(String key) {
        NAMES.remove(key);
    }
}
