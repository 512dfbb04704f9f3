package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.MappedMemory;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.signals.Signals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program by posix_spawn(3): empty signal mask, default dispositions, its own process group, only the
 * descriptors that are listed.
 *
 * <p>{@code ProcessBuilder} cannot do that: it passes descriptors 0 to 2 only, leaves QUIT blocked in children before
 * JDK 25, and knows no process groups. glibc suspends the caller until the exec, so the exec's error comes back here.
 * Not safe for use by many threads.
 */
public final class Spawn {
    /** Larger than any C library's posix_spawnattr_t and posix_spawn_file_actions_t (336 and 80 bytes in glibc). */
    private static final int OPAQUE_SIZE = 1024;

    /** No process has it: more than the kernel's highest pid, which is 2^22. */
    private static final int NO_PROCESS = Integer.MAX_VALUE;

    private final byte[] program;
    private final List<byte[]> arguments;
    private final List<byte[]> environment;
    private final List<int[]> descriptors = new ArrayList<>(4);
    private @Nullable MappedMemory more;
    private @Nullable DeathSignal death;
    private int[] offsets = new int[0];
    private boolean hangUpStaysIgnored;
    private boolean isPartOfJob;
    private boolean isInNewSession;

    /**
     * A start that has yet to be made.
     *
     * @param program the path of the file to execute
     * @param arguments all of them, the program's own name first
     * @param environment {@code NAME=value}, each
     */
    public Spawn(byte[] program, List<byte[]> arguments, List<byte[]> environment) {
        this.program = program.clone();
        this.arguments = List.copyOf(arguments);
        this.environment = List.copyOf(environment);
    }

    /**
     * Passes a descriptor on. Descriptors 0 to 2 are passed on as they are unless they are the target here. It happens
     * in the order of the calls: no source may have been the target of another before. All others are closed.
     *
     * @param source its number here
     * @param target its number there
     */
    public void passDescriptor(int source, int target) {
        descriptors.add(new int[] {source, target});
    }

    /**
     * Appends arguments that lie in memory outside the heap.
     *
     * @param memory what they lie in; must stay until the start
     * @param starts where each begins; it ends at a NUL within the memory
     */
    public void appendArguments(MappedMemory memory, int... starts) {
        more = memory;
        offsets = starts.clone();
    }

    /**
     * Aims a signal at the program, with its process group where it gets one of its own, in the instant in which it has
     * a pid. It does not inherit the signal's descriptor by that.
     */
    public void dieOf(DeathSignal signal) {
        death = signal;
    }

    /** Lets the program ignore HUP, as nohup(1) wants it. */
    public void keepHangUpIgnored() {
        hangUpStaysIgnored = true;
    }

    /** Starts it in a session of its own, setsid(2): no terminal, and no other process, is there to hang up on it. */
    public void beginSession() {
        isInNewSession = true;
    }

    /**
     * Starts it in this process's group, as a shell starts a simple command, and lets it ignore what this process
     * ignores: the keys of the terminal and the shell's job control mean both.
     */
    public void stayInJob() {
        isPartOfJob = true;
    }

    /**
     * Starts the program. Blocks until its exec.
     *
     * @return its pid, or the negated error number of the exec
     * @throws PosixException if no process may be put into a group of its own, or memory is short
     */
    public int start() {
        try (NativeBuffer attributes = NativeBuffer.allocate(OPAQUE_SIZE);
                NativeBuffer actions = NativeBuffer.allocate(OPAQUE_SIZE);
                NativeBuffer pid = NativeBuffer.allocate(8);
                NativeBuffer path = NativeBuffer.cString(program);
                StringArray argv = new StringArray(arguments, more, offsets);
                StringArray envp = new StringArray(environment)) {
            setAttributes(attributes);
            setActions(actions);
            int error = (int) Libc.call(
                    Libc.symbol("posix_spawn"),
                    pid.address(),
                    path.address(),
                    actions.address(),
                    attributes.address(),
                    argv.address(),
                    envp.address());
            if (error == 0 && death != null) {
                // Before anything else: until then it would outlive this process.
                death.aimAt(isPartOfJob ? pid.getInt(0) : -pid.getInt(0));
            }
            var unused = Libc.call(Libc.symbol("posix_spawn_file_actions_destroy"), actions.address());
            // The C library does not tell which of its calls has failed.
            if (error != 0 && group() == Abi.POSIX_SPAWN_SETPGROUP && isGroupRefused(error)) {
                throw new PosixException(error, "setpgid", "");
            }
            return error == 0 ? pid.getInt(0) : -error;
        }
    }

