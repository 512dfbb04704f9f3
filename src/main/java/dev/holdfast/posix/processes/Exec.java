package dev.holdfast.posix.processes;

import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.Signals;
import java.util.List;

/**
 * Replaces this process's program by another, execve(2): same pid, same parent, locks kept on the descriptors that are
 * kept.
 *
 * <p>Every other thread of the JVM ends at that moment, and no shutdown hook runs. All descriptors above 2 are closed
 * but those that are listed: the JVM holds its jars and more without FD_CLOEXEC.
 */
public final class Exec {
    private Exec() {}

    /**
     * Becomes a server: signal mask empty, ignored signals back to their default.
     *
     * <p>A signal that arrives between the emptying of the mask and the exec ends the process, as it would end the
     * server in its first instant; the kernel frees the locks.
     *
     * @param program the path of the file to execute
     * @param arguments all of them, the program's own name first
     * @param environment {@code NAME=value}, each
     * @param keptDescriptors which to keep besides 0 to 2
     * @param moved which to give other numbers, here and there; none may be here what another one is there
     * @param keepHangUpIgnored whether HUP stays ignored, when it is
     * @return the error number, with the signals blocked again; on success it does not return
     */
    public static int asServer(
            byte[] program,
            List<byte[]> arguments,
            List<byte[]> environment,
            List<Integer> keptDescriptors,
            List<int[]> moved,
            boolean keepHangUpIgnored) {
        for (int signal = 1; signal <= Signals.HIGHEST; signal++) {
            boolean kept = signal == Signals.HUP && keepHangUpIgnored;
            if (!kept && Signals.hasDisposition(signal) && Signals.isIgnored(signal)) {
                Signals.setDefault(signal);
            }
        }
        return become(program, arguments, environment, keptDescriptors, moved);
    }

    /**
     * Becomes a command of the same job: signal mask empty, and ignored signals as they are. Otherwise as
     * {@link #asServer}.
     *
     * @param program the path of the file to execute
     * @param arguments all of them, the program's own name first
     * @param environment {@code NAME=value}, each
     * @param keptDescriptors which to keep besides 0 to 2
     * @return the error number, with the signals blocked again; on success it does not return
     */
    public static int asCommand(
            byte[] program, List<byte[]> arguments, List<byte[]> environment, List<Integer> keptDescriptors) {
        return become(program, arguments, environment, keptDescriptors, List.of());
    }

    private static int become(
            byte[] program,
            List<byte[]> arguments,
            List<byte[]> environment,
            List<Integer> keptDescriptors,
            List<int[]> moved) {
        closeOthersOnExec(keptDescriptors);
        try (NativeBuffer path = NativeBuffer.cString(program);
                Spawn.StringArray argv = new Spawn.StringArray(arguments);
                Spawn.StringArray envp = new Spawn.StringArray(environment)) {
            Signals.unblockAll();
            int errno = moved.isEmpty() ? execute(path, argv, envp) : execute(path, argv, envp, moved);
            Signals.block();
            return errno;
        }
    }

    /**
     * The JVM has its own files under the low numbers, the jars among them. So they are put aside for the case that the
     * exec fails, and between the moving and the exec no class may be loaded: nothing is called there but the C library.
     */
    private static int execute(NativeBuffer path, Spawn.StringArray argv, Spawn.StringArray envp, List<int[]> moved) {
        long dup2 = Libc.symbol("dup2");
        long execve = Libc.symbol("execve");
        int count = moved.size();
        int[] from = new int[count];
        int[] to = new int[count];
        int[] aside = new int[count];
        int lowest = FileDescriptors.FIRST_AFTER_STDERR;
        for (int i = 0; i < count; i++) {
            from[i] = moved.get(i)[0];
            to[i] = moved.get(i)[1];
            lowest = Math.max(lowest, to[i] + 1);
        }
        for (int i = 0; i < count; i++) {
            aside[i] = FileDescriptors.isOpen(to[i]) ? FileDescriptors.duplicateAtOrAbove(to[i], lowest) : -1;
        }
        var unused = Libc.errno(); // its class is loaded by that
        long result = 0;
        for (int i = 0; i < count && result >= 0; i++) {
            result = Libc.call(dup2, from[i], to[i]);
        }
        if (result >= 0) {
            result = Libc.call(execve, path.address(), argv.address(), envp.address());
        }
        int errno = Libc.errno();
        for (int i = 0; i < count; i++) {
            if (aside[i] >= 0) {
                FileDescriptors.replace(aside[i], to[i]);
                FileDescriptors.close(aside[i]);
            } else {
                FileDescriptors.close(to[i]);
            }
        }
        return errno;
    }

    /**
     * Starts the program that runs now again, with the launcher's signals blocked.
     *
     * @return the error number; on success it does not return
     */
    static int again(List<byte[]> arguments, List<byte[]> environment, List<Integer> keptDescriptors) {
        Signals.block();
        closeOthersOnExec(keptDescriptors);
        try (NativeBuffer path = NativeBuffer.cString("/proc/self/exe");
                Spawn.StringArray argv = new Spawn.StringArray(arguments);
                Spawn.StringArray envp = new Spawn.StringArray(environment)) {
            return execute(path, argv, envp);
        }
    }

    private static int execute(NativeBuffer path, Spawn.StringArray argv, Spawn.StringArray envp) {
        var unused = Libc.call(Libc.symbol("execve"), path.address(), argv.address(), envp.address());
        return Libc.errno();
    }

    private static void closeOthersOnExec(List<Integer> kept) {
        FileDescriptors.closeOnExecFrom(FileDescriptors.FIRST_AFTER_STDERR);
        for (int fd : kept) {
            FileDescriptors.keepOverExec(fd);
        }
    }
}
