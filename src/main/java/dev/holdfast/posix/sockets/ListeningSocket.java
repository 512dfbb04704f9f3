package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Stream sockets that listen for a server: TCP on IPv4 or IPv6, or at a path. Made close-on-exec and blocking, as a server
 * that makes its own has them.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/ip.7.html">ip(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/ipv6.7.html">ipv6(7)</a>
 */
public final class ListeningSocket {
    /** The kernel takes less where net.core.somaxconn says so. */
    private static final int BACKLOG = 4096;

    private static final int SHORT_ADDRESS = 4;
    private static final int LONG_ADDRESS = 16;
    private static final byte[] ALL = new byte[LONG_ADDRESS];

    private ListeningSocket() {}

    /**
     * The address that a text stands for.
     *
     * @param text an IPv4 address of four numbers, or an IPv6 one without brackets and zone
     * @return four or sixteen bytes; none when it is no address
     */
    public static byte[] address(String text) {
        boolean isLong = text.indexOf(':') >= 0;
        try (NativeBuffer name = NativeBuffer.cString(text);
                NativeBuffer address = NativeBuffer.allocate(LONG_ADDRESS)) {
            int family = isLong ? Abi.AF_INET6 : Abi.AF_INET;
            boolean isOne = text.indexOf('\0') < 0
                    && (int) Libc.call(Libc.symbol("inet_pton"), family, name.address(), address.address()) == 1;
            return isOne ? address.getBytes(0, isLong ? LONG_ADDRESS : SHORT_ADDRESS) : new byte[0];
        }
    }

    /**
     * A new socket, close-on-exec, that listens.
     *
     * @param address four or sixteen bytes; of sixteen, IPv6 only
     * @param port the TCP port
     * @return the descriptor
     * @throws PosixException EADDRINUSE, EACCES for a port that only root may have, EADDRNOTAVAIL
     */
    public static int bind(byte[] address, int port) {
        return bind(address, port, true);
    }

    /**
     * Listens at all addresses of this machine, by one socket: on IPv6, which takes IPv4 too, and on IPv4 alone where the
     * kernel has no IPv6.
     *
     * @param port the TCP port
     * @return the descriptor
     * @throws PosixException as the other does
     */
    public static int bindAll(int port) {
        try {
            return bind(ALL, port, false);
        } catch (PosixException e) {
            if (e.errno() != Errno.EAFNOSUPPORT && e.errno() != Errno.EADDRNOTAVAIL) {
                throw e;
            }
            return bind(new byte[SHORT_ADDRESS], port, false);
        }
    }

    private static int bind(byte[] address, int port, boolean isAlone) {
        boolean isLong = address.length == LONG_ADDRESS;
        int fd = socket(isLong ? Abi.AF_INET6 : Abi.AF_INET);
        try (NativeBuffer where = NativeBuffer.allocate(isLong ? Abi.SIZEOF_SOCKADDR_IN6 : Abi.SIZEOF_SOCKADDR_IN)) {
            // Connections of the last server that are in TIME_WAIT keep nobody out, tcp(7).
            set(fd, Abi.SOL_SOCKET, Abi.SO_REUSEADDR, 1);
            if (isLong) {
                set(fd, Abi.IPPROTO_IPV6, Abi.IPV6_V6ONLY, isAlone ? 1 : 0);
            }
            where.putShort(0, isLong ? Abi.AF_INET6 : Abi.AF_INET);
            where.putBytes(Abi.SOCKADDR_IN_PORT_AT, new byte[] {(byte) (port >>> 8), (byte) port});
            where.putBytes(isLong ? Abi.SOCKADDR_IN6_ADDRESS_AT : Abi.SOCKADDR_IN_ADDRESS_AT, address);
            Libc.checked(Libc.call(Libc.symbol("bind"), fd, where.address(), where.size()), "bind", "port " + port);
            listen(fd, "port " + port);
            return fd;
        } catch (PosixException e) {
            FileDescriptors.close(fd);
            throw e;
        }
    }

    /**
     * Listens at a path. The file gets the mode that the umask leaves of 0777.
     *
     * @param path where; nothing may be there
     * @return the descriptor
     * @throws PosixException EADDRINUSE when something stands there, EACCES, ENOENT, ENAMETOOLONG
     */
    public static int bind(String path) {
        if (path.getBytes(StandardCharsets.UTF_8).length > Abi.LONGEST_UNIX_NAME) {
            throw new PosixException(Errno.ENAMETOOLONG, "bind", path);
        }
        int fd = socket(Abi.AF_UNIX);
        try (UnixAddress address = UnixAddress.of(path)) {
            Libc.checked(Libc.call(Libc.symbol("bind"), fd, address.address(), address.length()), "bind", path);
            listen(fd, path);
            return fd;
        } catch (PosixException e) {
            FileDescriptors.close(fd);
            throw e;
        }
    }

