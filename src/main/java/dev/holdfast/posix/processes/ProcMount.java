package dev.holdfast.posix.processes;

import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;

/** How {@code /proc} is mounted. Never blocks. Safe for use by many threads. */
public final class ProcMount {
    private static final String AT_PROC = " /proc ";

    private ProcMount() {}

    /**
     * Whether {@code /proc} lists every process of this pid namespace: it is the kernel's, without the option hidepid,
     * and nothing is mounted over a process's folder. A process that is listed may refuse to be looked into all the same.
     *
     * @return false also when it cannot be told
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">proc_pid_mountinfo(5)</a>
     */
    public static boolean showsEveryProcess() {
        byte[] mounts = FileDescriptors.contentsOf("/proc/self/mountinfo");
        return mounts != null && showsEveryProcess(new String(mounts, StandardCharsets.ISO_8859_1));
    }

    /** The word hidepid anywhere is enough to doubt: two mounts may lie one over the other. */
    static boolean showsEveryProcess(String mounts) {
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
}
