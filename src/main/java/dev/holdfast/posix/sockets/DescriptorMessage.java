package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.files.FileDescriptors;

/**
 * Bytes with descriptors, as they travel over a Unix stream socket. Never blocks. Not safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SCM_RIGHTS</a>
 */
public final class DescriptorMessage {
    /** More than these are never taken: the kernel closes what there is no room for. */
    public static final int MOST_DESCRIPTORS = 64;

    private static final int VECTOR = Abi.SIZEOF_MSGHDR;
    private static final int CONTROL = VECTOR + Abi.SIZEOF_IOVEC;
    private static final int CONTROL_SIZE = Abi.SIZEOF_CMSGHDR + MOST_DESCRIPTORS * Integer.BYTES;
    private static final int DATA = CONTROL + CONTROL_SIZE;

    private final int length;
    private final int[] descriptors;

    private DescriptorMessage(int length, int[] descriptors) {
        this.length = length;
        this.descriptors = descriptors;
    }

    /**
     * Receives what is there.
     *
     * @param socket the socket's descriptor
     * @param into where the bytes go
     * @param from the first index
     * @return how many came, and what with them
     */
    public static DescriptorMessage receive(int socket, byte[] into, int from) {
        int most = into.length - from;
        try (NativeBuffer memory = message(most, CONTROL_SIZE)) {
            int count = (int) Libc.call(
                    Libc.symbol("recvmsg"), socket, memory.address(), Abi.MSG_DONTWAIT | Abi.MSG_CMSG_CLOEXEC);
            if (count < 0) {
                int errno = Libc.errno();
                return new DescriptorMessage(errno == Errno.EAGAIN || errno == Errno.EINTR ? 0 : -1, new int[0]);
            }
            System.arraycopy(memory.getBytes(DATA, count), 0, into, from, count);
            return new DescriptorMessage(count == 0 ? -1 : count, descriptors(memory));
        }
    }

    private static int[] descriptors(NativeBuffer memory) {
        boolean isOne = memory.getLong(Abi.MSGHDR_CONTROL_LENGTH_AT) >= Abi.SIZEOF_CMSGHDR
                && memory.getInt(CONTROL + Abi.CMSGHDR_LEVEL_AT) == Abi.SOL_SOCKET
                && memory.getInt(CONTROL + Abi.CMSGHDR_TYPE_AT) == Abi.SCM_RIGHTS;
        long bytes = isOne ? memory.getLong(CONTROL) - Abi.SIZEOF_CMSGHDR : 0;
        int[] received = new int[(int) Math.max(0, Math.min(MOST_DESCRIPTORS, bytes / Integer.BYTES))];
        for (int i = 0; i < received.length; i++) {
            received[i] = memory.getInt(CONTROL + Abi.SIZEOF_CMSGHDR + i * Integer.BYTES);
        }
        return received;
    }

    /**
     * Sends bytes and, with the first of them, descriptors.
     *
     * @param socket the socket's descriptor
     * @param bytes what to send
     * @param descriptors what goes with it, {@link #MOST_DESCRIPTORS} at the most; they stay open here
     * @return whether the kernel took all of it
     */
    public static boolean send(int socket, byte[] bytes, int... descriptors) {
        int controlSize = Abi.SIZEOF_CMSGHDR + descriptors.length * Integer.BYTES;
        try (NativeBuffer memory = message(bytes.length, controlSize)) {
            memory.putBytes(DATA, bytes);
            memory.putLong(CONTROL, controlSize);
            memory.putInt(CONTROL + Abi.CMSGHDR_LEVEL_AT, Abi.SOL_SOCKET);
            memory.putInt(CONTROL + Abi.CMSGHDR_TYPE_AT, Abi.SCM_RIGHTS);
            for (int i = 0; i < descriptors.length; i++) {
                memory.putInt(CONTROL + Abi.SIZEOF_CMSGHDR + i * Integer.BYTES, descriptors[i]);
            }
            int flags = Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL;
            return (int) Libc.call(Libc.symbol("sendmsg"), socket, memory.address(), flags) == bytes.length;
        }
    }

    private static NativeBuffer message(int bytes, int controlSize) {
        NativeBuffer memory = NativeBuffer.allocate(DATA + Math.max(1, bytes));
        memory.putLong(Abi.MSGHDR_VECTOR_AT, memory.address() + VECTOR);
        memory.putLong(Abi.MSGHDR_VECTORS_AT, 1);
        memory.putLong(Abi.MSGHDR_CONTROL_AT, memory.address() + CONTROL);
        memory.putLong(Abi.MSGHDR_CONTROL_LENGTH_AT, controlSize);
        memory.putLong(VECTOR, memory.address() + DATA);
        memory.putLong(VECTOR + Abi.IOVEC_LENGTH_AT, bytes);
        return memory;
    }

    /** How many bytes came; 0 when none are there now, -1 when no more will come. */
    public int length() {
        return length;
    }

    /** What came with them, closed on exec. Whoever received them closes them. */
    public int[] descriptors() {
        return descriptors.clone();
    }

    /** Closes descriptors that nobody asked for. */
    public static void close(int... descriptors) {
        for (int fd : descriptors) {
            FileDescriptors.close(fd);
        }
    }
}
