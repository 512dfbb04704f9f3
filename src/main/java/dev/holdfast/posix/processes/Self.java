package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.text.RawText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** This process: its ids, arguments and environment as bytes, and signals to itself. Safe for use by many threads. */
public final class Self {
    /** Set by bin/holdfast. */
    private static final String LOST_FOLDER = "holdfast.lost-folder";

    private static final int PID = (int) Libc.call(Libc.symbol("getpid"));

    /** Of the ticks in which {@code /proc} tells when a process started. */
    public static final long MILLIS_PER_TICK = 10;

    static final long TICKS_PER_SECOND = 100;
    static final long NANOS_PER_TICK = 10_000_000;

    private Self() {}

    /**
     * How long the system has been up, suspended or not, in the ticks in which {@link ProcessStat#of} tells when a
     * process started: 100 a second on both architectures. The same in every time namespace.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/clock_gettime.2.html">clock_gettime(2), CLOCK_BOOTTIME</a>
     */
    public static long ticksSinceBoot() {
        try (NativeBuffer time = NativeBuffer.allocate(2 * Long.BYTES)) {
            Libc.checked(
                    Libc.call(Libc.symbol("clock_gettime"), Abi.CLOCK_BOOTTIME, time.address()), "clock_gettime", "");
            return time.getLong(0) * TICKS_PER_SECOND
                    + time.getLong(Long.BYTES) / NANOS_PER_TICK
                    - TimeNamespace.ticks();
        }
    }

    /** The pid, in this process's own namespace. */
    public static int pid() {
        return PID;
    }

    /**
     * The parent's pid, as it is now.
     *
     * @return the pid; 0 when the parent lives in another pid namespace, 1 often when it is dead
     */
    public static int parentPid() {
        return (int) Libc.call(Libc.symbol("getppid"));
    }

    /** The effective user id. */
    public static int effectiveUser() {
        return (int) Libc.call(Libc.symbol("geteuid"));
    }

    /**
     * Whether this process is a user's and a group's, really and effectively.
     *
     * @param user the user id
     * @param group the group id
     * @return true when it is
     */
    public static boolean isRunningAs(int user, int group) {
        return effectiveUser() == user
                && (int) Libc.call(Libc.symbol("getuid")) == user
                && (int) Libc.call(Libc.symbol("getegid")) == group
                && (int) Libc.call(Libc.symbol("getgid")) == group;
    }

    /** Its id. */
    public static int processGroup() {
        return (int) Libc.call(Libc.symbol("getpgrp"));
    }

    /**
     * Whether this process leads its session, so that the kernel tells it alone of the terminal's hang-up.
     *
     * @return true when it does
     */
    public static boolean isSessionLeader() {
        return (int) Libc.call(Libc.symbol("getsid"), 0) == PID;
    }

