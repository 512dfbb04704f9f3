package dev.holdfast.posix.signals;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.processes.Exec;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Signal numbers and names, and this process's mask and dispositions.
 *
 * <p>Numbers of x86-64 and aarch64 Linux, signal(7).
 */
public final class Signals {
    /** Hang-up of the terminal. */
    public static final int HUP = 1;
    /** Interrupt from the keyboard. */
    public static final int INT = 2;
    /** Quit from the keyboard. */
    public static final int QUIT = 3;
    /** Ends with a core dump. */
    public static final int ABRT = 6;
    /** Kill; cannot be caught. */
    public static final int KILL = 9;
    /** Write to a pipe without a reader. */
    public static final int PIPE = 13;
    /** Terminate. */
    public static final int TERM = 15;
    /** A child stopped or ended. */
    public static final int CHLD = 17;
    /** Go on after a stop. */
    public static final int CONT = 18;
    /** Stop; cannot be caught. */
    public static final int STOP = 19;
    /** Stop from the keyboard. */
    public static final int TSTP = 20;
    /** A background process read from the terminal. */
    public static final int TTIN = 21;
    /** A background process wrote to the terminal. */
    public static final int TTOU = 22;
    /** Urgent data on a socket. */
    public static final int URG = 23;
    /** The terminal has another size. */
    public static final int WINCH = 28;
    /** The largest signal number. */
    public static final int HIGHEST = 64;

    private static final String[] NAMES = {
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "POLL", "PWR", "SYS"
    };

    /**
     * What the launcher takes for itself, as bits of (number - 1).
     *
     * <p>Not among them: the synchronous ones, which HotSpot needs; STKFLT, to which bin/holdfast moves HotSpot's
     * suspend signal; XFSZ, which HotSpot handles; 32 and 33, which are the C library's; and 62, with which the JDK
     * wakes threads out of blocking I/O.
     */
    private static final long TAKEN =
            bits(HUP, INT, QUIT, 10, 12, PIPE, 14, TERM, CHLD, CONT, TSTP, TTIN, TTOU, 23, 24, 26, 27, 28, 29, 30)
                    | realTime();

    private Signals() {}

    /**
     * The name of a signal, without "SIG".
     *
     * @param number 1 to 64
     * @return its name; "RTMIN+n" for the real-time ones
     */
    public static String name(int number) {
        if (number >= 0 && number < NAMES.length) {
            return NAMES[number];
        }
        return number >= 34 ? "RTMIN+" + (number - 34) : Integer.toString(number);
    }

