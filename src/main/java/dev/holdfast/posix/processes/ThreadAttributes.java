package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;

/**
 * What Linux keeps for each thread and a child inherits from the one that starts it: user, groups and niceness.
 *
 * <p>The C library's own setuid(3) changes all threads of a process together; these change the calling one only, so
 * that a server can be started as somebody else while the launcher stays what it is. There is no way back for a thread
 * that has given its privileges up: use one that ends afterwards.
 */
public final class ThreadAttributes {

    private ThreadAttributes() {}

    /**
     * Sets the supplementary groups of the calling thread, setgroups(2).
     *
     * @param groups their ids
     * @return 0, or the error number
     */
    public static int setGroups(int[] groups) {
        try (NativeBuffer ids = NativeBuffer.allocate(Math.max(1, groups.length) * Integer.BYTES)) {
            for (int i = 0; i < groups.length; i++) {
                ids.putInt(i * Integer.BYTES, groups[i]);
            }
            return result(Libc.systemCall(Abi.SYS_SETGROUPS, groups.length, ids.address(), 0, 0));
        }
    }

    /**
     * Sets the real, effective and saved group of the calling thread, setresgid(2).
     *
     * @param group its id
     * @return 0, or the error number
     */
    public static int setGroup(int group) {
        return result(Libc.systemCall(Abi.SYS_SETRESGID, group, group, group, 0));
    }

    /**
     * Sets the real, effective and saved user of the calling thread, setresuid(2). After root has become another user,
     * the thread has no capabilities any more.
     *
     * @param user its id
     * @return 0, or the error number
     */
    public static int setUser(int user) {
        return result(Libc.systemCall(Abi.SYS_SETRESUID, user, user, user, 0));
    }

    /**
     * Sets the niceness of the calling thread, setpriority(2).
     *
     * @param niceness -20 to 19
     * @return 0, or the error number
     */
    public static int setNiceness(int niceness) {
        return result(Libc.call(Libc.symbol("setpriority"), Abi.PRIO_PROCESS, 0, niceness));
    }

    /**
     * Whether this process may be looked into by others of its user, prctl(2). A thread that changes its ids takes that
     * from the whole process, and without it nobody who lacks CAP_SYS_PTRACE, as root in most containers does, can
     * prove what this process holds.
     *
     * @return the value, for {@link #setDumpable}
     */
    public static int dumpable() {
        return (int) Libc.call(Libc.symbol("prctl"), Abi.PR_GET_DUMPABLE, 0, 0, 0, 0);
    }

    /**
     * Sets it again.
     *
     * @param value what {@link #dumpable} said
     */
    public static void setDumpable(int value) {
        var unused = Libc.call(Libc.symbol("prctl"), Abi.PR_SET_DUMPABLE, value, 0, 0, 0);
    }

    private static int result(long value) {
        return (int) value == 0 ? 0 : Libc.errno();
    }
}
