package dev.holdfast.posix.processes;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * The time namespace that this process lives in.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/time_namespaces.7.html">time_namespaces(7)</a>
 */
final class TimeNamespace {
    private static final long UNKNOWN = Long.MIN_VALUE;

    /** Asked once: what a process is started in stays its time namespace. */
    private static volatile long known = UNKNOWN;

    private TimeNamespace() {}

    /**
     * How far the boot time clock of this process's time namespace is ahead of the machine's. The kernel adds it to
     * every start time that it shows here: without that two observers in two namespaces would see two start times of
     * one process.
     *
     * @return clock ticks, as a rule 0
     */
    static long ticks() {
        long ticks = known;
        if (ticks == UNKNOWN) {
            ticks = read();
            known = ticks;
        }
        return ticks;
    }

    private static long read() {
        byte[] offsets = FileDescriptors.contentsOf("/proc/self/timens_offsets");
        long ticks = offsets == null ? 0 : parseBootOffset(new String(offsets, StandardCharsets.ISO_8859_1));
        // The file names the namespace of the children, which a process may have made without being in it.
        return ticks != 0 && isOfChildren() ? ticks : 0;
    }

    private static boolean isOfChildren() {
        Optional<FileStatus> own = FileStatus.ofTarget("/proc/self/ns/time");
        Optional<FileStatus> childrens = FileStatus.ofTarget("/proc/self/ns/time_for_children");
        return own.isPresent() && childrens.isPresent() && own.get().isSameFile(childrens.get());
    }

    /** The line {@code boottime SECONDS NANOSECONDS}, in ticks; the nanoseconds are never negative. */
    static long parseBootOffset(String offsets) {
        int at = offsets.indexOf("boottime");
        if (at < 0) {
            return 0;
        }
        int end = offsets.indexOf('\n', at);
        // Each start comes here: split(" +") would load regular expressions, and lambdas with them.
        StringTokenizer fields = new StringTokenizer(offsets.substring(at, end < 0 ? offsets.length() : end), " ");
        if (fields.countTokens() < 3) {
            return 0;
        }
        fields.nextToken();
        long seconds = Long.parseLong(fields.nextToken());
        return seconds * Self.TICKS_PER_SECOND + Long.parseLong(fields.nextToken()) / Self.NANOS_PER_TICK;
    }
}
