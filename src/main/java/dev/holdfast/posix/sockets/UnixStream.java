package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.MappedMemory;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;

/** One end of a connected Unix stream socket. Never blocks. Not safe for use by many threads. */
public final class UnixStream implements AutoCloseable {

    private final int fd;

    /**
     * The end that a descriptor stands for.
     *
     * @param fd the descriptor, closed with this
     */
    public UnixStream(int fd) {
        this.fd = fd;
    }

    /**
     * Who is at the other end, by the kernel: for one that was accepted, whoever connected; for one that was connected,
     * whoever listened.
     *
     * @param pid as seen here; 0 in another pid namespace
     * @param uid the effective user id, as seen here: the overflow id, 65534, of another user namespace's user
     */
    public record Peer(int pid, int uid) {}

    /**
     * Connects to a socket file.
     *
     * @param path where
     * @return the connection
     * @throws PosixException if nobody listens: ENOENT, ECONNREFUSED when the file is a dead listener's, EAGAIN when too
     *     many wait already
     */
    public static UnixStream connect(String path) {
        int fd = Libc.checked(
                Libc.call(
                        Libc.symbol("socket"), Abi.AF_UNIX, Abi.SOCK_STREAM | Abi.SOCK_NONBLOCK | Abi.SOCK_CLOEXEC, 0),
                "socket",
                "");
        try (UnixAddress address = UnixAddress.of(path)) {
            Libc.checked(Libc.call(Libc.symbol("connect"), fd, address.address(), address.length()), "connect", path);
            return new UnixStream(fd);
        } catch (PosixException e) {
            FileDescriptors.close(fd);
            throw e;
        }
    }

    /**
     * The descriptor to poll.
     *
     * @return its number
     */
    public int descriptor() {
        return fd;
    }

    /**
     * Who is at the other end.
     *
     * @return its credentials, of when the connection was made
     * @throws PosixException if the kernel does not tell
     */
    public Peer peer() {
        try (NativeBuffer credentials = NativeBuffer.allocate(Abi.SIZEOF_UCRED);
                NativeBuffer size = NativeBuffer.allocate(Integer.BYTES)) {
            size.putInt(0, Abi.SIZEOF_UCRED);
            long result = Libc.call(
                    Libc.symbol("getsockopt"),
                    fd,
                    Abi.SOL_SOCKET,
                    Abi.SO_PEERCRED,
                    credentials.address(),
                    size.address());
            Libc.checked(result, "getsockopt", "fd " + fd);
            return new Peer(credentials.getInt(0), credentials.getInt(Integer.BYTES));
        }
    }

    /**
     * Reads what is there.
     *
     * @param into where to
     * @param from the first index
     * @return how many bytes came; 0 when none are there now, -1 when no more will come
     */
    public int read(byte[] into, int from) {
        int most = into.length - from;
        try (NativeBuffer buffer = NativeBuffer.allocate(Math.max(1, most))) {
            int count = (int) Libc.call(Libc.symbol("recv"), fd, buffer.address(), most, Abi.MSG_DONTWAIT);
            if (count < 0) {
                int errno = Libc.errno();
                return errno == Errno.EAGAIN || errno == Errno.EINTR ? 0 : -1;
            }
            System.arraycopy(buffer.getBytes(0, count), 0, into, from, count);
            return count == 0 ? -1 : count;
        }
    }

    /**
     * Reads what is there into memory outside the heap. Descriptors that come with it are closed.
     *
     * @param into where to
     * @param from the first byte
     * @param most how many at the most; at least one
     * @return how many bytes came; 0 when none are there now, -1 when no more will come
     */
    public int read(MappedMemory into, int from, int most) {
        int count = (int) Libc.call(Libc.symbol("recv"), fd, into.address(from, most), most, Abi.MSG_DONTWAIT);
        if (count < 0) {
            int errno = Libc.errno();
            return errno == Errno.EAGAIN || errno == Errno.EINTR ? 0 : -1;
        }
        return count == 0 ? -1 : count;
    }

    /**
     * Writes as much of a message as the kernel takes now.
     *
     * @return how many bytes it took; -1 when the other end is gone
     */
    public int writeSome(byte[] bytes) {
        try (NativeBuffer buffer = NativeBuffer.allocate(bytes.length)) {
            buffer.putBytes(0, bytes);
            int flags = Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL;
            int count = (int) Libc.call(Libc.symbol("send"), fd, buffer.address(), bytes.length, flags);
            return count >= 0 || Libc.errno() != Errno.EAGAIN ? count : 0;
        }
    }

    /**
     * Writes a short message.
     *
     * @return whether the kernel took all of it; false when the other end is gone or does not read
     */
    public boolean write(byte[] bytes) {
        try (NativeBuffer buffer = NativeBuffer.allocate(bytes.length)) {
            buffer.putBytes(0, bytes);
            int flags = Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL;
            return (int) Libc.call(Libc.symbol("send"), fd, buffer.address(), bytes.length, flags) == bytes.length;
        }
    }

    /** Tells the other end that nothing more comes from here. What comes from there can still be read. */
    public void endOutput() {
        var unused = Libc.call(Libc.symbol("shutdown"), fd, Abi.SHUT_WR); // ENOTCONN: it is gone, and knows
    }

    @Override
    public void close() {
        FileDescriptors.close(fd);
    }
}
