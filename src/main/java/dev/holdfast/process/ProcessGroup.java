package dev.holdfast.process;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import java.util.EnumSet;

/** A process group whose number cannot pass to another one meanwhile. Safe for use by many threads. */
public final class ProcessGroup {
    private ProcessGroup() {}

    /**
     * Sends a signal to all of a group. Where kill(2) is refused, as by a seccomp filter, its members are looked for
     * and told one by one.
     *
     * @param group its number: of an unreaped child, or one that only is asked about
     * @param signal the number; 0 only asks
     * @return {@link Delivery#SENT} when at least one has got it, {@link Delivery#GONE} when the group is empty
     */
    public static Delivery send(int group, int signal) {
        int errno = Self.kill(-group, signal);
        return errno == 0 || errno == Errno.ESRCH ? Delivery.of(errno) : sendToEach(group, signal);
    }

    private static Delivery sendToEach(int group, int signal) {
        EnumSet<Delivery> each = EnumSet.noneOf(Delivery.class);
        for (int pid : ProcessList.pids()) {
            if (isIn(group, pid)) {
                each.add(sendToMember(group, pid, signal));
            }
        }
        if (each.contains(Delivery.SENT)) {
            return Delivery.SENT;
        }
        return each.contains(Delivery.REFUSED) ? Delivery.REFUSED : Delivery.GONE;
    }

    private static Delivery sendToMember(int group, int pid, int signal) {
        try (PinnedProcess member = PinnedProcess.pin(pid).orElse(null)) {
            // Pinned first: what is read now is of this very process.
            return member == null || !isIn(group, pid) || member.hasEnded() ? Delivery.GONE : member.send(signal);
        }
    }

    private static boolean isIn(int group, int pid) {
        return ProcessStat.of(pid).map(ProcessStat::processGroup).orElse(0) == group;
    }
}
