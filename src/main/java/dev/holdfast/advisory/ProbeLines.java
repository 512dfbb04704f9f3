package dev.holdfast.advisory;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.PollSet;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines from a pipe whose reading end does not block. */
final class ProbeLines {
    private static final int CHUNK = 256;

    private final int fd;
    private final StringBuilder read = new StringBuilder();

    ProbeLines(int fd) {
        this.fd = fd;
    }

    /** The next line; null at the end, or when none came in time. Blocks. */
    @Nullable
    String next(int timeoutMillis) {
        try (PollSet poll = new PollSet(1)) {
            poll.add(fd, PollSet.READABLE);
            while (read.indexOf("\n") < 0) {
                if (poll.await(timeoutMillis) == 0) {
                    return null;
                }
                byte[] more = FileDescriptors.read(fd, CHUNK);
                if (more.length == 0 && (poll.returned(0) & PollSet.HANG_UP) != 0) {
                    return null;
                }
                read.append(new String(more, StandardCharsets.UTF_8));
            }
        }
        int end = read.indexOf("\n");
        String line = read.substring(0, end);
        read.delete(0, end + 1);
        return line;
    }
}
