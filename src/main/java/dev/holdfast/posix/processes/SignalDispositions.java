package dev.holdfast.posix.processes;

import dev.holdfast.posix.signals.Signals;
import java.util.Optional;

/**
 * What a process does with each signal, as far as the kernel knows: that it has a handler, not what that does. Many
 * programs, Go's and Java's all, have one for HUP in order to end.
 *
 * @param ignored the signals that it ignores, as bits of (number - 1)
 * @param caught the signals that it has a handler for
 * @param blocked the signals that its first thread has blocked: it may read them from a signalfd(2) or by sigwait(3)
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
     * @param pid the process
     * @return its dispositions; empty when it is gone or hidden
     */
    public static Optional<SignalDispositions> of(int pid) {
        return parse(ProcFs.status(Integer.toString(pid)));
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
     * @return the effect
     */
    public static Effect byDefault(int signal) {
        return switch (signal) {
            case Signals.CHLD, Signals.CONT, Signals.URG, Signals.WINCH -> Effect.NONE;
            case Signals.STOP, Signals.TSTP, Signals.TTIN, Signals.TTOU -> Effect.STOP;
            default -> Effect.DEATH;
        };
    }
}
