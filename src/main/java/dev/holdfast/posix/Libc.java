package dev.holdfast.posix;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;

/**
 * Calls into the C library.
 *
 * <p>Every parameter travels as a 64-bit integer. The calling conventions of x86-64 and aarch64 Linux pass integers and
 * pointers in the same registers, and a C {@code int} is the lower half of one, so one call context for each number of
 * parameters serves all functions, the variadic ones too. Results of functions that return {@code int} must be cut to
 * {@code int}: their upper half is not defined.
 */
public final class Libc {
    private static final int MOST_PARAMETERS = 6;
    private static final Library LIBRARY = Library.getDefault();
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final CallContext[] CONTEXTS = new CallContext[MOST_PARAMETERS + 1];

    private static final long SYSCALL = symbol("syscall");

    private Libc() {}

    /** A number of the ABI that the two architectures do not share: the one rule for all of them. */
    static int byMachine(int x86, int aarch64) {
        return "aarch64".equals(System.getProperty("os.arch")) ? aarch64 : x86;
    }

    /** The address of a function that every C library here has. */
    public static long symbol(String name) {
        long address = optionalSymbol(name);
        if (address == 0) {
            throw new UnsupportedSystemException("the C library has no function \"" + name + "\"");
        }
        return address;
    }

    /** The address of a function, 0 when this C library lacks it. */
    public static long optionalSymbol(String name) {
        return LIBRARY.getSymbolAddress(name);
    }

    public static long call(long function) {
        return INVOKER.invokeN0(context(0), function);
    }

    public static long call(long function, long a) {
        return INVOKER.invokeN1(context(1), function, a);
    }

    public static long call(long function, long a, long b) {
        return INVOKER.invokeN2(context(2), function, a, b);
    }

    public static long call(long function, long a, long b, long c) {
        return INVOKER.invokeN3(context(3), function, a, b, c);
    }

    public static long call(long function, long a, long b, long c, long d) {
        return INVOKER.invokeN4(context(4), function, a, b, c, d);
    }

    public static long call(long function, long a, long b, long c, long d, long e) {
        return INVOKER.invokeN5(context(5), function, a, b, c, d, e);
    }

    public static long call(long function, long a, long b, long c, long d, long e, long f) {
        return INVOKER.invokeN6(context(6), function, a, b, c, d, e, f);
    }

    /** A system call by number, for those that older C libraries have no function for. */
    public static long systemCall(int number, long a, long b, long c, long d) {
        return call(SYSCALL, number, a, b, c, d);
    }

    /** The error number of this thread's last failed call. Read it before any other call. */
    public static int errno() {
        return LastError.getInstance().get();
    }

    /** Sets it, before a call that leaves it alone when it merely finds nothing. */
    public static void clearErrno() {
        LastError.getInstance().set(0);
    }

    /**
     * Passes a result of type {@code int} on, or throws for -1.
     *
     * @param result what the call returned
     * @param call its name
     * @param subject what it was called on
     */
    public static int checked(long result, String call, String subject) {
        int value = (int) result;
        if (value == -1) {
            throw new PosixException(errno(), call, subject);
        }
        return value;
    }

    private static CallContext context(int parameters) {
        CallContext known = CONTEXTS[parameters];
        if (known != null) {
            return known;
        }
        Type[] types = new Type[parameters];
        Arrays.fill(types, Type.SINT64);
        // A race makes two equal contexts and forgets one: harmless.
        CallContext made = CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
        CONTEXTS[parameters] = made;
        return made;
    }
}
