package dev.holdfast.posix.files;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is mounted in this mount namespace.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">proc_pid_mountinfo(5)</a>
 */
public final class MountTable {
    private MountTable() {}

    /**
     * A line of the table.
     *
     * @param device the device of the files in it, as in {@link FileStatus#device}
     * @param folder where it is, as the table writes it
     * @param type the file system's name, such as {@code ext4} or {@code fuse.sshfs}
     * @param options the file system's own options, with commas
     */
    public record Mount(long device, String folder, String type, String options) {
        /**
         * The value of an option.
         *
         * @param name such as {@code lowerdir}
         * @return the value; empty when there is none
         */
        public String option(String name) {
            for (String option : options.split(",")) {
                if (option.startsWith(name + "=")) {
                    return option.substring(name.length() + 1);
                }
            }
            return "";
        }
    }

    /** All mounts that this process sees, in the table's order; empty when it cannot be read. */
    public static List<Mount> all() {
        byte[] table = FileDescriptors.contentsOf("/proc/self/mountinfo");
        List<Mount> mounts = new ArrayList<>();
        if (table != null) {
            for (String line : new String(table, StandardCharsets.UTF_8).split("\n")) {
                // 36 35 98:0 /root /folder rw,noatime master:1 - ext3 /dev/root rw,errors=continue
                String[] fields = line.split(" ");
                int dash = 6;
                while (dash < fields.length && !fields[dash].equals("-")) {
                    dash++;
                }
                if (dash + 3 < fields.length) {
                    mounts.add(new Mount(device(fields[2]), fields[4], fields[dash + 1], fields[dash + 3]));
                }
            }
        }
        return mounts;
    }

    /**
     * The name of the file system with a device.
     *
     * @param device as in {@link FileStatus#device}
     * @return such as {@code ext4}; empty when it is not in the table
     */
    public static String typeOf(long device) {
        for (Mount mount : all()) {
            if (mount.device() == device) {
                return mount.type();
            }
        }
        return "";
    }

    /**
     * The device of the file system behind a descriptor, as {@code /proc/locks} writes it; that of {@link FileStatus}
     * is another one where a file system has several (btrfs).
     *
     * @return as in {@link FileStatus#device}; empty when it cannot be told
     */
    public static OptionalLong deviceBehind(int fd) {
        byte[] facts = FileDescriptors.contentsOf("/proc/self/fdinfo/" + fd);
        String info = facts == null ? "" : new String(facts, StandardCharsets.ISO_8859_1);
        int at = info.indexOf("mnt_id:");
        int end = at < 0 ? -1 : info.indexOf('\n', at);
        byte[] table = FileDescriptors.contentsOf("/proc/self/mountinfo");
        if (end < 0 || table == null) {
            return OptionalLong.empty();
        }
        String start = info.substring(at + "mnt_id:".length(), end).trim() + " ";
        for (String line : new String(table, StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith(start)) {
                return OptionalLong.of(device(line.split(" ")[2]));
            }
        }
        return OptionalLong.empty();
    }

    private static long device(String majorAndMinor) {
        int colon = majorAndMinor.indexOf(':');
        return Long.parseLong(majorAndMinor.substring(0, colon)) << 32
                | Long.parseLong(majorAndMinor.substring(colon + 1));
    }
}
