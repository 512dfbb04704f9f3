package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;

/**
 * This process's children: reaping, and being the one to whom orphans come. Safe only in a process that starts no
 * children by {@code ProcessBuilder}, whose exit codes would be taken away.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/waitid.2.html">waitid(2)</a>
 */
public final class Children {
    private static final long WAITID = Libc.symbol("waitid");

    private Children() {}

    /** What happened to a child. */
    public enum Change {
        /** It ended by itself, with a code. */
        EXITED,
        /** It died of a signal. */
        KILLED,
        /** It was stopped by a signal and lives. */
        STOPPED,
        /** Nothing happened; there are children. */
        NONE,
        /** There are no children. */
        NO_CHILDREN
    }

    /**
     * One piece of news.
     *
     * @param change what happened
     * @param pid to whom; 0 for {@link Change#NONE} and {@link Change#NO_CHILDREN}
     * @param status the exit code, or the number of the signal
     */
    public record News(Change change, int pid, int status) {}

    /**
     * Makes this process the one to whom its descendants come when their parent dies, prctl(2).
     *
     * @throws PosixException if the kernel refuses
     */
    public static void becomeSubreaper() {
        Libc.checked(Libc.call(Libc.symbol("prctl"), Abi.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl", "subreaper");
    }

    /**
     * Ends that again, for the program that this process becomes.
     *
     * @throws PosixException if the kernel refuses
     */
    public static void leaveSubreaper() {
        Libc.checked(Libc.call(Libc.symbol("prctl"), Abi.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), "prctl", "subreaper");
    }

    /**
     * Takes the next piece of news; a child that ended is reaped by it. Never blocks.
     *
     * @throws PosixException if waitid fails otherwise than for the lack of children
     */
    public static News next() {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            if ((int) Libc.call(WAITID, Abi.P_ALL, 0, info.address(), Abi.WNOHANG | Abi.WEXITED | Abi.WSTOPPED) == -1) {
                int errno = Libc.errno();
                if (errno == Errno.ECHILD) {
                    return new News(Change.NO_CHILDREN, 0, 0);
                }
                throw new PosixException(errno, "waitid", "");
            }
            int pid = info.getInt(Abi.SIGINFO_PID_AT);
            if (pid == 0) {
                return new News(Change.NONE, 0, 0);
            }
            return new News(change(info.getInt(Abi.SIGINFO_CODE_AT)), pid, info.getInt(Abi.SIGINFO_STATUS_AT));
        }
    }

    /**
     * Reaps one child if it has ended; its status is lost. Never blocks.
     *
     * @return whether there is no such child any more
     */
    public static boolean reap(int pid) {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            boolean failed = (int) Libc.call(WAITID, Abi.P_PID, pid, info.address(), Abi.WNOHANG | Abi.WEXITED) == -1;
            return failed || info.getInt(Abi.SIGINFO_PID_AT) == pid;
        }
    }

    /**
     * Whether a child of this process, dead or alive, is in a process group: then the group's number is nobody else's.
     * Needs no descriptor, and reaps nothing. Never blocks.
     *
     * @return false also when descendants are in it that are no children of this process
     */
    public static boolean isAnyInGroup(int group) {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            int options = Abi.WNOHANG | Abi.WEXITED | Abi.WNOWAIT;
            return (int) Libc.call(WAITID, Abi.P_PGID, group, info.address(), options) == 0;
        }
    }

    /** Whether this process has a child, dead or alive. Reaps nothing. Never blocks. */
    public static boolean isAny() {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            return (int) Libc.call(WAITID, Abi.P_ALL, 0, info.address(), Abi.WNOHANG | Abi.WEXITED | Abi.WNOWAIT) == 0;
        }
    }

    /** Waits for the end of one child and reaps it; its status is lost. Blocks. */
    public static void await(int pid) {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            boolean interrupted = true;
            while (interrupted) {
                boolean failed = (int) Libc.call(WAITID, Abi.P_PID, pid, info.address(), Abi.WEXITED) == -1;
                interrupted = failed && Libc.errno() == Errno.EINTR;
            }
        }
    }

    /** si_code of SIGCHLD, sigaction(2). */
    private static Change change(int code) {
        return switch (code) {
            case Abi.CLD_EXITED -> Change.EXITED;
            case Abi.CLD_KILLED, Abi.CLD_DUMPED -> Change.KILLED;
            default -> Change.STOPPED;
        };
    }
}