    /** Its path, as {@link RawText}: it need not be UTF-8. "." when it was removed. */
    public static String workingDirectory() {
        byte[] path = workingDirectoryBytes();
        String text = new String(path, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 ? text : RawText.of(path);
    }

    /**
     * The same, byte for byte: a path need not be UTF-8.
     *
     * @return its path; {@code .} when it has none any more, also where bin/holdfast has therefore put this process into
     *     another one, so that a JVM starts
     */
    public static byte[] workingDirectoryBytes() {
        if (Boolean.getBoolean(LOST_FOLDER)) {
            return new byte[] {'.'};
        }
        try (NativeBuffer path = NativeBuffer.allocate(4096)) {
            boolean known = Libc.call(Libc.symbol("getcwd"), path.address(), path.size()) != 0;
            return known ? NativeBuffer.stringAt(path.address()) : new byte[] {'.'};
        }
    }

    /**
     * The host name, gethostname(2): in a container its id, unless it was given a name.
     *
     * @return at most 64 characters of printable ASCII, without blanks, quotes and backslashes, for which underscores stand;
     *     empty when there is none
     */
    public static String hostName() {
        try (NativeBuffer name = NativeBuffer.allocate(Abi.HOST_NAME_MAX + 1)) {
            // The last byte stays 0, and so ends a name that was cut.
            if ((int) Libc.call(Libc.symbol("gethostname"), name.address(), Abi.HOST_NAME_MAX) != 0) {
                return "";
            }
            byte[] bytes = NativeBuffer.stringAt(name.address());
            StringBuilder shown = new StringBuilder(bytes.length);
            for (byte each : bytes) {
                boolean plain = each > ' ' && each <= '~' && each != '"' && each != '\\';
                shown.append(plain ? (char) each : '_');
            }
            return shown.toString();
        }
    }

    /**
     * Random bits from the kernel, getrandom(2): to tell things apart, and no secret.
     *
     * @return 32 bits; from the clock where the kernel has none yet
     */
    public static int randomBits() {
        try (NativeBuffer bits = NativeBuffer.allocate(4)) {
            boolean full = Libc.call(Libc.symbol("getrandom"), bits.address(), 4, 0) == 4;
            return full ? bits.getInt(0) : (int) System.nanoTime();
        }
    }

    /**
     * A secret that nobody can guess: random bytes from the kernel, getrandom(2). Blocks until the kernel has enough
     * randomness for that, early after a machine's start.
     *
     * @param count how many bytes, at most 256
     * @throws PosixException if the kernel refuses, as by a filter of system calls
     */
    public static byte[] randomSecret(int count) {
        try (NativeBuffer bits = NativeBuffer.allocate(count)) {
            // Up to 256 bytes come whole, and no signal handler interrupts it here.
            Libc.checked(Libc.call(Libc.symbol("getrandom"), bits.address(), count, 0), "getrandom", "");
            return bits.getBytes(0, count);
        }
    }

    /**
     * Sends a signal to a child or a process group by number, kill(2). Only for pids that cannot be reused meanwhile:
     * unreaped children, their groups, and this process. Where kill(2) is refused to a process, as by a seccomp filter,
     * pidfd_send_signal(2) is tried.
     *
     * @param pid the process; negative for a group
     * @return 0, or the error number
     */
    public static int kill(int pid, int signal) {
        if ((int) Libc.call(Libc.symbol("kill"), pid, signal) == 0) {
            return 0;
        }
        int errno = Libc.errno();
        boolean isAnswered = errno == Errno.ESRCH || errno == Errno.EINVAL;
        return isAnswered || pid <= 0 ? errno : killByDescriptor(pid, signal, errno);
    }

    private static int killByDescriptor(int pid, int signal, int otherwise) {
        try (ProcessDescriptor process = ProcessDescriptor.open(pid).orElse(null)) {
            return process == null ? Errno.ESRCH : process.send(signal);
        } catch (PosixException | UnsupportedSystemException e) {
            return otherwise;
        }
    }

    /**
     * The last arguments of this process, byte for byte. The JVM's own copy is decoded by the locale, and in the C
     * locale, which many clients start servers in, loses everything that is not ASCII.
     *
     * @param count how many
     * @throws UnsupportedSystemException if {@code /proc} is not there
     */
    public static List<byte[]> lastArguments(int count) {
        List<byte[]> all = commandLine();
        return all.subList(all.size() - count, all.size());
    }

    /**
     * All that this process was started with, byte for byte: the program's name, the JVM's options, the class and its
     * arguments.
     *
     * @return the words
     * @throws UnsupportedSystemException if {@code /proc} is not there
     */
    public static List<byte[]> commandLine() {
        return split(ProcFs.bytes("/proc/self/cmdline"));
    }

    /**
     * The environment, byte for byte, as it was when the process started.
     *
     * @return {@code NAME=value}, each
     */
    public static List<byte[]> environment() {
        List<byte[]> variables = new ArrayList<>(32);
        long array = NativeBuffer.pointerAt(Libc.symbol("environ"));
        for (long at = array; array != 0 && NativeBuffer.pointerAt(at) != 0; at += Long.BYTES) {
            variables.add(NativeBuffer.stringAt(NativeBuffer.pointerAt(at)));
        }
        return variables;
    }

    /**
     * Starts this program again in this process, with the launcher's signals blocked from its first instruction on.
     *
     * <p>For systems whose env(1) cannot block signals. A signal that arrives before the exec ends a launcher that has
     * started nothing. Costs one more start of the JVM.
     *
     * @param marker a variable to add to the environment, {@code NAME=value}
     * @param keptDescriptors which to keep besides 0 to 2
     * @return the error number; on success it does not return
     */
    public static int replaceWithBlockedSignals(String marker, List<Integer> keptDescriptors) {
        List<byte[]> arguments = split(ProcFs.bytes("/proc/self/cmdline"));
        List<byte[]> environment = environment();
        environment.add(marker.getBytes(StandardCharsets.UTF_8));
        return Exec.again(arguments, environment, keptDescriptors);
    }

    private static List<byte[]> split(byte[] nulTerminated) {
        List<byte[]> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < nulTerminated.length; i++) {
            if (nulTerminated[i] == 0) {
                parts.add(Arrays.copyOfRange(nulTerminated, start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    /**
     * How many listening sockets were passed on to this process, from descriptor 3 on, as sd_listen_fds(3) has it.
     *
     * @param listenPid the value of {@code LISTEN_PID}
     * @param listenFds the value of {@code LISTEN_FDS}
     * @return 0 when they are meant for another process, or the values are not understood; at most 999
     */
    public static int listenedSockets(String listenPid, String listenFds) {
        boolean isNumber = !listenFds.isEmpty() && listenFds.length() <= 3 && listenFds.charAt(0) != '0';
        for (int i = 0; i < listenFds.length(); i++) {
            isNumber &= listenFds.charAt(i) >= '0' && listenFds.charAt(i) <= '9';
        }
        return isNumber && listenPid.equals(Integer.toString(pid())) ? Integer.parseInt(listenFds) : 0;
    }
}
