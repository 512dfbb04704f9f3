package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.UnsupportedSystemException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.text.Printable;
import dev.holdfast.text.RawText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What {@code /proc} says about processes. Every answer may be outdated when it arrives, and a pid may have changed its
 * owner: pin the process with a {@link ProcessDescriptor} first and look whether it still lives afterwards.
 *
 * <p>Never blocks. Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
public final class ProcFs {
    private static final int HEXADECIMAL = 16;
    private static final int LONGEST_PATH = 4096;

    /** Empty as long as the kernel has not told it. */
    private static volatile String bootId = "";

    private ProcFs() {}

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
        String status = status("self");
        String pids = field(status, "NSpid"); // a kernel without namespaces has none
        return (pids.isEmpty() ? field(status, "Pid") : pids).equals(Integer.toString(Self.pid()));
    }

    /**
     * A line of {@code /proc/PID/status}. The name of the program, which is in it too, cannot make another line: the
     * kernel writes a newline there as two characters.
     *
     * @param pid the process
     * @param key such as {@code Uid}, without the colon
     * @return what follows it, without blanks around; empty when the process is gone or hidden, or there is no such line
     */
    static String statusField(int pid, String key) {
        return field(status(Integer.toString(pid)), key);
    }

    static String status(String process) {
        byte[] status = FileDescriptors.contentsOf("/proc/" + process + "/status");
        return status == null ? "" : new String(status, StandardCharsets.ISO_8859_1);
    }

    static String field(String status, String key) {
        int at = status.startsWith(key + ':') ? 0 : status.indexOf('\n' + key + ':') + 1;
        boolean isThere = status.startsWith(key + ':', at);
        int end = status.indexOf('\n', at);
        return isThere && end >= 0
                ? status.substring(at + key.length() + 1, end).trim()
                : "";
    }

    /**
     * Whether a process's real and effective user are both a given one.
     *
     * @param user the user id
     * @return true when they are; false also when the process is gone or hidden
     */
    public static boolean belongsTo(int pid, int user) {
        String id = Integer.toUnsignedString(user) + '\t';
        return statusField(pid, "Uid").startsWith(id + id);
    }

    /**
     * The user that a process runs as.
     *
     * @return its real user id; empty when the process is gone or hidden
     */
    public static OptionalInt user(int pid) {
        String ids = statusField(pid, "Uid");
        int end = ids.indexOf('\t');
        return end < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseUnsignedInt(ids, 0, end, 10));
    }

    /**
     * The memory of a process that is not swapped out, shared pages included.
     *
     * @return in kilobytes; 0 when the process is gone or hidden, or has none of its own
     */
    public static long residentKilobytes(int pid) {
        String resident = statusField(pid, "VmRSS");
        if (resident.isEmpty()) {
            byte[] status = LivingThread.contentsOfOther(pid, "status");
            resident = status == null ? "" : field(new String(status, StandardCharsets.ISO_8859_1), "VmRSS");
        }
        int end = resident.indexOf(' ');
        return end < 0 ? 0 : Long.parseLong(resident, 0, end, 10);
    }

    /**
     * Whether this process has the capability to signal everybody, capabilities(7).
     *
     * @return false also when {@code /proc} does not tell
     */
    public static boolean canSignalEverybody() {
        String effective = field(status("self"), "CapEff");
        return !effective.isEmpty() && (Long.parseUnsignedLong(effective, HEXADECIMAL) & 1L << Abi.CAP_KILL) != 0;
    }

    /**
     * The pid namespace of a process, as the inode number that names it.
     *
     * @return the number; empty when the process is gone or hidden
     */
    public static OptionalLong pidNamespace(int pid) {
        Optional<FileStatus> namespace = FileStatus.ofTarget("/proc/" + pid + "/ns/pid");
        return namespace.isPresent() ? OptionalLong.of(namespace.get().inode()) : OptionalLong.empty();
    }

    /**
     * The id of the time since the system began, which every process here has in common. Read once.
     *
     * @return the id; empty when the kernel does not tell
     */
    public static String bootId() {
        String known = bootId;
        if (known.isEmpty()) {
            byte[] id = FileDescriptors.contentsOf("/proc/sys/kernel/random/boot_id");
            known = id == null ? "" : new String(id, StandardCharsets.ISO_8859_1).trim();
            bootId = known; // a race reads it twice: harmless
        }
        return known;
    }

    /**
     * The working directory of a process.
     *
     * @return its path, with {@code " (deleted)"} behind it when it was removed; empty when the process is gone or
     *     somebody else's
     */
    public static String workingDirectory(int pid) {
        String path = link("/proc/" + pid + "/cwd");
        String folder = path.isEmpty() ? LivingThread.folderOf(pid) : null;
        return folder == null ? path : link(folder + "cwd");
    }

    static String link(String name) {
        try (NativeBuffer link = NativeBuffer.cString(name);
                NativeBuffer path = NativeBuffer.allocate(LONGEST_PATH)) {
            long length = Libc.call(Libc.symbol("readlink"), link.address(), path.address(), LONGEST_PATH);
            if (length <= 0) {
                return "";
            }
            byte[] target = path.getBytes(0, (int) length);
            String text = new String(target, StandardCharsets.UTF_8);
            return text.indexOf('\ufffd') < 0 ? text : RawText.of(target);
        }
    }

    /**
     * The name of a process's program, as the kernel knows it: 15 bytes at the most, and a process may change it.
     *
     * @return the name, printable; empty when the process is gone
     */
    public static String name(int pid) {
        byte[] name = FileDescriptors.contentsOf("/proc/" + pid + "/comm");
        return name == null ? "" : Printable.line(new String(name, StandardCharsets.UTF_8).strip());
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
}
