package dev.holdfast.posix.files;

import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for certain bytes in one small file after the other, with one piece of memory for all of them, none of it of the JVM's
 * heap: for a look at many files of which hardly any matters. Waits as the file system does. Not safe for use by many threads.
 */
public final class FileSearch implements AutoCloseable {
    private static final long READ = Libc.symbol("read");
    private static final long FIND = Libc.symbol("memmem");

    private static final int MOST_BYTES = 1 << 14;

    private final List<NativeBuffer> sought = new ArrayList<>();
    private final NativeBuffer text = NativeBuffer.allocate(MOST_BYTES);

    /**
     * A search that has looked into no file yet.
     *
     * @param sought of which one is enough
     */
    public FileSearch(List<byte[]> sought) {
        for (byte[] each : sought) {
            NativeBuffer copy = NativeBuffer.allocate(each.length);
            copy.putBytes(0, each);
            this.sought.add(copy);
        }
    }

    /**
     * Whether a file may have one of what is sought.
     *
     * @param path the file's
     * @param owner whose it must be to be read
     * @return true also when it has {@value #MOST_BYTES} bytes or more, of which the rest is not looked at; false also
     *     when it is another user's, no regular file, or cannot be read
     */
    public boolean mayBeIn(String path, int owner) {
        int fd = FileDescriptors.openUntrusted(path);
        if (fd < 0) {
            return false;
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            return status.owner() == owner && status.isRegular() && isFoundIn(read(fd));
        } catch (PosixException e) {
            return false;
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private int read(int fd) {
        int length = 0;
        long count;
        do {
            count = Libc.call(READ, fd, text.address() + length, MOST_BYTES - length);
            length += (int) Math.max(0, count);
        } while (count > 0 && length < MOST_BYTES);
        return length;
    }

    private boolean isFoundIn(int length) {
        boolean isFound = length == MOST_BYTES;
        for (int i = 0; i < sought.size() && !isFound; i++) {
            NativeBuffer each = sought.get(i);
            isFound = Libc.call(FIND, text.address(), length, each.address(), each.size()) != 0;
        }
        return isFound;
    }

    @Override
    public void close() {
        text.close();
        for (NativeBuffer each : sought) {
            each.close();
        }
    }
}
