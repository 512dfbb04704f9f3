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
        int fd = open();
        int errno = call("bind", fd, name);
        if (errno == 0) {
            return OptionalInt.of(fd);
        }
        FileDescriptors.close(fd);
        if (errno == Errno.EADDRINUSE) {
            return OptionalInt.empty();
        }
        throw new PosixException(errno, "bind", name);
    }

    /**
     * Whether somebody has a name, asked without taking it: a connection to a datagram socket needs nobody who accepts it,
     * and nothing is sent. For where {@code /proc/net/unix} tells nothing.
     *
     * @param name at most 107 bytes
     * @return false when nobody has it; true also when that cannot be told
     * @throws PosixException if sockets are forbidden here
     */
    public static boolean isTaken(String name) {
        int fd = open();
        try {
            return call("connect", fd, name) != Errno.ECONNREFUSED;
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static int open() {
        return Libc.checked(
                Libc.call(Libc.symbol("socket"), Abi.AF_UNIX, Abi.SOCK_DGRAM | Abi.SOCK_CLOEXEC, 0), "socket", "");
    }

    /** The errno, or 0. */
    private static int call(String function, int fd, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Abi.LONGEST_UNIX_NAME) {
            return Errno.ENAMETOOLONG;
        }
        try (NativeBuffer address = NativeBuffer.allocate(3 + bytes.length)) {
            address.putShort(0, Abi.AF_UNIX);
            // A NUL in front makes the name abstract.
            address.putBytes(3, bytes);
            return (int) Libc.call(Libc.symbol(function), fd, address.address(), 3 + bytes.length) == 0
                    ? 0
                    : Libc.errno();
        }
    }
}
