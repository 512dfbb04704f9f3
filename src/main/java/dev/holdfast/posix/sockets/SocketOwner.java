package dev.holdfast.posix.sockets;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Whose a Unix socket is, by the kernel's word, whatever pid namespace its process lives in.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sock_diag.7.html">sock_diag(7), unix_diag_req</a>
 */
public final class SocketOwner {
    private static final int REQUEST_SIZE = Abi.SIZEOF_NLMSGHDR + Abi.SIZEOF_UNIX_DIAG_REQ;

    private static final int ANSWER_SIZE = 1024;

    private SocketOwner() {}

    /**
     * The user who made a socket that has a certain name.
     *
     * @param inode the socket's, as {@code /proc/net/unix} tells it
     * @param name its name in the abstract socket namespace, without the leading NUL
     * @return the user id, as this user namespace has it; empty when there is no such socket, or when the kernel does not
     *     tell: before 5.3, without its diagnosis module, or where a sandbox forbids it
     */
    public static OptionalInt of(long inode, String name) {
        return uid(inode, '\0' + name);
    }

    /**
     * Whether the kernel tells whose a socket is, seen at one of this process's own.
     *
     * @return false where an empty answer of {@link #of} means nothing
     */
    public static boolean isTold() {
        int fd = (int) Libc.call(Libc.symbol("socket"), Abi.AF_UNIX, Abi.SOCK_DGRAM | Abi.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return false;
        }
        try {
            return uid(FileStatus.ofDescriptor(fd).inode(), "").isPresent();
        } finally {
            FileDescriptors.close(fd);
        }
    }

    /** The name as the kernel has it; empty for a socket without one. */
    private static OptionalInt uid(long inode, String name) {
        int fd = (int) Libc.call(
                Libc.symbol("socket"), Abi.AF_NETLINK, Abi.SOCK_DGRAM | Abi.SOCK_CLOEXEC, Abi.NETLINK_SOCK_DIAG);
        if (fd < 0) {
            return OptionalInt.empty();
        }
        try (NativeBuffer request = NativeBuffer.allocate(REQUEST_SIZE);
                NativeBuffer answer = NativeBuffer.allocate(ANSWER_SIZE)) {
            request.putInt(0, REQUEST_SIZE);
            request.putShort(Abi.NLMSGHDR_TYPE_AT, Abi.SOCK_DIAG_BY_FAMILY);
            request.putShort(Abi.NLMSGHDR_FLAGS_AT, Abi.NLM_F_REQUEST);
            request.putShort(Abi.SIZEOF_NLMSGHDR, Abi.AF_UNIX);
            request.putInt(Abi.SIZEOF_NLMSGHDR + Abi.UNIX_DIAG_REQ_STATES_AT, -1); // whatever its state is
            request.putInt(Abi.SIZEOF_NLMSGHDR + Abi.UNIX_DIAG_REQ_INODE_AT, (int) inode);
            request.putInt(Abi.SIZEOF_NLMSGHDR + Abi.UNIX_DIAG_REQ_SHOW_AT, Abi.UDIAG_SHOW_NAME | Abi.UDIAG_SHOW_UID);
            request.putInt(Abi.SIZEOF_NLMSGHDR + Abi.UNIX_DIAG_REQ_COOKIE_AT, -1); // no cookie
            request.putInt(Abi.SIZEOF_NLMSGHDR + Abi.UNIX_DIAG_REQ_COOKIE_AT + Integer.BYTES, -1);
            if (Libc.call(Libc.symbol("send"), fd, request.address(), REQUEST_SIZE, 0) != REQUEST_SIZE) {
                return OptionalInt.empty();
            }
            // The kernel answers within the send; it never makes us wait.
            int length = (int) Libc.call(Libc.symbol("recv"), fd, answer.address(), ANSWER_SIZE, Abi.MSG_DONTWAIT);
            return uidIn(answer, length, name);
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static OptionalInt uidIn(NativeBuffer answer, int length, String name) {
        OptionalInt uid = OptionalInt.empty();
        boolean isNamed = name.isEmpty();
        int at = Abi.SIZEOF_NLMSGHDR + Abi.SIZEOF_UNIX_DIAG_MSG;
        boolean isSocket = length > at && (short) answer.getInt(Abi.NLMSGHDR_TYPE_AT) == Abi.SOCK_DIAG_BY_FAMILY;
        while (isSocket && at + 8 <= length) {
            int size = answer.getInt(at) & 0xffff;
            int kind = answer.getInt(at) >>> 16;
            if (size < Abi.SIZEOF_NLATTR || at + size > length) {
                return OptionalInt.empty();
            }
            if (kind == Abi.UNIX_DIAG_UID) {
                uid = OptionalInt.of(answer.getInt(at + Abi.SIZEOF_NLATTR));
            } else if (kind == Abi.UNIX_DIAG_NAME) {
                byte[] bytes = answer.getBytes(at + Abi.SIZEOF_NLATTR, size - Abi.SIZEOF_NLATTR);
                isNamed = name.equals(new String(bytes, StandardCharsets.UTF_8));
            }
            at += (size + 3) & ~3;
        }
        return isNamed ? uid : OptionalInt.empty();
    }
}
