package dev.holdfast.posix.processes;

import dev.holdfast.posix.Libc;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which processes there are: all that can be seen, those of a group, and this process's children. Each list is out of
 * date when it arrives. Never blocks. Safe for use by many threads.
 */
public final class ProcessList {
    /** PID_MAX_LIMIT of the kernel. */
    private static final int HIGHEST_PID = 1 << 22;

    private static final int MOST_OF_A_GROUP = 4096;

    private static final String AT_PROC = " /proc ";

    private ProcessList() {}

    /**
     * The pids of all processes that can be seen.
     *
     * @return the pids, in no order; none when they cannot be listed
     */
    public static int[] pids() {
        return NumberedFolder.entries("/proc");
    }

    /**
     * The same for whoever concludes from a process's absence: a list that cannot be read is not an empty one.
     *
     * @return the pids, in no order; this process is always among them
     * @throws UnsupportedSystemException if they cannot be listed
     */
    public static int[] requirePids() {
        int[] pids = pids();
        if (pids.length == 0) {
            throw new UnsupportedSystemException(
                    "/proc cannot be listed (no descriptor is left, or a sandbox forbids it);"
                            + " without it nobody can tell which processes there are");
        }
        return pids;
    }

    /**
     * Whether {@link #pids} tells anything: a list that cannot be read is not an empty one.
     *
     * @return false when no descriptor is left, or a sandbox forbids it
     */
    public static boolean canBeRead() {
        return pids().length > 0; // this process is always among them
    }

    /**
     * Whether {@link #pids} has every process of this pid namespace: {@code /proc} is the kernel's, without the option
     * hidepid, and nothing is mounted over a process's folder. A process that is listed may refuse to be looked into all
     * the same.
     *
     * @return false also when it cannot be told
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">proc_pid_mountinfo(5)</a>
     */
    public static boolean isWhole() {
        byte[] mounts = FileDescriptors.contentsOf("/proc/self/mountinfo");
        return mounts != null && isWhole(new String(mounts, StandardCharsets.ISO_8859_1));
    }

    /** The word hidepid anywhere is enough to doubt: two mounts may lie one over the other. */
    static boolean isWhole(String mounts) {
        if (mounts.contains("hidepid")) {
            return false;
        }
        boolean isMounted = false;
        for (int at = mounts.indexOf(" /proc"); at >= 0; at = mounts.indexOf(" /proc", at + 1)) {
            boolean isProc = mounts.startsWith(AT_PROC, at);
            int end = mounts.indexOf('\n', at);
            int type = mounts.indexOf(" - proc ", at);
            if (isProc && (type < 0 || end < 0 || type > end)) {
                return false; // something else lies there
            }
            if (!isProc && isOfProcess(mounts, at + AT_PROC.length())) {
                return false;
            }
            isMounted |= isProc;
        }
        return isMounted;
    }

    private static boolean isOfProcess(String mounts, int at) {
        return at < mounts.length()
                && mounts.charAt(at - 1) == '/'
                && mounts.charAt(at) >= '0'
                && mounts.charAt(at) <= '9';
    }

    /**
     * The process group of a process, by getpgid(2), which tells it also of those that {@code /proc} hides.
     *
     * @return its group; -1 when there is no such process, or a sandbox refuses the question
     * @see <a href="https://man7.org/linux/man-pages/man2/getpgid.2.html">getpgid(2)</a>
     */
    public static int groupOf(int pid) {
        return (int) Libc.call(Libc.symbol("getpgid"), pid);
    }

    /**
     * Those of a process group that can be seen, zombies included. For a start that waits for the answer: one look at each
     * process.
     *
     * @return their pids, in no order
     * @throws UnsupportedSystemException if they cannot be listed
     */
    public static int[] seenOfGroup(int group) {
        long getpgid = Libc.symbol("getpgid");
        int[] pids = requirePids();
        int count = 0;
        for (int pid : pids) {
            if ((int) Libc.call(getpgid, pid) == group) {
                pids[count++] = pid;
            }
        }
        return Arrays.copyOf(pids, count);
    }

    /**
     * All that are in a process group, zombies and the hidden included. Asks about every number that a process may
     * have: a second or two where that are millions.
     *
     * @return their pids, and the numbers of their threads
     * @throws UnsupportedSystemException if a sandbox refuses the question: nobody found is not nobody then
     */
    public static int[] pidsOfGroup(int group) {
        if (groupOf(Self.pid()) < 0) {
            throw new UnsupportedSystemException(
                    "getpgid(2) is refused (a sandbox forbids it); without it nobody can tell who is in a process group");
        }
        int[] found = new int[MOST_OF_A_GROUP];
        int count = 0;
        int last = highestPid();
        for (int pid = 1; pid <= last && count < found.length; pid++) {
            if (groupOf(pid) == group) {
                found[count++] = pid;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static int highestPid() {
        byte[] limit = FileDescriptors.contentsOf("/proc/sys/kernel/pid_max");
        return limit == null ? HIGHEST_PID : Integer.parseInt(new String(limit, StandardCharsets.ISO_8859_1).trim());
    }

    /**
     * The children of this process's first thread, zombies included: all those that have come to it as their subreaper.
     * Much faster than looking through all processes, and so never long out of date.
     *
     * <p>While children come and go, some may be missing: ask again.
     *
     * @return their pids; empty also where the kernel has no such list (CONFIG_PROC_CHILDREN)
     */
    public static int[] adoptedChildren() {
        byte[] list = FileDescriptors.contentsOf("/proc/self/task/" + Self.pid() + "/children");
        return list == null ? new int[0] : numbers(list);
    }

    /**
     * The children of this process's first thread and of the calling one, which are those that this thread has spawned.
     * Also those that {@code /proc} hides otherwise.
     *
     * @return their pids; empty also where the kernel has no such list (CONFIG_PROC_CHILDREN)
     */
    public static int[] ownChildren() {
        int[] adopted = adoptedChildren();
        byte[] list = FileDescriptors.contentsOf("/proc/thread-self/children");
        int[] spawned = list == null ? new int[0] : numbers(list);
        int[] all = Arrays.copyOf(adopted, adopted.length + spawned.length);
        System.arraycopy(spawned, 0, all, adopted.length, spawned.length);
        return all;
    }

    /** Numbers, with a blank after each. */
    static int[] numbers(byte[] text) {
        int[] numbers = new int[text.length / 2];
        int count = 0;
        int number = 0;
        for (byte letter : text) {
            if (letter == ' ') {
                numbers[count++] = number;
                number = 0;
            } else {
                number = number * 10 + letter - '0';
            }
        }
        return Arrays.copyOf(numbers, count);
    }
}
