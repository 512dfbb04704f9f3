package dev.holdfast.posix;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What {@code /proc/net} tells of the sockets of this network namespace. Every answer may be outdated when it arrives.
 *
 * <p>Never blocks. Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_net.5.html">proc_pid_net(5)</a>
 */
public final class SocketTables {
    /** Columns and states of proc_pid_net(5), tcp. */
    private static final int TCP_INODE = 9;

    private static final String TCP_LISTEN = "0A";

    private SocketTables() {}

    /**
     * The inode of a name in the abstract socket namespace, unix(7).
     *
     * @param name the name, without the leading NUL
     * @return its inode; empty when nobody has bound it
     */
    public static OptionalLong abstractSocketInode(String name) {
        byte[] table = ProcFs.bytesIfAny("/proc/net/unix");
        if (table == null) {
            return OptionalLong.empty();
        }
        for (String line : new String(table, StandardCharsets.UTF_8).split("\n")) {
            if (line.endsWith(" @" + name)) {
                String[] fields = line.trim().split("\\s+");
                return OptionalLong.of(Long.parseLong(fields[6]));
            }
        }
        return OptionalLong.empty();
    }

    /**
     * The sockets of this network namespace that listen on a TCP port, whatever the address.
     *
     * @param port the port
     * @return their inodes; empty when nobody listens
     */
    public static Set<Long> listeningSockets(int port) {
        Set<Long> inodes = new HashSet<>();
        String local = String.format(":%04X", port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            byte[] bytes = ProcFs.bytesIfAny(table);
            if (bytes == null) {
                continue;
            }
            for (String line : new String(bytes, StandardCharsets.US_ASCII).split("\n")) {
                String[] fields = line.trim().split("\\s+");
                if (fields.length > TCP_INODE && fields[1].endsWith(local) && fields[3].equals(TCP_LISTEN)) {
                    inodes.add(Long.parseLong(fields[TCP_INODE]));
                }
            }
        }
        return inodes;
    }
}
