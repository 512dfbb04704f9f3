package dev.holdfast.posix.processes;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.text.Printable;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What {@code /proc} tells of processes. Every answer may be outdated when it arrives, and a pid may have changed its
 * owner: pin the process with a {@link ProcessDescriptor} first and look whether it still lives afterwards.
 *
 * <p>Never blocks. Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
public final class ProcFs {
    private static final long CAP_KILL = 1 << 5;
    private static final int PAGE = 4096;
    private static final int HIGHEST_PID = 1 << 22;
    private static final long TICKS_PER_SECOND = 100;
    private static final long NANOS_PER_TICK = 10_000_000;
    /** From field 4, the parent, to field 22, the start time. */
    private static final int TICKS_AFTER_PARENT = 18;

    private static final int FLAGS_AFTER_PARENT = 5;
    private static final long PF_EXITING = 4;
    private static final long UNKNOWN = Long.MIN_VALUE;

    /** Asked once: what a process is started in stays its time namespace. */
    private static volatile long namespaceTicks = UNKNOWN;

    private ProcFs() {}

    /**
     * The line of a process in {@code /proc/PID/stat}.
     *
     * @param pid the process
     * @param state one letter; Z is a zombie, X is dead
     * @param parent the parent's pid
     * @param processGroup its process group
     * @param session the id of its session
     * @param flags the kernel's flags of its first thread; 0 when they are not known
     * @param startTicks field 22: when it started, in clock ticks since boot; as {@link #stat} gives it, the same in every
     *     time namespace
     */
    public record Stat(int pid, char state, int parent, int processGroup, int session, long flags, long startTicks) {
        /**
         * Whether the process was stopped, by job control or a debugger, and will see no signal before it is continued.
         *
         * @return true when it was
         */
        public boolean isStopped() {
            return state == 'T' || state == 't';
        }

        /**
         * Whether the process may be on its way out. One whose descriptors the kernel has closed since it dies surely is:
         * its first thread is marked before (do_exit() in the kernel's exit.c).
         *
         * @return false when it certainly is not
         */
        public boolean mayBeExiting() {
            return flags == 0 || (flags & PF_EXITING) != 0;
        }

        /**
         * Whether the process runs no more: a zombie, or dead.
         *
         * @return true when it runs no more
         */
        public boolean isDead() {
            return state == 'Z' || state == 'X' || state == 'x';
        }

        private Stat earlier(long ticks) {
            return new Stat(pid, state, parent, processGroup, session, flags, startTicks - ticks);
        }
    }

    /**
     * Checks that {@code /proc} is mounted and is this pid namespace's.
     *
     * @throws UnsupportedSystemException if it is not
     */
    public static void require() {
        if (!isOurs()) {
            throw new UnsupportedSystemException(
                    "/proc is not mounted, or belongs to another pid namespace; without it no process can be identified");
        }
    }

