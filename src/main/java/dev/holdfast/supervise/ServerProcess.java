package dev.holdfast.supervise;

import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.Self;
import dev.holdfast.posix.Signals;
import dev.holdfast.process.ProcessTree;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server and its tree, as children of this process. A child's pid cannot be reused before this process reaps it, so
 * it may be signalled by number; its descendants are pinned first.
 */
final class ServerProcess {
    private final int pid;
    private boolean reaped;

    ServerProcess(int pid) {
        this.pid = pid;
    }

    int pid() {
        return pid;
    }

    boolean isReaped() {
        return reaped;
    }

    void markReaped() {
        reaped = true;
    }

    /** To the server alone: a group-wide signal loses the work that a parent would have its workers finish. */
    void signal(int number) {
        if (!reaped) {
            var unused = Self.kill(pid, number);
        }
    }

    /** To the server's process group, for what a terminal would send to all of it. */
    void signalGroup(int number) {
        if (!reaped) {
            var unused = Self.kill(-pid, number);
        }
    }

    /** Continues the server when it is stopped by job control, or it would never see a signal. */
    void wake() {
        if (ProcFs.stat(pid).map(ProcFs.Stat::isStopped).orElse(false)) {
            signal(Signals.CONT);
        }
    }

    /**
     * Sends a signal to everything that descends from this process, orphans included, and continues what is stopped.
     *
     * @return to how many processes
     */
    int signalTree(int number) {
        AtomicInteger count = new AtomicInteger();
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            process.sendAndWake(number);
            count.incrementAndGet();
        });
        return count.get();
    }

    /** The pids of all that descends from this process, for a message. */
    String tree() {
        StringJoiner pids = new StringJoiner(", ");
        ProcessTree.forEachDescendant(Self.pid(), process -> pids.add(Integer.toString(process.pid())));
        return pids.toString();
    }
}
