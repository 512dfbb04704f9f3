package dev.holdfast.registry;

import dev.holdfast.posix.files.FileStatus;
import java.util.Optional;

/**
 * A folder of data that an instance works on.
 *
 * @param path absolute, as it was said
 * @param id {@code DEVICE:INODE} as the instance saw it when it registered, in hexadecimal digits: the same for one folder
 *     by each of its paths, on one machine; empty when it could not be reached
 */
public record DataDirectory(String path, String id) {
    /** A folder as it is now. */
    public static DataDirectory of(String path) {
        Optional<FileStatus> status = FileStatus.ofTarget(path);
        return new DataDirectory(
                path,
                status.isEmpty()
                        ? ""
                        : Long.toHexString(status.get().device()) + ":"
                                + Long.toHexString(status.get().inode()));
    }
}