    /**
     * Not by {@code /proc/PID}: in the parent namespace's {@code /proc} our pid is somebody else's. {@code NSpid} lists
     * this process's pids from the mount's namespace down to its own, so there is one when they are the same.
     */
    private static boolean isOurs() {
        byte[] status = FileDescriptors.contentsOf("/proc/self/status");
        if (status == null) {
            return false;
        }
        String text = new String(status, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\nNSpid:");
        int value = at >= 0 ? at + 7 : text.indexOf("\nPid:") + 5; // without namespaces there is no NSpid
        return text.substring(value, text.indexOf('\n', value)).trim().equals(Integer.toString(Self.pid()));
    }

    /**
     * The status line of a process.
     *
     * @param pid the process
     * @return its line; empty when the process is gone or hidden
     */
    public static Optional<Stat> stat(int pid) {
        byte[] line = FileDescriptors.contentsOf("/proc/" + pid + "/stat");
        if (line == null) {
            return Optional.empty();
        }
        Optional<Stat> stat = parseStat(new String(line, StandardCharsets.ISO_8859_1));
        long ticks = ticksOfTimeNamespace();
        return ticks == 0 || stat.isEmpty() ? stat : Optional.of(stat.get().earlier(ticks));
    }

    /**
     * How far the boot time clock of this process's time namespace is ahead of the machine's. The kernel adds it to every
     * start time that it shows here, so without it two observers in two namespaces would see two start times of one
     * process.
     *
     * @return clock ticks, as a rule 0
     * @see <a href="https://man7.org/linux/man-pages/man7/time_namespaces.7.html">time_namespaces(7)</a>
     */
    static long ticksOfTimeNamespace() {
        long ticks = namespaceTicks;
        if (ticks == UNKNOWN) {
            ticks = readTicksOfTimeNamespace();
            namespaceTicks = ticks;
        }
        return ticks;
    }

    private static long readTicksOfTimeNamespace() {
        byte[] offsets = FileDescriptors.contentsOf("/proc/self/timens_offsets");
        long ticks = offsets == null ? 0 : parseBootOffset(new String(offsets, StandardCharsets.ISO_8859_1));
        // The file tells of the namespace of the children, which a process may have made without being in it.
        return ticks != 0 && isTimeNamespaceOfChildren() ? ticks : 0;
    }

    private static boolean isTimeNamespaceOfChildren() {
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
        String[] fields =
                offsets.substring(at, end < 0 ? offsets.length() : end).split(" +");
        return fields.length < 3
                ? 0
                : Long.parseLong(fields[1]) * TICKS_PER_SECOND + Long.parseLong(fields[2]) / NANOS_PER_TICK;
    }

    /**
     * Field 2 is the program's name in parentheses, and may itself contain blanks and parentheses. Read by hand: a look
     * for a process's children reads the line of every process on the machine.
     */
    static Optional<Stat> parseStat(String line) {
        int open = line.indexOf(' ');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < 0 || close + 3 >= line.length()) {
            return Optional.empty();
        }
        int parentAt = close + 4;
        int groupAt = afterBlanks(line, parentAt, 1);
        int sessionAt = afterBlanks(line, parentAt, 2);
        int flagsAt = afterBlanks(line, parentAt, FLAGS_AFTER_PARENT);
        int ticksAt = afterBlanks(line, parentAt, TICKS_AFTER_PARENT);
        if (groupAt < 0 || ticksAt < 0) {
            return Optional.empty();
        }
        return Optional.of(new Stat(
                Integer.parseInt(line, 0, open, 10),
                line.charAt(close + 2),
                Integer.parseInt(line, parentAt, groupAt - 1, 10),
                Integer.parseInt(line, groupAt, endOfField(line, groupAt), 10),
                Integer.parseInt(line, sessionAt, endOfField(line, sessionAt), 10),
                Long.parseLong(line, flagsAt, endOfField(line, flagsAt), 10),
                Long.parseLong(line, ticksAt, endOfField(line, ticksAt), 10)));
    }

    /** Where the field begins that is so many blanks further on; -1 when there are not so many. */
    private static int afterBlanks(String line, int from, int blanks) {
        int at = from;
        for (int i = 0; i < blanks; i++) {
            int blank = line.indexOf(' ', at);
            if (blank < 0) {
                return -1;
            }
            at = blank + 1;
        }
        return at;
    }

    private static int endOfField(String line, int from) {
        int end = line.indexOf(' ', from);
        return end < 0 ? line.length() : end;
    }

    /**
     * Whether a process's real and effective user are both a given one.
     *
     * @param pid the process
     * @param user the user id
     * @return true when they are; false also when the process is gone or hidden
     */
    public static boolean belongsTo(int pid, int user) {
        byte[] status = FileDescriptors.contentsOf("/proc/" + pid + "/status");
        if (status == null) {
            return false;
        }
        String text = new String(status, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\nUid:");
        if (at < 0) {
            return false;
        }
        String wanted = "\t" + Integer.toUnsignedString(user);
        return text.startsWith(wanted + wanted + "\t", at + 5);
    }

    /**
     * The user that a process runs as.
     *
     * @param pid the process
     * @return its real user id; empty when the process is gone or hidden
     */
    public static OptionalInt user(int pid) {
        byte[] status = FileDescriptors.contentsOf("/proc/" + pid + "/status");
        String text = status == null ? "" : new String(status, StandardCharsets.ISO_8859_1);
        int from = text.indexOf("\nUid:\t") + 6;
        int to = text.indexOf('\t', from);
        return from < 6 || to < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseUnsignedInt(text, from, to, 10));
    }

