package dev.holdfast.lock.file;

import dev.holdfast.posix.AbstractSocket;
import dev.holdfast.posix.FileStatus;
import dev.holdfast.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.zip.CRC32;

/**
 * The second interlock: an abstract socket whose name is made of the lock folder's device and inode and the file name.
 *
 * <p>Not of the path: containers that share a network namespace but not the folder are different locks, and a bind
 * mount of the same folder is the same lock. A cleaner that removes the lock file of a living holder cannot remove this.
 */
final class Interlock {
    /** Stands for "sockets cannot be had here" in {@link HeldLock}. */
    static final int NONE = -1;

    private static final int LONGEST_FILE_NAME_IN_NAME = 60;

    private Interlock() {}

    /**
     * Takes the interlock of a lock file.
     *
     * @return its descriptor; {@link #NONE} where this process may have no such socket (a seccomp profile, a kernel
     *     without Unix sockets), since the file's own locks are still there; empty when another process has it
     */
    static OptionalInt take(LockFile location) {
        FileStatus folder = FileStatus.ofTarget(location.directory()).orElse(null);
        if (folder == null) {
            return OptionalInt.of(NONE);
        }
        try {
            return AbstractSocket.bind(name(folder, location.fileName()));
        } catch (PosixException e) {
            return OptionalInt.of(NONE);
        }
    }

    /** A long file name is cut, and told apart by a checksum: bind(2) takes 107 bytes. */
    static String name(FileStatus folder, String fileName) {
        String shown = fileName;
        if (fileName.length() > LONGEST_FILE_NAME_IN_NAME || !isAscii(fileName)) {
            CRC32 checksum = new CRC32();
            checksum.update(fileName.getBytes(StandardCharsets.UTF_8));
            shown = Long.toHexString(checksum.getValue());
        }
        return "holdfast:" + Long.toHexString(folder.device()) + ":" + Long.toHexString(folder.inode()) + ":" + shown;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }
}
