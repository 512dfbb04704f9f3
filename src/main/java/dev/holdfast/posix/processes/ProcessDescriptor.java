package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.FileSystemType;
import dev.holdfast.posix.files.PollSet;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A pidfd: a handle on one process that its pid's reuse cannot turn into a handle on another.
 *
 * <p>Safe for use by many threads until it is closed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
 */
public final class ProcessDescriptor implements AutoCloseable {

    private final int fd;
    private final int pid;

    private ProcessDescriptor(int fd, int pid) {
        this.fd = fd;
        this.pid = pid;
    }

    /**
     * Opens a handle on the process that has a pid now.
     *
     * @param pid as seen in this process's pid namespace
     * @return the handle; empty when there is no such process
     * @throws UnsupportedSystemException if the kernel has no pidfds (before 5.3)
     * @throws PosixException if there are no descriptors left
     */
    public static Optional<ProcessDescriptor> open(int pid) {
        int fd = (int) Libc.systemCall(Abi.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (fd >= 0) {
            return Optional.of(new ProcessDescriptor(fd, pid));
        }
        int errno = Libc.errno();
        // A thread's number is no process's: EINVAL, and ENOENT since Linux 6.15.
        if (errno == Errno.ESRCH || errno == Errno.EINVAL || errno == Errno.ENOENT) {
            return Optional.empty();
        }
        if (errno == Errno.ENOSYS || errno == Errno.EPERM) {
            throw new UnsupportedSystemException(
                    "this kernel has no pidfd_open (it needs Linux 5.3, and a seccomp profile that allows it)");
        }
        throw new PosixException(errno, "pidfd_open", Integer.toString(pid));
    }

    /**
     * Opens a handle on the process that has started this one.
     *
     * @return the handle; empty when it lives in another pid namespace, or is gone
     * @throws UnsupportedSystemException as {@link #open}
     * @throws PosixException as {@link #open}
     */
    public static Optional<ProcessDescriptor> ofParent() {
        int pid = Self.parentPid();
        Optional<ProcessDescriptor> parent = pid <= 1 ? Optional.empty() : open(pid);
        if (parent.isPresent() && Self.parentPid() != pid) { // it died meanwhile
            parent.get().close();
            return Optional.empty();
        }
        return parent;
    }

    /**
     * The descriptor to poll: it becomes readable when the process ends, even while it is a zombie.
     *
     * @return its number
     */
    public int descriptor() {
        return fd;
    }

    /** The pid that it was opened with. */
    public int pid() {
        return pid;
    }

    /**
     * Whether the process has ended. A zombie has.
     *
     * @return true when it has
     */
    public boolean hasEnded() {
        return awaitEnd(0);
    }

    /**
     * Waits for the end of the process. Blocks.
     *
     * @param timeoutMillis how long at the most; negative waits for ever
     * @return whether it has ended
     */
    public boolean awaitEnd(int timeoutMillis) {
        try (PollSet end = new PollSet(1)) {
            end.add(fd, PollSet.READABLE);
            long until = System.nanoTime() + timeoutMillis * 1_000_000L;
            int left = timeoutMillis;
            // A signal of the library's JVM, such as a profiler's, ends a poll(2) before its time.
            while (end.await(left) == 0) {
                left = timeoutMillis < 0 ? timeoutMillis : (int) ((until - System.nanoTime() + 999_999) / 1_000_000);
                if (timeoutMillis >= 0 && left <= 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Whether the process has been reaped, so that its pid may be another's.
     *
     * @return true when it has, also when nothing tells
     */
    public boolean isReaped() {
        int errno = sendByDescriptor(0, 0);
        if (errno == 0 || errno == Errno.ESRCH) {
            return errno != 0;
        }
        // Refused by the kernel, which looks for the process first, or by a seccomp filter, which looks at nothing.
        byte[] facts = FileDescriptors.contentsOf("/proc/self/fdinfo/" + fd);
        return facts == null || new String(facts, StandardCharsets.ISO_8859_1).contains("\nPid:\t-1\n");
    }

    /**
     * Sends a signal to this process and no other. Where pidfd_send_signal(2) is refused, as by a seccomp profile that
     * is older than it, kill(2) is tried, for a process that was alive an instant before.
     *
     * @param signal its number
     * @return 0, or the error number: ESRCH when it was reaped, EPERM when it belongs to somebody else
     */
    public int send(int signal) {
        int errno = sendByDescriptor(signal, 0);
        if (!isOtherWayWorthIt(errno)) {
            return errno;
        }
        return (int) Libc.call(Libc.symbol("kill"), pid, signal) == 0 ? 0 : Libc.errno();
    }

    private int sendByDescriptor(int signal, long info) {
        return (int) Libc.systemCall(Abi.SYS_PIDFD_SEND_SIGNAL, fd, signal, info, 0) == 0 ? 0 : Libc.errno();
    }

    /** Not for one that has ended: its pid may pass to another process at any moment. */
    private boolean isOtherWayWorthIt(int errno) {
        boolean isAnswered = errno == 0 || errno == Errno.ESRCH || errno == Errno.EINVAL || errno == Errno.EAGAIN;
        return !isAnswered && !hasEnded();
    }

    /**
     * Queues a signal with a value to this process and no other, as sigqueue(3) does, which is tried where
     * pidfd_send_signal(2) is refused.
     *
     * @param signal its number
     * @param value what goes with it
     * @return 0, or the error number: ESRCH when it was reaped, EPERM when it belongs to somebody else, EAGAIN when too
     *     many signals wait
     */
    public int queue(int signal, int value) {
        try (NativeBuffer info = NativeBuffer.allocate(Abi.SIZEOF_SIGINFO)) {
            info.putInt(Abi.SIGINFO_NUMBER_AT, signal);
            info.putInt(Abi.SIGINFO_CODE_AT, Abi.SI_QUEUE);
            info.putInt(Abi.SIGINFO_PID_AT, Self.pid());
            info.putInt(Abi.SIGINFO_UID_AT, Self.effectiveUser());
            info.putInt(Abi.SIGINFO_STATUS_AT, value);
            int errno = sendByDescriptor(signal, info.address());
            if (!isOtherWayWorthIt(errno)) {
                return errno;
            }
            return (int) Libc.call(Libc.symbol("sigqueue"), pid, signal, value) == 0 ? 0 : Libc.errno();
        }
    }

    /**
     * The number that the kernel gave to this process and will give to no other before the next boot.
     *
     * @return the number; empty on kernels before 6.9, where all pidfds share one inode
     */
    public OptionalLong uniqueId() {
        return FileSystemType.ofDescriptor(fd) == Abi.PID_FS_MAGIC
                ? OptionalLong.of(FileStatus.ofDescriptor(fd).inode())
                : OptionalLong.empty();
    }

    @Override
    public void close() {
        FileDescriptors.close(fd);
    }
}
