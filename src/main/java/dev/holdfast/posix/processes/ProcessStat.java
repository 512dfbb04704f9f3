package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.files.FileDescriptors;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The line of a process in {@code /proc/PID/stat}.
 *
 * @param pid the process
 * @param state one letter; Z is a zombie, X is dead
 * @param parent the parent's pid
 * @param processGroup its process group
 * @param session the id of its session
 * @param flags the kernel's flags of its first thread; 0 when they are not known
 * @param startTicks field 22: when it started, in clock ticks since boot; as {@link #of} gives it, the same in every
 *     time namespace
 */
public record ProcessStat(int pid, char state, int parent, int processGroup, int session, long flags, long startTicks) {
    /** From field 4, the parent, to field 22, the start time. */
    private static final int TICKS_AFTER_PARENT = 18;

    private static final int FLAGS_AFTER_PARENT = 5;

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
     * Whether the process runs no more: a zombie, or dead.
     *
     * @return true when it runs no more
     */
    public boolean isDead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    private ProcessStat earlier(long ticks) {
        return new ProcessStat(pid, state, parent, processGroup, session, flags, startTicks - ticks);
    }

    /**
     * The status line of a process.
     *
     * @return its line; empty when the process is gone or hidden
     */
    public static Optional<ProcessStat> of(int pid) {
        byte[] line = FileDescriptors.contentsOf("/proc/" + pid + "/stat");
        if (line == null) {
            return Optional.empty();
        }
        Optional<ProcessStat> stat = parse(new String(line, StandardCharsets.ISO_8859_1));
        long ticks = TimeNamespace.ticks();
        return ticks == 0 || stat.isEmpty() ? stat : Optional.of(stat.get().earlier(ticks));
    }

    /**
     * Field 2 is the program's name in parentheses, and may itself contain blanks and parentheses. Read by hand: a look
     * for a process's children reads the line of every process on the machine.
     */
    static Optional<ProcessStat> parse(String line) {
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
        return Optional.of(new ProcessStat(
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
}
