package dev.holdfast.posix.processes;

import java.nio.charset.StandardCharsets;

/**
 * What a process was started with, by {@code /proc}; what it changes in its own environment afterwards is not seen.
 * Never blocks. Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html">proc_pid_environ(5)</a>
 */
public final class ProcessEnvironment {
    private ProcessEnvironment() {}

    /**
     * Whether a process was started with a variable of a certain value.
     *
     * @param entry {@code NAME=value}, ASCII
     * @return true when it was; false also when the process is gone, or another user's whose environment is hidden
     */
    public static boolean has(int pid, String entry) {
        byte[] block = LivingThread.contentsOf(pid, "environ");
        return block != null && ('\0' + new String(block, StandardCharsets.ISO_8859_1)).contains('\0' + entry + '\0');
    }

    /**
     * What a process was started with.
     *
     * @param name a variable's name, ASCII
     * @return its value, in UTF-8; empty when there is none, and as {@link #has}
     */
    public static String variable(int pid, String name) {
        byte[] block = LivingThread.contentsOf(pid, "environ");
        String all = block == null ? "" : '\0' + new String(block, StandardCharsets.UTF_8) + '\0';
        int at = all.indexOf('\0' + name + '=');
        int from = at + name.length() + 2;
        return at < 0 ? "" : all.substring(from, all.indexOf('\0', from));
    }

    /**
     * Whether {@link #has} can tell.
     *
     * @return false when the process is gone, or its environment is hidden
     */
    public static boolean isReadable(int pid) {
        byte[] block = LivingThread.contentsOf(pid, "environ");
        return block != null;
    }
}
