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
 * <p>A seccomp filter that refuses waitid(2) lets wait4(2) through, by which every shell waits: what can be told by
 * either is then told by that.
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
     * @throws PosixException if the kernel refuses to tell, otherwise than for the lack of children
     */
    public static News next() {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            if ((int) Libc.call(WAITID, Abi.P_ALL, 0, info.address(), Abi.WNOHANG | Abi.WEXITED | Abi.WSTOPPED) == -1) {
                int errno = Libc.errno();
                return errno == Errno.ECHILD ? new News(Change.NO_CHILDREN, 0, 0) : nextByStatus(errno);
            }
            int pid = info.getInt(Abi.SIGINFO_PID_AT);
            if (pid == 0) {
                return new News(Change.NONE, 0, 0);
            }
            return new News(change(info.getInt(Abi.SIGINFO_CODE_AT)), pid, info.getInt(Abi.SIGINFO_STATUS_AT));
        }
    }

    private static News nextByStatus(int refusal) {
        try (NativeBuffer status = NativeBuffer.allocate(Integer.BYTES)) {
            int pid = waitpid(-1, status, Abi.WNOHANG | Abi.WSTOPPED);
            if (pid == -1) {
                if (Libc.errno() == Errno.ECHILD) {
                    return new News(Change.NO_CHILDREN, 0, 0);
                }
                throw new PosixException(refusal, "waitid", "");
            }
            return pid == 0 ? new News(Change.NONE, 0, 0) : news(pid, status.getInt(0));
        }
    }

    /** What a status says, wait(2): a signal in the low seven bits, all of them for a stop, and a code above a byte. */
    static News news(int pid, int status) {
        int signal = status & 0x7f;
        int above = status >> 8 & 0xff;
        if (signal == 0x7f) {
            return new News(Change.STOPPED, pid, above);
        }
        return signal == 0 ? new News(Change.EXITED, pid, above) : new News(Change.KILLED, pid, signal);
    }

    private static int waitpid(int pid, NativeBuffer status, int options) {
        return (int) Libc.call(Libc.symbol("waitpid"), pid, status.address(), options);
    }

    /**
     * Reaps one child if it has ended; its status is lost. Never blocks.
     *
     * @return whether there is no such child any more
     */
    public static boolean reap(int pid) {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            if ((int) Libc.call(WAITID, Abi.P_PID, pid, info.address(), Abi.WNOHANG | Abi.WEXITED) == -1) {
                return Libc.errno() == Errno.ECHILD || waitpid(pid, info, Abi.WNOHANG) != 0;
            }
            return info.getInt(Abi.SIGINFO_PID_AT) == pid;
        }
    }

    /**
     * Whether a child of this process, dead or alive, is in a process group: then the group's number is nobody else's.
     * Needs no descriptor, and reaps nothing. Never blocks.
     *
     * @return false also when descendants are in it that are no children of this process, and when the kernel does not
     *     tell
     */
    public static boolean isAnyInGroup(int group) {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            int options = Abi.WNOHANG | Abi.WEXITED | Abi.WNOWAIT;
            return (int) Libc.call(WAITID, Abi.P_PGID, group, info.address(), options) == 0;
        }
    }

    /** Whether this process has a child, dead or alive; true, too, when the kernel does not tell. Reaps nothing. Never blocks. */
    public static boolean isAny() {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            int options = Abi.WNOHANG | Abi.WEXITED | Abi.WNOWAIT;
            return (int) Libc.call(WAITID, Abi.P_ALL, 0, info.address(), options) == 0 || Libc.errno() != Errno.ECHILD;
        }
    }

    /** Waits for the end of one child and reaps it; its status is lost. Blocks. */
    public static void await(int pid) {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            boolean interrupted = true;
            while (interrupted) {
                boolean failed = (int) Libc.call(WAITID, Abi.P_PID, pid, info.address(), Abi.WEXITED) == -1;
                if (failed && Libc.errno() != Errno.EINTR && Libc.errno() != Errno.ECHILD) {
                    failed = waitpid(pid, info, 0) == -1;
                }
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
