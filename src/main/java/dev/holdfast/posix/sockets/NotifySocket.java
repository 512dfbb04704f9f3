package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The datagram socket of the sd_notify protocol: receives what a server tells of itself, with the sender's identity
 * from the kernel, and sends to the one of a manager above.
 *
 * <p>Bound to an abstract name, so that it leaves no file behind. Not safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/sd_notify.3.html">sd_notify(3)</a>
 */
public final class NotifySocket implements AutoCloseable {
    /** Longer messages are against the protocol and are dropped. */
    private static final int LONGEST_MESSAGE = 4096;

    private static final int MOST_DROPPED = 64;

    private static final int VECTOR = Abi.SIZEOF_MSGHDR;
    private static final int CONTROL = VECTOR + Abi.SIZEOF_IOVEC;
    private static final int CONTROL_SIZE = 32;
    private static final int TEXT = CONTROL + CONTROL_SIZE;

    private final int fd;
    private final String address;
    /** Made at the first message: most servers never send one. */
    private @Nullable NativeBuffer buffer;

    private NotifySocket(int fd, String address) {
        this.fd = fd;
        this.address = address;
    }

    /**
     * A datagram.
     *
     * @param text what it says
     * @param senderPid by the kernel; 0 in another pid namespace
     * @param senderUid by the kernel
     */
    public record Message(String text, int senderPid, int senderUid) {}

    /**
     * A new datagram socket, whose messages tell who has sent them.
     *
     * @param name its abstract name
     * @return the socket; empty when the name is taken, or sockets are forbidden here
     */
    public static Optional<NotifySocket> bind(String name) {
        OptionalInt bound;
        try {
            bound = AbstractSocket.bind(name);
        } catch (PosixException e) {
            return Optional.empty();
        }
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        int fd = bound.getAsInt();
        try (NativeBuffer on = NativeBuffer.allocate(Integer.BYTES)) {
            on.putInt(0, 1);
            boolean isSet = (int) Libc.call(
                            Libc.symbol("setsockopt"), fd, Abi.SOL_SOCKET, Abi.SO_PASSCRED, on.address(), Integer.BYTES)
                    == 0;
            if (!isSet) {
                // Without the sender's credentials no message could be believed.
                FileDescriptors.close(fd);
                return Optional.empty();
            }
        }
        return Optional.of(new NotifySocket(fd, "@" + name));
    }

    /**
     * What {@code NOTIFY_SOCKET} is to say.
     *
     * @return the name, with {@code @} for the NUL in front
     */
    public String address() {
        return address;
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
     * Takes the next message. Descriptors that come with it are closed, which is what {@code BARRIER=1} waits for.
     * Never blocks.
     *
     * @return the message; null when none waits, or many came that are against the protocol
     */
    public @Nullable Message next() {
        NativeBuffer memory = buffer;
        if (memory == null) {
            memory = NativeBuffer.allocate(TEXT + LONGEST_MESSAGE);
            buffer = memory;
        }
        // Anybody may send here without end what is too long: not this loop's, but the caller's next turn.
        for (int dropped = 0; dropped < MOST_DROPPED; dropped++) {
            prepare(memory);
            int length = (int)
                    Libc.call(Libc.symbol("recvmsg"), fd, memory.address(), Abi.MSG_DONTWAIT | Abi.MSG_CMSG_CLOEXEC);
            if (length < 0) {
                return null;
            }
            boolean complete = (memory.getInt(Abi.MSGHDR_FLAGS_AT) & Abi.MSG_TRUNC) == 0;
            boolean hasSender = memory.getLong(Abi.MSGHDR_CONTROL_LENGTH_AT) >= CONTROL_SIZE - 4
                    && memory.getInt(CONTROL + Abi.CMSGHDR_LEVEL_AT) == Abi.SOL_SOCKET
                    && memory.getInt(CONTROL + Abi.CMSGHDR_TYPE_AT) == Abi.SCM_CREDENTIALS;
            if (complete && hasSender) {
                String text = new String(memory.getBytes(TEXT, length), StandardCharsets.UTF_8);
                return new Message(
                        text,
                        memory.getInt(CONTROL + Abi.SIZEOF_CMSGHDR),
                        memory.getInt(CONTROL + Abi.SIZEOF_CMSGHDR + Integer.BYTES));
            }
        }
        return null;
    }

    private static void prepare(NativeBuffer memory) {
        memory.putLong(0, 0); // msg_name
        memory.putLong(8, 0);
        memory.putLong(Abi.MSGHDR_VECTOR_AT, memory.address() + VECTOR);
        memory.putLong(Abi.MSGHDR_VECTORS_AT, 1);
        memory.putLong(Abi.MSGHDR_CONTROL_AT, memory.address() + CONTROL);
        memory.putLong(Abi.MSGHDR_CONTROL_LENGTH_AT, CONTROL_SIZE);
        memory.putLong(Abi.MSGHDR_FLAGS_AT, 0);
        memory.putLong(VECTOR, memory.address() + TEXT);
        memory.putLong(VECTOR + Abi.IOVEC_LENGTH_AT, LONGEST_MESSAGE);
    }

    /**
     * Sends a message to a manager above. Never blocks.
     *
     * @param address as in {@code NOTIFY_SOCKET}: a path, or a name with {@code @} in front
     * @param text what to say
     * @return 0, or the error number
     */
    public static int send(String address, String text) {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > Abi.LONGEST_UNIX_NAME || (name[0] != '/' && name[0] != '@')) {
            return Errno.EINVAL;
        }
        int socket = (int) Libc.call(Libc.symbol("socket"), Abi.AF_UNIX, Abi.SOCK_DGRAM | Abi.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            return Libc.errno();
        }
        try (NativeBuffer target = NativeBuffer.allocate(2 + name.length);
                NativeBuffer message = NativeBuffer.allocate(bytes.length + 1)) {
            target.putShort(0, Abi.AF_UNIX);
            if (name[0] == '@') {
                name[0] = 0;
            }
            target.putBytes(2, name);
            message.putBytes(0, bytes);
            long sent = Libc.call(
                    Libc.symbol("sendto"),
                    socket,
                    message.address(),
                    bytes.length,
                    Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL,
                    target.address(),
                    2 + name.length);
            return sent < 0 ? Libc.errno() : 0;
        } finally {
            FileDescriptors.close(socket);
        }
    }

    @Override
    public void close() {
        FileDescriptors.close(fd);
        if (buffer != null) {
            buffer.close();
        }
    }
}
