package dev.holdfast.posix.sockets;

import dev.holdfast.posix.files.FileDescriptors;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Whose the other end of a TCP connection is, where that end is in this network namespace: loopback, as a rule.
 *
 * <p>Only a socket that a process still has tells its user. One that was closed while data is on its way stays in the table
 * for a while as root's, with inode 0: it tells nothing, or whoever closes at once would be taken for root. In a user
 * namespace, all users whom that does not know have one number, which tells nothing there, either. Never blocks. Safe for use
 * by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_net.5.html">proc_pid_net(5), tcp</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7), unmapped user IDs</a>
 */
public final class TcpPeer {
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int USER = 7;
    private static final int INODE = 9;
    /** The kernel may pass over a line when others come and go while the table is read. */
    private static final int LOOKS = 3;
    /** An IPv4 address in an IPv6 one, without itself. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private static final String OVERFLOW = "/proc/sys/kernel/overflowuid";
    /** How many there are. The first namespace of a machine has a map of all. */
    private static final String ALL_USERS = " 4294967295";

    private TcpPeer() {}

    /**
     * The user who has the other end.
     *
     * @param peer its address, of four or sixteen bytes
     * @param own the address of this end, of as many
     * @return the user id; empty when that end is elsewhere, or was closed, or its user has no number here
     */
    public static OptionalInt user(byte[] peer, int peerPort, byte[] own, int ownPort) {
        String local = name(peer, peerPort);
        String remote = name(own, ownPort);
        for (int look = 0; look < LOOKS; look++) {
            OptionalInt user = peer.length == 4 ? in(table("/proc/net/tcp"), local, remote) : OptionalInt.empty();
            if (user.isEmpty()) {
                String mapped = peer.length == 4 ? MAPPED : "";
                user = in(table("/proc/net/tcp6"), mapped + local, mapped + remote);
            }
            if (user.isPresent()) {
                boolean isTold = isTold(user.getAsInt(), table(OVERFLOW), table("/proc/self/uid_map"));
                return isTold ? user : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    /** The number of all whom a user namespace does not know may be that of one whom it knows. */
    static boolean isTold(int user, String overflow, String map) {
        boolean isOfAll = map.trim().split("\\s+", -1)[0].equals("0") && map.contains(ALL_USERS);
        return isOfAll || !Integer.toUnsignedString(user).equals(overflow.trim());
    }

    /** Empty, too, where the line is of a socket that no process has any more. */
    static OptionalInt in(String table, String local, String remote) {
        int at = table.indexOf(" " + local + " " + remote + " ");
        if (at < 0) {
            return OptionalInt.empty();
        }
        int begin = table.lastIndexOf('\n', at) + 1;
        int end = table.indexOf('\n', at);
        String[] fields =
                table.substring(begin, end < 0 ? table.length() : end).trim().split("\\s+", -1);
        boolean isOwned = fields.length > INODE
                && fields[LOCAL].equals(local)
                && fields[REMOTE].equals(remote)
                && !fields[INODE].equals("0");
        return isOwned ? OptionalInt.of(Integer.parseUnsignedInt(fields[USER])) : OptionalInt.empty();
    }

    private static String table(String path) {
        byte[] bytes = FileDescriptors.contentsOf(path);
        return bytes == null ? "" : new String(bytes, StandardCharsets.US_ASCII);
    }

    /** As these tables have it: words of four bytes, each in the machine's order. */
    static String name(byte[] address, int port) {
        StringBuilder text = new StringBuilder();
        boolean isLittle = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        for (int word = 0; word < address.length; word += Integer.BYTES) {
            for (int i = 0; i < Integer.BYTES; i++) {
                text.append(String.format("%02X", address[word + (isLittle ? 3 - i : i)]));
            }
        }
        return text.append(String.format(":%04X", port)).toString();
    }
}
