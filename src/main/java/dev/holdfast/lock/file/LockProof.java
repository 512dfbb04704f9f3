package dev.holdfast.lock.file;

import java.util.StringTokenizer;

/**
 * What the kernel says of one open file description in {@code /proc/PID/fdinfo/FD}: whether it carries the launcher's
 * lock, and not just any lock. Anybody who may open the file can have a shared flock(2) and a read lock on some byte of
 * it; both exclusive ones, on this very byte, only one description can have.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html">proc_pid_fdinfo(5), "lock"</a>
 */
final class LockProof {
    private static final String FLOCK = "FLOCK";
    private static final String BYTE_LOCK = "OFDLCK";
    private static final String EXCLUSIVE = "WRITE";
    private static final String TO_THE_END = "EOF";

    private LockProof() {}

    /** Whether the description holds: flock(2), exclusive, and the write lock on exactly the byte that means "held". */
    static boolean isHeld(String info) {
        return has(info, FLOCK, 0, TO_THE_END) && isByteHeld(info, OpenLockFile.HELD_BYTE);
    }

    /** Whether its holder has not written its record yet. */
    static boolean isStarting(String info) {
        return isByteHeld(info, OpenLockFile.STARTING_BYTE);
    }

    /**
     * Whether the list of all locks says the same of a file, and that a certain process took the flock(2). Locks of a
     * description have no owner in it.
     *
     * @param list {@code /proc/locks}; a process that waits for a lock has an arrow before the type, and does not count
     * @param device of the file's mount, as in {@link dev.holdfast.posix.files.FileStatus#device}
     */
    static boolean isListed(String list, long device, long inode, int pid) {
        String place = String.format("%02x:%02x:%d", device >>> 32, device & 0xffffffffL, inode);
        boolean isTaken = false;
        boolean isByteHeld = false;
        for (String line : list.split("\n")) {
            String[] words = line.trim().split(" +");
            if (words.length == 8 && words[3].equals(EXCLUSIVE) && words[5].equals(place) && words[6].equals("0")) {
                isTaken |=
                        words[1].equals(FLOCK) && words[4].equals(Integer.toString(pid)) && words[7].equals(TO_THE_END);
                isByteHeld |= words[1].equals(BYTE_LOCK) && words[7].equals("0");
            }
        }
        return isTaken && isByteHeld;
    }

    private static boolean isByteHeld(String info, long position) {
        return has(info, BYTE_LOCK, position, Long.toString(position));
    }

    /**
     * A line is, as in {@code lock: 1: FLOCK ADVISORY WRITE 4711 08:01:815 0 EOF}, all of these words in this order.
     */
    private static boolean has(String info, String type, long first, String last) {
        int from = 0;
        while (from < info.length()) {
            int end = info.indexOf('\n', from);
            end = end < 0 ? info.length() : end;
            if (info.startsWith("lock:", from)) {
                StringTokenizer words = new StringTokenizer(info.substring(from, end));
                if (words.countTokens() == 9 && isLine(words, type, first, last)) {
                    return true;
                }
            }
            from = end + 1;
        }
        return false;
    }

    private static boolean isLine(StringTokenizer words, String type, long first, String last) {
        words.nextToken(); // lock:
        words.nextToken(); // its number in the list
        boolean isType = words.nextToken().equals(type);
        words.nextToken(); // advisory, always
        boolean isExclusive = words.nextToken().equals(EXCLUSIVE);
        words.nextToken(); // whoever took it, dead or alive; -1 for a description's own
        words.nextToken(); // the file, which the caller has compared
        boolean isRange = words.nextToken().equals(Long.toString(first))
                && words.nextToken().equals(last);
        return isType && isExclusive && isRange;
    }
}