    /**
     * The number of a signal.
     *
     * @param text a name with or without "SIG", in any case, or a number
     * @return 1 to 64; empty when there is no such signal
     */
    public static OptionalInt parse(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        for (int number = 1; number < NAMES.length; number++) {
            if (NAMES[number].equals(name)) {
                return OptionalInt.of(number);
            }
        }
        boolean realTime = name.startsWith("RTMIN+");
        String digits = realTime ? name.substring(6) : name;
        if (digits.isEmpty() || digits.length() > 2 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(digits) + (realTime ? 34 : 0);
        return number >= 1 && number <= HIGHEST ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /**
     * Whether the launcher takes a signal from its {@link SignalQueue}, and could pass it on.
     *
     * @param number 1 to 64
     * @return true when it does
     */
    public static boolean isTaken(int number) {
        return (TAKEN >>> (number - 1) & 1) != 0;
    }

    /**
     * Whether the calling thread has every signal blocked that the launcher takes.
     *
     * <p>The mask is inherited over exec and by new threads, so when bin/holdfast could block them, it is so in every
     * thread of the JVM from its first instruction on.
     *
     * @return true when they are blocked
     */
    public static boolean areBlocked() {
        try (NativeBuffer old = NativeBuffer.allocate(Abi.SIZEOF_SIGSET)) {
            mask(Abi.SIG_BLOCK, 0, old.address());
            return (old.getLong(0) & TAKEN) == TAKEN;
        }
    }

    /** Empties the calling thread's mask. A signal that came meanwhile is delivered, and may end the process. */
    public static void unblockAll() {
        try (NativeBuffer empty = NativeBuffer.allocate(Abi.SIZEOF_SIGSET)) {
            mask(Abi.SIG_SETMASK, empty.address(), 0);
        }
    }

    /**
     * Ends this process by a signal's default action: so that the process that waits for it sees of what it died. To be called when
     * all is released. Returns in a pid namespace's first process, which the kernel spares (pid_namespaces(7)).
     */
    public static void dieOf(int number) {
        setDefault(number);
        try (NativeBuffer set = NativeBuffer.allocate(Abi.SIZEOF_SIGSET)) {
            set.putLong(0, bits(number));
            mask(Abi.SIG_UNBLOCK, set.address(), 0);
        }
        raise(number);
    }

    /** To the calling thread, by tgkill(2), which filters that refuse kill(2) leave alone. */
    private static void raise(int number) {
        Libc.checked(Libc.call(Libc.symbol("raise"), number), "raise", name(number));
    }

    /** Blocks them in the calling thread: for {@link Exec}. */
    public static void block() {
        try (NativeBuffer set = taken()) {
            mask(Abi.SIG_BLOCK, set.address(), 0);
        }
    }

    /**
     * Whether this process ignores a signal, because who started it (nohup, a shell's {@code &}) did.
     *
     * @return true when it is ignored
     */
    public static boolean isIgnored(int number) {
        try (NativeBuffer old = NativeBuffer.allocate(Abi.SIZEOF_SIGACTION)) {
            Libc.checked(Libc.call(Action.SIGACTION, number, 0, old.address()), "sigaction", name(number));
            return old.getLong(0) == Abi.SIG_IGN;
        }
    }

    /**
     * Sets a signal back to its default action. Needed for CHLD: when it is inherited as ignored, the kernel throws the
     * exit status of every child away, wait(2).
     */
    public static void setDefault(int number) {
        try (NativeBuffer action = NativeBuffer.allocate(Abi.SIZEOF_SIGACTION)) {
            Libc.checked(Libc.call(Action.SIGACTION, number, action.address(), 0), "sigaction", name(number));
        }
    }

    /**
     * Lets a stop signal do to this process what it does to any other: stop it, until somebody continues it. Does
     * nothing where nobody could, in an orphaned process group, and where the caller ignores the signal; STOP would
     * stop it there for ever. Blocks while stopped.
     *
     * @param number TSTP, TTIN or TTOU
     * @return whether the process was stopped
     * @see <a href="https://man7.org/linux/man-pages/man7/credentials.7.html">credentials(7), orphaned groups</a>
     */
    public static boolean stopSelf(int number) {
        try (NativeBuffer set = NativeBuffer.allocate(Abi.SIZEOF_SIGSET);
                NativeBuffer pending = NativeBuffer.allocate(Abi.SIZEOF_SIGSET)) {
            set.putLong(0, bits(number));
            mask(Abi.SIG_UNBLOCK, set.address(), 0);
            // Delivered before it returns: it is for this thread, which has it unblocked.
            raise(number);
            mask(Abi.SIG_BLOCK, set.address(), 0);
            // Whoever was stopped was continued, and the blocked CONT is still there to tell.
            Libc.checked(Libc.call(Libc.symbol("sigpending"), pending.address()), "sigpending", "");
            return (pending.getLong(0) & bits(CONT)) != 0;
        }
    }

    /**
     * Whether a signal's action can be set: not for KILL and STOP, nor for 32 and 33, which are the C library's own.
     */
    public static boolean hasDisposition(int number) {
        return number != KILL && number != STOP && number != 32 && number != 33;
    }

    /** pthread_sigmask(3), which returns its error instead of leaving it in errno. */
    static void mask(int how, long set, long old) {
        int error = (int) Libc.call(Mask.SIGMASK, how, set, old);
        if (error != 0) {
            throw new PosixException(error, "pthread_sigmask", "");
        }
    }

    /** A sigset_t with the taken ones in it. */
    static NativeBuffer taken() {
        NativeBuffer set = NativeBuffer.allocate(Abi.SIZEOF_SIGSET);
        set.putLong(0, TAKEN);
        return set;
    }

    private static long bits(int... numbers) {
        long bits = 0;
        for (int number : numbers) {
            bits |= 1L << (number - 1);
        }
        return bits;
    }

    private static long realTime() {
        long bits = 0;
        for (int number = 34; number <= HIGHEST; number++) {
            if (number != 62) {
                bits |= 1L << (number - 1);
            }
        }
        return bits;
    }

    private static final class Mask {
        static final long SIGMASK = Libc.symbol("pthread_sigmask");
    }

    private static final class Action {
        static final long SIGACTION = Libc.symbol("sigaction");
    }
}