    private void setAttributes(NativeBuffer attributes) {
        check(Libc.call(Libc.symbol("posix_spawnattr_init"), attributes.address()));
        check(Libc.call(
                Libc.symbol("posix_spawnattr_setflags"),
                attributes.address(),
                group() | Abi.POSIX_SPAWN_SETSIGDEF | Abi.POSIX_SPAWN_SETSIGMASK));
        try (NativeBuffer set = NativeBuffer.allocate(Abi.SIZEOF_SIGSET)) {
            check(Libc.call(Libc.symbol("posix_spawnattr_setsigmask"), attributes.address(), set.address()));
            set.putLong(0, toBeDefault());
            check(Libc.call(Libc.symbol("posix_spawnattr_setsigdefault"), attributes.address(), set.address()));
        }
    }

    /** A session's first process leads its group, too. */
    private int group() {
        if (isInNewSession) {
            return Abi.POSIX_SPAWN_SETSID;
        }
        return isPartOfJob ? 0 : Abi.POSIX_SPAWN_SETPGROUP;
    }

    /** A seccomp filter's answer comes before the kernel's own, that there is no such process. */
    private static boolean isGroupRefused(int error) {
        return (int) Libc.call(Libc.symbol("setpgid"), NO_PROCESS, NO_PROCESS) == -1 && Libc.errno() == error;
    }

    private void setActions(NativeBuffer actions) {
        check(Libc.call(Libc.symbol("posix_spawn_file_actions_init"), actions.address()));
        long dup2 = Libc.symbol("posix_spawn_file_actions_adddup2");
        // The JVM holds its jars and /dev/urandom without FD_CLOEXEC, and the caller's descriptors have none.
        FileDescriptors.closeOnExecFrom(3);
        for (int[] descriptor : descriptors) {
            if (descriptor[0] == descriptor[1]) {
                // By its flag: it may be above the limit of open files, which was lowered since, and dup2 refuses it
                // there.
                FileDescriptors.keepOverExec(descriptor[0]);
            } else {
                check(Libc.call(dup2, actions.address(), descriptor[0], descriptor[1]));
            }
        }
    }

    /**
     * All but KILL and STOP, which have no disposition. Also 32 and 33, the C library's own: here it has handlers for
     * them, and would leave them ignored in the program.
     */
    private long toBeDefault() {
        long defaults = ~(bit(Signals.KILL) | bit(Signals.STOP));
        if (isPartOfJob) {
            return defaults & ~ignored();
        }
        return hangUpStaysIgnored ? defaults & ~bit(Signals.HUP) : defaults;
    }

    private static long ignored() {
        long ignored = 0;
        for (int signal = 1; signal <= Signals.HIGHEST; signal++) {
            if (Signals.hasDisposition(signal) && Signals.isIgnored(signal)) {
                ignored |= bit(signal);
            }
        }
        return ignored;
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** These return an error number: ENOMEM. */
    private static void check(long error) {
        if ((int) error != 0) {
            throw new PosixException((int) error, "posix_spawn", "");
        }
    }

    /** A NULL-terminated array of C strings, in one piece of memory. */
    static final class StringArray implements AutoCloseable {
        private final NativeBuffer memory;

        StringArray(List<byte[]> strings) {
            this(strings, null);
        }

        /** Those that lie elsewhere come last, and are not copied. */
        StringArray(List<byte[]> strings, @Nullable MappedMemory more, int... offsets) {
            int pointers = (strings.size() + offsets.length + 1) * Long.BYTES;
            int size = pointers;
            for (byte[] string : strings) {
                size += string.length + 1;
            }
            memory = NativeBuffer.allocate(size);
            int offset = pointers;
            for (int i = 0; i < strings.size(); i++) {
                memory.putLong(i * Long.BYTES, memory.address() + offset);
                memory.putBytes(offset, strings.get(i));
                offset += strings.get(i).length + 1;
            }
            for (int i = 0; i < offsets.length && more != null; i++) {
                memory.putLong((strings.size() + i) * Long.BYTES, more.address(offsets[i], 1));
            }
        }

        long address() {
            return memory.address();
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
