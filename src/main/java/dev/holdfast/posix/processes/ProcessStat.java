package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The line of a process in {@code /proc/PID/stat}.
 *
 * @param pid the process
 * @param state one letter of the kernel's, such as Z for a zombie and X for a dead one; or ours, {@link
 *     #WITHOUT_FIRST_THREAD}
 * @param parent the parent's pid
 * @param processGroup its process group
 * @param session the id of its session
 * @param flags the kernel's flags of its first thread; 0 when they are not known
 * @param startTicks field 22: when it started, in clock ticks since boot; as {@link #of} gives it, the same in every
 *     time namespace
 */
public record ProcessStat(int pid, char state, int parent, int processGroup, int session, long flags, long startTicks) {
    /** The kernel says Z, and that there is more than one thread: the first one has ended, and others have not. */
    static final char WITHOUT_FIRST_THREAD = 'L';

    /** From field 4, the parent, to field 22, the start time. */
    private static final int TICKS_AFTER_PARENT = 18;

    private static final int FLAGS_AFTER_PARENT = 5;
    private static final int THREADS_AFTER_PARENT = 16;
    /** Behind the parenthesis: a blank, the state, and another blank. */
    private static final int PARENT_AFTER_NAME = 4;
    /** A name is 15 bytes long, one of a kernel's worker 64, and before it stand seven digits at the most. */
    private static final int NAME_ENDS_BEFORE = 128;

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
        return flags == 0 || (flags & Abi.PF_EXITING) != 0;
    }

    /**
     * Whether the process runs no more: a zombie, or dead. A process whose first thread has ended while others go on is
     * shown as a zombie, too, and runs: it has its descriptors, its locks and its ports.
     *
     * @return true when it runs no more
     */
    public boolean isDead() {
        return hasThreadEnded() && !isWithoutFirstThread();
    }

    /**
     * Whether the first thread has ended, and others live or have not ended yet.
     *
     * @return true when {@code /proc/PID} shows nothing of what the process has
     */
    boolean isWithoutFirstThread() {
        return state == WITHOUT_FIRST_THREAD;
    }

    /**
     * Whether the thread that this line is about has ended; as a rule the first one of its process.
     *
     * @return true when it has
     */
    boolean hasThreadEnded() {
        return state == 'Z' || state == 'X' || state == 'x' || state == WITHOUT_FIRST_THREAD;
    }

    private ProcessStat earlier(long ticks) {
        return new ProcessStat(pid, state, parent, processGroup, session, flags, startTicks - ticks);
    }

    /**
     * Whether it is a thread of the kernel: it has no program, and no program starts one.
     *
     * @return false when that is not known
     */
    public boolean isOfKernel() {
        return (flags & Abi.PF_KTHREAD) != 0;
    }

    /**
     * The status line of a process.
     *
     * @return its line; empty when the process is gone or hidden
     */
    public static Optional<ProcessStat> of(int pid) {
        byte[] line = FileDescriptors.contentsOf("/proc/" + pid + "/stat");
        return line == null ? Optional.empty() : Optional.ofNullable(inOwnTime(parse(line, line.length)));
    }

    /** Start times as they are in every time namespace. */
    static @Nullable ProcessStat inOwnTime(@Nullable ProcessStat stat) {
        long ticks = TimeNamespace.ticks();
        return ticks == 0 || stat == null ? stat : stat.earlier(ticks);
    }

    /**
     * Reads the line as far as field 22. Field 2 is the program's name in parentheses, and may itself contain blanks and
     * parentheses. Read by hand, byte by byte: a look for a process's children reads the line of every process on the
     * machine.
     *
     * @return null when that is not all there
     */
    static @Nullable ProcessStat parse(byte[] line, int length) {
        int open = 0;
        while (open < length && line[open] != ' ') {
            open++;
        }
        int close = Math.min(length, NAME_ENDS_BEFORE) - 1;
        while (close > open && line[close] != ')') {
            close--;
        }
        int at = close + PARENT_AFTER_NAME;
        if (close <= open || at >= length) {
            return null;
        }
        long[] fields = new long[TICKS_AFTER_PARENT + 1];
        int count = 0;
        boolean isNegative = false;
        long number = 0;
        for (; at < length && count < fields.length; at++) {
            byte letter = line[at];
            if (letter >= '0' && letter <= '9') {
                number = number * 10 + letter - '0';
            } else if (letter == '-') {
                isNegative = true;
            } else {
                fields[count++] = isNegative ? -number : number;
                isNegative = false;
                number = 0;
            }
        }
        if (count < fields.length) {
            return null;
        }
        char state = (char) line[close + 2];
        return new ProcessStat(
                Integer.parseInt(new String(line, 0, open, StandardCharsets.ISO_8859_1)),
                state == 'Z' && fields[THREADS_AFTER_PARENT] > 1 ? WITHOUT_FIRST_THREAD : state,
                (int) fields[0],
                (int) fields[1],
                (int) fields[2],
                fields[FLAGS_AFTER_PARENT],
                fields[TICKS_AFTER_PARENT]);
    }
}
