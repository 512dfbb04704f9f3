package dev.holdfast.hook;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.process.ProcessTree;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What descends from this launcher and did not before: to be ended, and reaped. Works because the launcher is a subreaper;
 * what descended from it before, such as what a server may leave, stays. Not safe for use by many threads.
 */
final class NewDescendants {
    /** Killed processes are gone within milliseconds, but for those in state D. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    static final String SURVIVES = "not even SIGKILL ends what it left";

    private final List<ProcessIdentity> before = new ArrayList<>();
    private final Map<Integer, ExitStatus> ended = new HashMap<>();
    private String outOfReach = "";

    private NewDescendants() {}

    /** From now on everything new counts. */
    static NewDescendants fromNow() {
        NewDescendants descendants = new NewDescendants();
        ProcessTree.forEachDescendant(Self.pid(), process -> descendants.before.add(process.identity()));
        return descendants;
    }

    /**
     * Kills all of it, and reaps it. Blocks until nothing is left, but not for ever.
     *
     * @return why something is left, in half a sentence; empty when nothing is
     */
    String end(Ticker ticker) {
        long deadline = ticker.nanoTime() + PATIENCE.toNanos();
        boolean isAnyLeft = true;
        while (isAnyLeft && outOfReach.isEmpty() && ticker.nanoTime() < deadline) {
            List<PinnedProcess> left = ProcessTree.descendantsOf(Self.pid());
            try {
                isAnyLeft = kill(left);
            } finally {
                left.forEach(PinnedProcess::close);
            }
            reap();
        }
        return isAnyLeft && outOfReach.isEmpty() ? SURVIVES : outOfReach;
    }

    /**
     * Kills what there is of it now, and waits for nothing. To be called again until nothing is left.
     *
     * @return whether there was anything that can be killed
     */
    boolean killOnce() {
        boolean[] isAny = {false};
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (isNew(process)) {
                isAny[0] = true;
                send(process);
            }
        });
        return isAny[0] && outOfReach.isEmpty();
    }

    /** Why something is out of reach of this process, in half a sentence; empty when nothing is. */
    String outOfReach() {
        return outOfReach;
    }

    private boolean isNew(PinnedProcess process) {
        return before.stream().noneMatch(process.identity()::isSameProcess);
    }

    private void send(PinnedProcess process) {
        if (process.send(Signals.KILL) == Delivery.REFUSED) {
            outOfReach = SignalRefusal.text(process.pid());
        }
    }

    /** Whether there was anything. */
    private boolean kill(List<PinnedProcess> descendants) {
        @Nullable PinnedProcess last = null;
        for (PinnedProcess process : descendants) {
            if (isNew(process)) {
                send(process);
                last = process;
            }
        }
        if (last == null) {
            return false;
        }
        // Those that it forked meanwhile are found the next time round.
        var unused = last.awaitEnd(100);
        return true;
    }

    private void reap() {
        for (Children.News news = Children.next(); news.pid() != 0; news = Children.next()) {
            childChanged(news);
        }
    }

    /** A child was reaped, here or by others. */
    void childChanged(Children.News news) {
        switch (news.change()) {
            case EXITED -> ended.put(news.pid(), ExitStatus.exited(news.status()));
            case KILLED -> ended.put(news.pid(), ExitStatus.killedBy(news.status()));
            case STOPPED, NONE, NO_CHILDREN -> {}
        }
    }

    /** Whether a child is known to have ended. */
    boolean hasReaped(int pid) {
        return ended.containsKey(pid);
    }

    /** How a child ended that was reaped here; as killed when it does not even die of that. */
    ExitStatus statusOf(int pid) {
        return ended.getOrDefault(pid, ExitStatus.killedBy(Signals.KILL));
    }
}
