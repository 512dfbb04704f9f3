package dev.holdfast.supervise;

import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import java.util.HashSet;
import java.util.Set;

/**
 * Who has been asked to end since the server did, so that everybody is asked once, however often the tree is looked at.
 *
 * <p>The first look asks all. A later one asks who was adopted since, with all below it, and who was forked before the
 * first look and missed by it. It does not ask what those start who were asked before and live: a worker may need a
 * program in order to end well, and when it ends without having waited for that, the program is adopted.
 */
final class SweepRound {
    private static final long NEVER = Long.MAX_VALUE;

    private final Set<ProcessIdentity> asked = new HashSet<>();
    /** Pids of this look that those look after who were asked before. */
    private final Set<Integer> lookedAfter = new HashSet<>();

    private long startedAtTick = NEVER;
    private boolean isFirst = true;

    /** Another look begins. */
    void begin() {
        lookedAfter.clear();
        isFirst = startedAtTick == NEVER;
        if (isFirst) {
            startedAtTick = Self.ticksSinceBoot();
        }
    }

    /** Nobody has to ask this one: it was killed. */
    void leaveOut(ProcessIdentity process) {
        asked.add(process);
    }

    /** Whether a process is to be asked now. To be called for parents before their children. */
    boolean isNew(PinnedProcess process) {
        boolean wasAsked = asked.contains(process.identity());
        boolean hasGuardian = !isFirst
                && lookedAfter.contains(
                        ProcessStat.of(process.pid()).map(ProcessStat::parent).orElse(0));
        boolean wasMissed = process.identity().startTicks() < startedAtTick;
        if (wasAsked || (hasGuardian && !wasMissed)) {
            lookedAfter.add(process.pid());
            return false;
        }
        asked.add(process.identity());
        return true;
    }
}
