package dev.holdfast.advisory;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import java.util.ArrayList;
import java.util.List;

/** What one process of a probe does with the file: each try through a descriptor of its own, kept until it is freed. */
final class ProbeHand implements AutoCloseable {
    static final String GRANTED = "granted";
    static final String REFUSED = "refused";

    private final String path;
    private final List<Integer> open = new ArrayList<>();

    ProbeHand(String path) {
        this.path = path;
    }

    /** Does what a word says: {@code exclusive}, {@code shared}, {@code byte}, {@code touch} or {@code free}. */
    String obey(String word) {
        switch (word) {
            case "touch" -> {
                FileDescriptors.close(open());
                return GRANTED;
            }
            case "free" -> {
                close();
                return GRANTED;
            }
            default -> {
                return tryLock(word);
            }
        }
    }

    private String tryLock(String word) {
        try {
            int fd = open();
            open.add(fd);
            boolean granted = switch (word) {
                case "exclusive" -> FileLocks.tryFlock(fd);
                case "shared" -> FileLocks.trySharedFlock(fd);
                case "byte" -> FileLocks.tryByteLock(fd, 0);
                default -> throw new IllegalArgumentException(word);
            };
            return granted ? GRANTED : REFUSED;
        } catch (PosixException e) {
            return "failed: " + Errno.describe(e.errno());
        }
    }

    private int open() {
        int fd = FileDescriptors.open(path, FileDescriptors.O_RDWR | FileDescriptors.O_NOFOLLOW, 0);
        if (fd < 0) {
            throw new PosixException(-fd, "open", path);
        }
        return fd;
    }

    /** The descriptor of the last try. */
    int lastDescriptor() {
        return open.get(open.size() - 1);
    }

    @Override
    public void close() {
        open.forEach(FileDescriptors::close);
        open.clear();
    }
}
