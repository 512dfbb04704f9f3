package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;

/**
 * newfstatat(2), with its answer in the form of statx(2)'s: for seccomp profiles that are older than that and refuse it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/stat.2.html">stat(2)</a>
 */
final class OlderStat {
    private OlderStat() {}

    /** As statx(2): 0, or -1 and the error's number is set. */
    static int ask(int fd, NativeBuffer name, int flags, NativeBuffer answer) {
        try (NativeBuffer stat = NativeBuffer.allocate(Abi.SIZEOF_STAT)) {
            if ((int) Libc.systemCall(Abi.SYS_NEWFSTATAT, fd, name.address(), stat.address(), flags) != 0) {
                return -1;
            }
            long device = stat.getLong(0);
            answer.putInt(Abi.STATX_DEVICE_MAJOR_AT, major(device));
            answer.putInt(Abi.STATX_DEVICE_MINOR_AT, minor(device));
            answer.putLong(Abi.STATX_INODE_AT, stat.getLong(Abi.STAT_INODE_AT));
            answer.putShort(Abi.STATX_MODE_AT, stat.getShort(Abi.STAT_MODE_AT));
            answer.putInt(Abi.STATX_LINKS_AT, stat.getInt(Abi.STAT_LINKS_AT));
            answer.putInt(Abi.STATX_UID_AT, stat.getInt(Abi.STAT_UID_AT));
            answer.putInt(Abi.STATX_GID_AT, stat.getInt(Abi.STAT_GID_AT));
            answer.putLong(Abi.STATX_SIZE_AT, stat.getLong(Abi.STAT_SIZE_AT));
            answer.putLong(Abi.STATX_MODIFIED_AT, stat.getLong(Abi.STAT_MODIFIED_AT));
            return 0;
        }
    }

    /** As makedev(3) has put it together. */
    private static int major(long device) {
        return (int) ((device >>> 32 & 0xfffff000L) | (device >>> 8 & 0xfff));
    }

    private static int minor(long device) {
        return (int) ((device >>> 12 & 0xffffff00L) | (device & 0xff));
    }
}
