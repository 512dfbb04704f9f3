package dev.holdfast.posix.sockets;

import dev.holdfast.posix.files.FileDescriptors;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /proc/net} says about the sockets of this network namespace. Every answer may be outdated when it arrives.
 *
 * <p>Never blocks. Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_net.5.html">proc_pid_net(5)</a>
 */
public final class SocketTables {
    /** Columns and states of proc_pid_net(5), tcp. */
    private static final int TCP_INODE = 9;

    private static final String TCP_LISTEN = "0A";

    /** An IPv4 address in an IPv6 one, without itself. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private SocketTables() {}

    /**
     * The sockets that seem to have a name in the abstract socket namespace, unix(7). The table has the names as they
     * are: anybody can bind one with a newline in it, and with what looks like another line behind that. {@link
     * SocketOwner} tells which one it is.
     *
     * @param name the name, without the leading NUL
     * @return inodes, the right one among them; empty when nobody has bound it
     */
    public static List<Long> abstractSocketInodes(String name) {
        List<Long> inodes = new ArrayList<>(1);
        byte[] table = FileDescriptors.contentsOf("/proc/net/unix");
        if (table == null) {
            return inodes;
        }
        for (String line : new String(table, StandardCharsets.ISO_8859_1).split("\n")) {
            Matcher matcher = line.endsWith(" @" + name) ? UnixLine.PATTERN.matcher(line) : null;
            if (matcher != null && matcher.find()) {
                inodes.add(Long.parseLong(matcher.group(1)));
            }
        }
        return inodes;
    }

    /**
     * The names in the abstract socket namespace that begin in a certain way, as far as the table can be believed: see
     * {@link #abstractSocketInodes}.
     *
     * @param prefix their beginning, without the leading NUL
     * @return what follows it in each
     */
    public static Set<String> abstractSocketNames(String prefix) {
        Set<String> names = new LinkedHashSet<>();
        byte[] table = FileDescriptors.contentsOf("/proc/net/unix");
        String text = table == null ? "" : new String(table, StandardCharsets.ISO_8859_1);
        String start = " @" + prefix;
        for (int at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
            int end = text.indexOf('\n', at);
            names.add(text.substring(at + start.length(), end < 0 ? text.length() : end));
        }
        return names;
    }

    /**
     * The sockets of this network namespace that a connection to one of its addresses reaches.
     *
     * @param address the address, of four or sixteen bytes
     * @return the inodes of those that listen on this very address, or, when none does, on all; empty when nobody listens
     */
    public static Set<Long> listeningSockets(byte[] address, int port) {
        boolean isShort = address.length == 4;
        String own = hexadecimal(address);
        Set<Long> exact = new HashSet<>();
        Set<Long> onAll = new HashSet<>();
        if (isShort) {
            exact.addAll(listening("/proc/net/tcp", own, port));
            exact.addAll(listening("/proc/net/tcp6", MAPPED + own, port));
            onAll.addAll(listening("/proc/net/tcp", "0".repeat(8), port));
        } else {
            exact.addAll(listening("/proc/net/tcp6", own, port));
        }
        onAll.addAll(listening("/proc/net/tcp6", "0".repeat(32), port));
        return exact.isEmpty() ? onAll : exact;
    }

    /** As these tables have it: words of four bytes, each in the machine's order. */
    private static String hexadecimal(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < address.length; word += 4) {
            for (int i = 0; i < 4; i++) {
                boolean isLittle = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
                text.append(String.format("%02X", address[word + (isLittle ? 3 - i : i)]));
            }
        }
        return text.toString();
    }

    /**
     * The sockets of this network namespace that listen on a TCP port, whatever the address.
     *
     * @return their inodes; empty when nobody listens
     */
    public static Set<Long> listeningSockets(int port) {
        Set<Long> inodes = new HashSet<>(listening("/proc/net/tcp", "", port));
        inodes.addAll(listening("/proc/net/tcp6", "", port));
        return inodes;
    }

    /** On an address as the table has it; on any when that is empty. */
    private static Set<Long> listening(String table, String address, int port) {
        Set<Long> inodes = new HashSet<>();
        byte[] bytes = FileDescriptors.contentsOf(table);
        if (bytes == null) {
            return inodes;
        }
        String local = address + String.format(":%04X", port);
        for (String line : new String(bytes, StandardCharsets.US_ASCII).split("\n")) {
            String[] fields = line.trim().split("\\s+");
            boolean isThere = fields.length > TCP_INODE
                    && fields[3].equals(TCP_LISTEN)
                    && (address.isEmpty() ? fields[1].endsWith(local) : fields[1].equals(local));
            if (isThere) {
                inodes.add(Long.parseLong(fields[TCP_INODE]));
            }
        }
        return inodes;
    }

    /** A class of its own: most look-ups find no line, and need no regular expression. */
    private static final class UnixLine {
        /** Address, references, protocol, flags, type, state, inode, and whatever the name is. */
        static final Pattern PATTERN = Pattern.compile("^[0-9A-Fa-f]+:(?: +[0-9A-Fa-f]+){5} +([0-9]{1,18}) ");

        private UnixLine() {}
    }
}