    /**
     * Whether this process has the capability to signal everybody, capabilities(7).
     *
     * @return false also when {@code /proc} does not tell
     */
    public static boolean canSignalEverybody() {
        byte[] status = FileDescriptors.contentsOf("/proc/self/status");
        String text = status == null ? "" : new String(status, StandardCharsets.ISO_8859_1);
        int from = text.indexOf("\nCapEff:\t") + 9;
        int to = text.indexOf('\n', from);
        return from >= 9 && to > 0 && (Long.parseUnsignedLong(text, from, to, 16) & CAP_KILL) != 0;
    }

    /**
     * The pid namespace of a process, as the inode number that names it.
     *
     * @param pid the process
     * @return the number; empty when the process is gone or hidden
     */
    public static OptionalLong pidNamespace(int pid) {
        Optional<FileStatus> namespace = FileStatus.ofTarget("/proc/" + pid + "/ns/pid");
        return namespace.isPresent() ? OptionalLong.of(namespace.get().inode()) : OptionalLong.empty();
    }

    /**
     * The id of this boot.
     *
     * @return the id; empty when the kernel does not tell
     */
    public static String bootId() {
        byte[] id = FileDescriptors.contentsOf("/proc/sys/kernel/random/boot_id");
        return id == null ? "" : new String(id, StandardCharsets.ISO_8859_1).trim();
    }