    /** The longest path that a client can connect to, in bytes. */
    public static int longestPath() {
        return Abi.LONGEST_UNIX_NAME;
    }

    /**
     * Whether a descriptor is a stream socket that listens at an address, on which it would be made by {@link #bind(byte[],
     * int)}, or, for no address, by {@link #bindAll}.
     *
     * @param fd the descriptor; may be anything
     * @param address four or sixteen bytes; none for all addresses
     * @param port the TCP port
     */
    public static boolean isAt(int fd, byte[] address, int port) {
        byte[] name = name(fd);
        int family = family(name);
        if (!isListening(fd) || (family != Abi.AF_INET && family != Abi.AF_INET6) || port(name) != port) {
            return false;
        }
        boolean isLong = family == Abi.AF_INET6;
        int from = isLong ? Abi.SOCKADDR_IN6_ADDRESS_AT : Abi.SOCKADDR_IN_ADDRESS_AT;
        byte[] own = Arrays.copyOfRange(name, from, from + (isLong ? LONG_ADDRESS : SHORT_ADDRESS));
        if (address.length > 0) {
            return Arrays.equals(own, address)
                    && (!isLong || !Arrays.equals(own, ALL) || get(fd, Abi.IPPROTO_IPV6, Abi.IPV6_V6ONLY) == 1);
        }
        return isLong
                ? Arrays.equals(own, ALL) && get(fd, Abi.IPPROTO_IPV6, Abi.IPV6_V6ONLY) == 0
                : Arrays.equals(own, new byte[SHORT_ADDRESS]);
    }

    /**
     * Whether a descriptor is a stream socket that listens, and was bound to a path.
     *
     * @param fd the descriptor; may be anything
     * @param path the path, as it was bound
     */
    public static boolean isAt(int fd, String path) {
        byte[] name = name(fd);
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        return isListening(fd)
                && family(name) == Abi.AF_UNIX
                && name.length >= 2 + bytes.length
                && Arrays.equals(Arrays.copyOfRange(name, 2, 2 + bytes.length), bytes)
                && (name.length == 2 + bytes.length || name[2 + bytes.length] == 0);
    }

    /** The address that a socket is bound to, as the kernel has it; nothing for what is no socket. */
    private static byte[] name(int fd) {
        int most = 2 + Abi.LONGEST_UNIX_NAME + 1;
        try (NativeBuffer name = NativeBuffer.allocate(most);
                NativeBuffer length = NativeBuffer.allocate(Integer.BYTES)) {
            length.putInt(0, most);
            int result = (int) Libc.call(Libc.symbol("getsockname"), fd, name.address(), length.address());
            return result == 0 ? name.getBytes(0, Math.min(most, length.getInt(0))) : new byte[0];
        }
    }

    private static int family(byte[] name) {
        return name.length < 2 ? 0 : (name[0] & 0xff) | ((name[1] & 0xff) << 8);
    }

    private static int port(byte[] name) {
        int at = Abi.SOCKADDR_IN_PORT_AT;
        return ((name[at] & 0xff) << 8) | (name[at + 1] & 0xff);
    }

    private static boolean isListening(int fd) {
        return get(fd, Abi.SOL_SOCKET, Abi.SO_ACCEPTCONN) == 1
                && get(fd, Abi.SOL_SOCKET, Abi.SO_TYPE) == Abi.SOCK_STREAM;
    }

    /**
     * Lets accept(2) on it block again: what one server has set for itself holds for the next one, too, since it belongs to
     * the open socket.
     */
    public static void makeBlocking(int fd) {
        var unused = Libc.call(Libc.symbol("fcntl"), fd, Abi.F_SETFL, Abi.O_RDWR);
    }

    private static int socket(int family) {
        return Libc.checked(
                Libc.call(Libc.symbol("socket"), family, Abi.SOCK_STREAM | Abi.SOCK_CLOEXEC, 0), "socket", "");
    }

    private static void listen(int fd, String subject) {
        Libc.checked(Libc.call(Libc.symbol("listen"), fd, BACKLOG), "listen", subject);
    }

    private static void set(int fd, int level, int option, int value) {
        try (NativeBuffer number = NativeBuffer.allocate(Integer.BYTES)) {
            number.putInt(0, value);
            Libc.checked(
                    Libc.call(Libc.symbol("setsockopt"), fd, level, option, number.address(), Integer.BYTES),
                    "setsockopt",
                    "");
        }
    }

    /** -1 for what has no such option. */
    private static int get(int fd, int level, int option) {
        try (NativeBuffer number = NativeBuffer.allocate(Integer.BYTES);
                NativeBuffer size = NativeBuffer.allocate(Integer.BYTES)) {
            size.putInt(0, Integer.BYTES);
            int result =
                    (int) Libc.call(Libc.symbol("getsockopt"), fd, level, option, number.address(), size.address());
            return result == 0 ? number.getInt(0) : -1;
        }
    }
}
