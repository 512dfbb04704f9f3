package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A name in the abstract socket namespace, unix(7): taken by binding, freed by the kernel with the last descriptor.
 *
 * <p>Nobody can unlink or replace it, which is what makes it a second interlock beside the lock file. It is seen by all
 * who share the network namespace, whatever they have mounted. Nothing is ever sent or received through it.
 */
public final class AbstractSocket {

    private AbstractSocket() {}

    /**
     * Takes a name.
     *
     * @param name at most 107 bytes
     * @return the descriptor that holds it; empty when somebody else does
     * @throws PosixException if sockets are forbidden here, or the name is too long
     */
    public static OptionalInt bind(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Abi.LONGEST_UNIX_NAME) {
            throw new PosixException(Errno.ENAMETOOLONG, "bind", name);
        }
        int fd = Libc.checked(
                Libc.call(Libc.symbol("socket"), Abi.AF_UNIX, Abi.SOCK_DGRAM | Abi.SOCK_CLOEXEC, 0), "socket", "");
        try (NativeBuffer address = NativeBuffer.allocate(3 + bytes.length)) {
            address.putShort(0, Abi.AF_UNIX);
            // A NUL in front makes the name abstract.
            address.putBytes(3, bytes);
            if ((int) Libc.call(Libc.symbol("bind"), fd, address.address(), 3 + bytes.length) == 0) {
                return OptionalInt.of(fd);
            }
            int errno = Libc.errno();
            FileDescriptors.close(fd);
            if (errno == Errno.EADDRINUSE) {
                return OptionalInt.empty();
            }
            throw new PosixException(errno, "bind", name);
        }
    }
}
