package dev.holdfast.process;

import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import java.util.OptionalInt;

/** Why this process may not signal another one, for a message. */
public final class SignalRefusal {
    private SignalRefusal() {}

    /**
     * Who may not signal whom, and why.
     *
     * @param pid who was to get the signal
     * @return half a sentence
     * @see <a href="https://man7.org/linux/man-pages/man2/kill.2.html">kill(2), permissions</a>
     */
    public static String text(int pid) {
        OptionalInt user = ProcFs.user(pid);
        int own = Self.effectiveUser();
        if (user.isEmpty()) {
            return "process " + pid + " may not be signalled by user " + Integer.toUnsignedString(own)
                    + "; /proc does not tell whose it is";
        }
        String start = "process " + pid + " runs as user " + Integer.toUnsignedString(user.getAsInt());
        if (user.getAsInt() == own) {
            return start
                    + " as this one does, and yet may not be signalled: a seccomp filter or a security module refuses it";
        }
        return start + ", and user " + Integer.toUnsignedString(own) + " may not signal it"
                + (own == 0 ? " without the capability CAP_KILL" : "");
    }
}
