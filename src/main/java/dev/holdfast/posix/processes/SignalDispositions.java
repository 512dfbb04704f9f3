package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.Signals;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a process does with each signal, as far as the kernel knows: that it has a handler, not what that does. Many
 * programs, Go's and Java's all, have one for HUP in order to end.
 *
 * @param ignored the signals that it ignores, as bits of (number - 1)
 * @param caught the signals that it has a handler for
 * @param blocked the signals that its first thread has blocked, or waits for by
 *     sigwait(3): it may read them from a signalfd(2), too
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5), SigIgn and SigCgt</a>
 */
public record SignalDispositions(long ignored, long caught, long blocked) {
    private static final int HEXADECIMAL = 16;

    /** What a signal does to a process. */
    public enum Effect {
        /** It has a handler, or takes it otherwise. */
        TAKEN,
        /** Nothing. */
        NONE,
        /** It dies. */
        DEATH,
        /** It is stopped until somebody continues it. */
        STOP
    }

    /**
     * Of a process.
     *
     * @return its dispositions; empty when it is gone or hidden
     */
    public static Optional<SignalDispositions> of(int pid) {
        // Before and after, since it may begin or end to wait meanwhile.
        long awaited = awaitedBy(pid);
        SignalDispositions seen = parse(ProcFs.status(Integer.toString(pid))).orElse(null);
        if (seen == null) {
            return Optional.empty();
        }
        long all = awaited | awaitedBy(pid);
        return Optional.of(all == 0 ? seen : new SignalDispositions(seen.ignored, seen.caught, seen.blocked | all));
    }

    /**
     * What its first thread waits for in rt_sigtimedwait(2): the kernel unblocks these for as long as that lasts, so that
     * they look as if the process had done nothing about them. None where this process may not look into it.
     */
    private static long awaitedBy(int pid) {
        byte[] call = FileDescriptors.contentsOf("/proc/" + pid + "/syscall");
        String text = call == null ? "" : new String(call, StandardCharsets.ISO_8859_1);
        String start = Abi.SYS_RT_SIGTIMEDWAIT + " 0x";
        if (!text.startsWith(start)) {
            return 0;
        }
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            int end = text.indexOf(' ', start.length());
            memory.seek(Long.parseUnsignedLong(text.substring(start.length(), end), HEXADECIMAL));
            byte[] set = new byte[Long.BYTES];
            memory.readFully(set);
            return ByteBuffer.wrap(set).order(ByteOrder.nativeOrder()).getLong();
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return 0;
        }
    }

    static Optional<SignalDispositions> parse(String status) {
        String blocked = ProcFs.field(status, "SigBlk");
        String ignored = ProcFs.field(status, "SigIgn");
        String caught = ProcFs.field(status, "SigCgt");
        if (blocked.isEmpty() || ignored.isEmpty() || caught.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SignalDispositions(bits(ignored), bits(caught), bits(blocked)));
    }

    private static long bits(String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal, HEXADECIMAL);
    }

    /**
     * What a signal does to it.
     *
     * @param signal 1 to 64
     * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7), standard signals</a>
     */
    public Effect effectOf(int signal) {
        long bit = 1L << (signal - 1);
        if (signal == Signals.KILL) {
            return Effect.DEATH;
        }
        if (signal == Signals.STOP) {
            return Effect.STOP;
        }
        if ((ignored & bit) != 0) {
            return Effect.NONE;
        }
        return ((caught | blocked) & bit) != 0 ? Effect.TAKEN : byDefault(signal);
    }

    /**
     * Whether a signal waits, without a handler for it. A moment later the process may die of it.
     *
     * @param signal 1 to 64
     * @return true when it does
     */
    public boolean isOnlyBlocked(int signal) {
        long bit = 1L << (signal - 1);
        return (blocked & bit) != 0 && ((caught | ignored) & bit) == 0;
    }

    /**
     * What a signal does to a process that has done nothing about it.
     *
     * @param signal 1 to 64
     */
    public static Effect byDefault(int signal) {
        return switch (signal) {
            case Signals.CHLD, Signals.CONT, Signals.URG, Signals.WINCH -> Effect.NONE;
            case Signals.STOP, Signals.TSTP, Signals.TTIN, Signals.TTOU -> Effect.STOP;
            default -> Effect.DEATH;
        };
    }
}
