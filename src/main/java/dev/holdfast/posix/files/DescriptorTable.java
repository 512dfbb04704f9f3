package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;

/**
 * The table of descriptors, which the kernel makes larger when a number beyond its end is used. While several threads have the
 * same table, it then waits for all processors (synchronize_rcu() in its file.c), 5 to 20 ms.
 */
public final class DescriptorTable {
    /** A range in which there is no descriptor. */
    private static final long NONE = 0xffff_ffffL;

    private DescriptorTable() {}

    /**
     * Gives the calling thread a table of its own, with all that is open, for a thread that is about to replace the process:
     * from now on, what it opens or closes is not opened or closed for the others. What it closes may so be open until the
     * process ends.
     *
     * <p>Never blocks. Before Linux 5.9, and where a sandbox refuses it, nothing is done, and a copy with a high number takes
     * its time.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/close_range.2.html">close_range(2)</a>
     */
    public static void separate() {
        var unused = Libc.systemCall(Abi.SYS_CLOSE_RANGE, NONE, NONE, Abi.CLOSE_RANGE_UNSHARE, 0);
    }
}
