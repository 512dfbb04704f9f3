package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;

/**
 * The address of a socket file, for bind(2) and connect(2), unix(7).
 *
 * <p>It has room for 107 bytes; a longer path goes through a descriptor of its folder, so that only the file's own name
 * is limited. To be closed after the call.
 */
final class UnixAddress implements AutoCloseable {
    private static final int NO_FOLDER = -1;

    private final NativeBuffer memory;
    private final int length;
    private final int folder;

    private UnixAddress(byte[] name, int folder) {
        memory = NativeBuffer.allocate(2 + name.length + 1);
        memory.putShort(0, Abi.AF_UNIX);
        memory.putBytes(2, name);
        length = 2 + name.length + 1;
        this.folder = folder;
    }

    /** Throws ENAMETOOLONG when even the file's own name is too long, or what opening the folder failed with. */
    static UnixAddress of(String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length <= Abi.LONGEST_UNIX_NAME) {
            return new UnixAddress(name, NO_FOLDER);
        }
        int slash = path.lastIndexOf('/');
        int fd = FileDescriptors.open(path.substring(0, slash + 1), FileDescriptors.O_PATH, 0);
        if (fd < 0) {
            throw new PosixException(-fd, "open", path);
        }
        name = ("/proc/self/fd/" + fd + path.substring(slash)).getBytes(StandardCharsets.UTF_8);
        if (name.length > Abi.LONGEST_UNIX_NAME) {
            FileDescriptors.close(fd);
            throw new PosixException(Errno.ENAMETOOLONG, "bind", path);
        }
        return new UnixAddress(name, fd);
    }

    long address() {
        return memory.address();
    }

    int length() {
        return length;
    }

    @Override
    public void close() {
        memory.close();
        if (folder != NO_FOLDER) {
            FileDescriptors.close(folder);
        }
    }
}