    /**
     * The pids of all processes that can be seen.
     *
     * @return the pids, in no order; none when they cannot be listed
     */
    public static int[] pids() {
        return numbersIn("/proc");
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
     * The process group of a process, by getpgid(2), which tells it also of those that {@code /proc} hides.
     *
     * @param pid the process
     * @return its group; -1 when there is no such process
     * @see <a href="https://man7.org/linux/man-pages/man2/getpgid.2.html">getpgid(2)</a>
     */
    public static int groupOf(int pid) {
        return (int) Libc.call(Group.ADDRESS, pid);
    }

    /**
     * All that are in a process group, zombies and the hidden included. Asks about every number that a process may have:
     * a second or two where that are millions.
     *
     * @param group its number
     * @return their pids, and the numbers of their threads
     */
    public static int[] pidsOfGroup(int group) {
        int[] found = new int[PAGE];
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

    private static final class Group {
        static final long ADDRESS = Libc.symbol("getpgid");
    }

    /**
     * Why the descriptors of a process cannot be looked at: it is another user's, or its program has more privileges than
     * its user (capabilities of the file, set-user-id).
     *
     * @param pid the process, pinned and alive
     * @return 0 when they can be; {@link Errno#EACCES} or {@link Errno#EPERM}; {@link Errno#ENOENT} when {@code /proc}
     *     hides all of the process (its mount option hidepid); another number when this process has no descriptor left
     */
    public static int lookErrno(int pid) {
        int fd = FileDescriptors.open("/proc/" + pid + "/fd", FileDescriptors.O_RDONLY | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            return -fd;
        }
        FileDescriptors.close(fd);
        return 0;
    }

    /**
     * The same in words.
     *
     * @param pid the process, pinned and alive
     * @return such as {@code permission denied}; empty when its descriptors can be looked at
     */
    public static String lookObstacle(int pid) {
        int errno = lookErrno(pid);
        if (errno == 0) {
            return "";
        }
        return errno == Errno.ENOENT ? "/proc does not show it (mount option hidepid)" : Errno.describe(errno);
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

    /**
     * The working directory of a process.
     *
     * @param pid the process
     * @return its path, with {@code " (deleted)"} behind it when it was removed; empty when the process is gone or
     *     somebody else's
     */
    public static String workingDirectory(int pid) {
        try (NativeBuffer link = NativeBuffer.cString("/proc/" + pid + "/cwd");
                NativeBuffer path = NativeBuffer.allocate(PAGE)) {
            long length = Libc.call(Libc.symbol("readlink"), link.address(), path.address(), PAGE);
            return length <= 0 ? "" : new String(path.getBytes(0, (int) length), StandardCharsets.UTF_8);
        }
    }

    /**
     * The open descriptors of a process.
     *
     * @param pid the process
     * @return their numbers; empty when the process is gone or somebody else's
     */
    public static int[] descriptors(int pid) {
        return numbersIn("/proc/" + pid + "/fd");
    }

    /**
     * The name of a process's program, as the kernel knows it: 15 bytes at the most, and a process may change it.
     *
     * @param pid the process
     * @return the name, printable; empty when the process is gone
     */
    public static String name(int pid) {
        byte[] name = FileDescriptors.contentsOf("/proc/" + pid + "/comm");
        return name == null ? "" : Printable.line(new String(name, StandardCharsets.UTF_8).strip());
    }

    /**
     * Whether a process was started with a variable of a certain value; what it changes in its own environment since is
     * not seen.
     *
     * @param pid the process
     * @param entry {@code NAME=value}, ASCII
     * @return true when it was; false also when the process is gone, or another user's whose environment is hidden
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html">proc_pid_environ(5)</a>
     */
    public static boolean hasVariable(int pid, String entry) {
        byte[] block = FileDescriptors.contentsOf("/proc/" + pid + "/environ");
        return block != null && ('\0' + new String(block, StandardCharsets.ISO_8859_1)).contains('\0' + entry + '\0');
    }

    /**
     * What a process was started with.
     *
     * @param pid the process
     * @param name a variable's name, ASCII
     * @return its value, in UTF-8; empty when there is none, and as {@link #hasVariable}
     */
    public static String variable(int pid, String name) {
        byte[] block = FileDescriptors.contentsOf("/proc/" + pid + "/environ");
        String all = block == null ? "" : '\0' + new String(block, StandardCharsets.UTF_8) + '\0';
        int at = all.indexOf('\0' + name + '=');
        int from = at + name.length() + 2;
        return at < 0 ? "" : all.substring(from, all.indexOf('\0', from));
    }

    /**
     * Whether {@link #hasVariable} can tell.
     *
     * @param pid the process
     * @return false when the process is gone, or its environment is hidden
     */
    public static boolean canReadEnvironment(int pid) {
        byte[] block = FileDescriptors.contentsOf("/proc/" + pid + "/environ");
        return block != null;
    }

    /**
     * The file behind a descriptor of a process.
     *
     * @param pid the process
     * @param fd the descriptor
     * @return its status; empty when either is gone, or the process is somebody else's
     */
    public static Optional<FileStatus> descriptorStatus(int pid, int fd) {
        return FileStatus.ofTarget("/proc/" + pid + "/fd/" + fd);
    }

    /**
     * What the kernel says of a descriptor of a process, with a line for each lock on its open file description.
     *
     * @param pid the process
     * @param fd the descriptor
     * @return the text; empty when either is gone
     */
    public static String descriptorInfo(int pid, int fd) {
        byte[] info = FileDescriptors.contentsOf("/proc/" + pid + "/fdinfo/" + fd);
        return info == null ? "" : new String(info, StandardCharsets.ISO_8859_1);
    }

    /**
     * All locks that the kernel shows here, a line each; those who wait for one have an arrow in theirs.
     *
     * @return the text; empty when it cannot be read
     */
    public static String locks() {
        byte[] locks = FileDescriptors.contentsOf("/proc/locks");
        return locks == null ? "" : new String(locks, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String path) {
        byte[] bytes = FileDescriptors.contentsOf(path);
        if (bytes == null) {
            throw new UnsupportedSystemException("\"" + path + "\" cannot be read; is /proc mounted?");
        }
        return bytes;
    }

    private static int[] numbersIn(String directory) {
        String[] names = new File(directory).list();
        if (names == null) {
            return new int[0];
        }
        int[] numbers = new int[names.length];
        int count = 0;
        for (String name : names) {
            if (isNumber(name)) {
                numbers[count++] = Integer.parseInt(name);
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    private static boolean isNumber(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= 10;
    }
}
