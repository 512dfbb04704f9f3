package dev.holdfast.posix.processes;

import java.util.Arrays;

/**
 * When the processes of one walk over all of them began. Of one that is still the same, the next walk need not ask again.
 *
 * <p>A process is known by its pid and by the inode of its folder in {@code /proc}. The kernel binds that inode to the
 * process, and whoever gets the pid afterwards gets an inode of its own, with the next number of 2^32; so does the same
 * process when its inode was dropped for want of memory, and is asked again. Where a system numbers these folders anew
 * each time, nobody is known.
 *
 * <p>Not safe for use by many threads; once it is filled, it is.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid.5.html">proc_pid(5)</a>
 */
final class KnownStarts {
    /** Later than anything began. */
    static final long UNKNOWN = Long.MAX_VALUE;

    static final KnownStarts NONE = new KnownStarts();

    private static final int ENTRIES_AT_FIRST = 128;

    private int[] pids = new int[0];
    private long[] inodes = new long[0];
    private long[] ticks = new long[0];
    private int count;

    /**
     * Adds a process. To be called in the order of the pids, which is the kernel's; one that comes out of it is left out.
     *
     * @param startTicks when it began: of the process that has the pid after its inode was asked for
     */
    void add(int pid, long inode, long startTicks) {
        if (count > 0 && pids[count - 1] >= pid) {
            return;
        }
        if (count == pids.length) {
            int room = Math.max(ENTRIES_AT_FIRST, 2 * count);
            pids = Arrays.copyOf(pids, room);
            inodes = Arrays.copyOf(inodes, room);
            ticks = Arrays.copyOf(ticks, room);
        }
        pids[count] = pid;
        inodes[count] = inode;
        ticks[count] = startTicks;
        count++;
    }

    /**
     * When a process began.
     *
     * @param inode of its folder, as it is now
     * @return clock ticks since boot; never before it really began; {@link #UNKNOWN} when it is another one
     */
    long startOf(int pid, long inode) {
        int at = Arrays.binarySearch(pids, 0, count, pid);
        return at >= 0 && inodes[at] == inode ? ticks[at] : UNKNOWN;
    }
}
