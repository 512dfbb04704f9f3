package dev.holdfast.supervise;

import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;

/**
 * Which of the launcher's descendants are one server's, while another server runs beside it: those that descend from it,
 * and the orphans in its process group or session. An orphan that has left both is the older server's when it was there
 * before the other one, and the younger one's when it was started with that one's mark. Of any other one it cannot be told,
 * and it belongs to neither: no process of the server that stays is ended with the other one. Safe for use by many threads.
 *
 * @param server the pid of the server that was started
 * @param other the other one's; 0 while that is not started
 * @param isOlder whether this one was there before the other one
 * @param sinceTicks when the other one, or this one when it is the younger one, began to be started, in ticks since boot
 * @param mark what the younger one was started with, and the older one was not: {@code NAME=value}; empty for nothing
 */
record Kinship(int server, int other, boolean isOlder, long sinceTicks, String mark) {
    /** So deep is no tree that was not made while it was looked at. */
    private static final int DEEPEST = 10_000;

    /** Whether a process is of this server. Reads {@code /proc}, and never blocks. */
    boolean has(int pid) {
        Optional<ProcessStat> first = ProcessStat.of(pid);
        Optional<ProcessStat> stat = first;
        for (int depth = 0; depth < DEEPEST && stat.isPresent(); depth++) {
            ProcessStat member = stat.get();
            if (isOf(server, member)) {
                return true;
            }
            if (other != 0 && isOf(other, member)) {
                return false;
            }
            if (member.parent() <= 1 || member.parent() == Self.pid()) {
                return isOlder
                        ? first.get().startTicks() < sinceTicks
                        : !mark.isEmpty() && ProcessEnvironment.has(pid, mark);
            }
            stat = ProcessStat.of(member.parent());
        }
        return false;
    }

    private static boolean isOf(int leader, ProcessStat member) {
        return member.pid() == leader || member.processGroup() == leader || member.session() == leader;
    }
}
