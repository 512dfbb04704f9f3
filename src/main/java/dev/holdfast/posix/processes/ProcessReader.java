package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code /proc} says of one process after the other, with one piece of memory for all of them and as few system
 * calls as can be: for a walk over all processes that somebody waits for. What it says is the same as what {@link
 * ProcessStat#of} and {@link ProcessEnvironment#has} say.
 *
 * <p>For a start that waits, one walk can remember when each process began, so that the next one passes over most of them
 * with one call each ({@link #rememberStarts}).
 *
 * <p>Not safe for use by many threads.
 */
public final class ProcessReader implements AutoCloseable {
    private static final long OPEN = Libc.symbol("open");
    private static final long READ = Libc.symbol("read");
    private static final long CLOSE = Libc.symbol("close");
    private static final long FIND = Libc.symbol("memmem");
    private static final long STATUS = Libc.symbol("statx");

    private static final byte[] FOLDER = "/proc/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STAT = "/stat\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENVIRON = "/environ\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ITSELF = {0};
    private static final int LONGEST_PATH = 32;
    /** Field 22 ends before, whatever is in the others. */
    private static final int STAT_BYTES = 512;

    private static final int ENVIRONMENT_BYTES = 1 << 16;

    /** Of the last walk; null while nobody remembers. */
    private static volatile @Nullable KnownStarts latest;

    private final @Nullable KnownStarts before = latest;
    /** Null while nobody remembers. */
    private final @Nullable KnownStarts found = before == null ? null : new KnownStarts();
    /** The last one that was not known, and the inode of its folder. */
    private int asked;

    private long askedInode;

    private final NativeBuffer path = NativeBuffer.allocate(LONGEST_PATH);
    private final NativeBuffer text = NativeBuffer.allocate(STAT_BYTES);
    private final byte[] line = new byte[STAT_BYTES];
    private final String entry;
    private final NativeBuffer sought;
    /** An environment, with a NUL before its first entry, as there is one after each. */
    private final NativeBuffer environment = NativeBuffer.allocate(ENVIRONMENT_BYTES + 1);

    /**
     * A reader that looks for one variable.
     *
     * @param entry {@code NAME=value}, ASCII
     */
    public ProcessReader(String entry) {
        this.entry = entry;
        byte[] bytes = ('\0' + entry + '\0').getBytes(StandardCharsets.ISO_8859_1);
        sought = NativeBuffer.allocate(bytes.length);
        sought.putBytes(0, bytes);
    }

    /**
     * Lets each walk remember for the next one when the processes began. What is known of an earlier walk is forgotten.
     */
    public static void rememberStarts() {
        latest = KnownStarts.NONE;
    }

    /**
     * Whether a process is known to have begun before a certain time, by an earlier walk. To be asked before {@link #stat},
     * and in the order of the pids.
     *
     * @param ticks clock ticks since boot
     * @return false also when it is not known
     */
    public boolean hasBegunBefore(int pid, long ticks) {
        if (before == null || found == null) {
            return false;
        }
        long inode = inode(pid);
        long start = before.startOf(pid, inode);
        if (start == KnownStarts.UNKNOWN) {
            asked = pid;
            askedInode = inode;
            return false;
        }
        found.add(pid, inode, start);
        return start < ticks;
    }

    /**
     * The status line of a process.
     *
     * @return its line; null when the process is gone or hidden
     */
    public @Nullable ProcessStat stat(int pid) {
        int length = read(pid, STAT, text.address(), STAT_BYTES, false);
        if (length <= 0) {
            return null;
        }
        text.getBytes(0, line, length);
        ProcessStat stat = ProcessStat.inOwnTime(ProcessStat.parse(line, length));
        if (stat != null && found != null && pid == asked && askedInode != 0) {
            found.add(pid, askedInode, stat.startTicks());
        }
        return stat;
    }

    /**
     * Whether a process was started with the variable, of that very value.
     *
     * @return true when it was; false also when the process is gone, or another user's whose environment is hidden
     */
    public boolean hasVariable(int pid) {
        int length = read(pid, ENVIRON, environment.address() + 1, ENVIRONMENT_BYTES, true);
        if (length == ENVIRONMENT_BYTES) {
            return ProcessEnvironment.has(pid, entry); // too long for the memory, perhaps
        }
        if (length == 0) {
            return ProcessEnvironment.has(pid, entry); // its first thread has ended, perhaps, and others have not
        }
        return length > 0 && Libc.call(FIND, environment.address(), length + 1, sought.address(), sought.size()) != 0;
    }

    /**
     * Reads a file of a process, from its beginning.
     *
     * @param isWhole whether it is read until its end, or only once
     * @return how many bytes; -1 when there is no such file, or it may not be read
     */
    private int read(int pid, byte[] name, long to, int most, boolean isWhole) {
        setPath(pid, name);
        int fd = (int) Libc.call(OPEN, path.address(), Abi.O_RDONLY | Abi.O_NOCTTY | Abi.O_CLOEXEC);
        if (fd < 0) {
            return -1;
        }
        int length = 0;
        int count;
        do {
            count = (int) Libc.call(READ, fd, to + length, most - length);
            length += Math.max(0, count);
        } while (isWhole && count > 0 && length < most);
        var unused = Libc.call(CLOSE, fd);
        return count < 0 ? -1 : length;
    }

    /** The number of a process's folder; 0 when it cannot be told. */
    private long inode(int pid) {
        setPath(pid, ITSELF);
        int result = (int) Libc.call(STATUS, Abi.AT_FDCWD, path.address(), 0, Abi.STATX_BASIC_STATS, text.address());
        return result == 0 ? text.getLong(Abi.STATX_INODE_AT) : 0;
    }

    private void setPath(int pid, byte[] name) {
        byte[] digits = new byte[FOLDER.length + 10 + name.length];
        System.arraycopy(FOLDER, 0, digits, 0, FOLDER.length);
        int at = FOLDER.length;
        int unit = 1;
        while (pid / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            digits[at++] = (byte) ('0' + pid / unit % 10);
        }
        System.arraycopy(name, 0, digits, at, name.length);
        path.putBytes(0, digits);
    }

    @Override
    public void close() {
        if (found != null) {
            latest = found;
        }
        path.close();
        text.close();
        sought.close();
        environment.close();
    }
}
