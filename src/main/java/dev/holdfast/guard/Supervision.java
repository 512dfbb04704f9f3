package dev.holdfast.guard;

import dev.holdfast.lock.HeldLock;
import dev.holdfast.lock.Steps;
import dev.holdfast.posix.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.supervise.SupervisorListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes what becomes of the server into the journal and the record, and looks after the lock file. */
final class Supervision implements SupervisorListener {
    private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    private final String name;
    private final int pid;
    private final HeldLock lock;
    private final RecordKeeper keeper;
    private final Journal journal;
    private final Steps steps;
    private @Nullable Supervisor supervisor;
    private boolean seemedLost;

    Supervision(String name, int pid, HeldLock lock, RecordKeeper keeper, Journal journal, Steps steps) {
        this.name = name;
        this.pid = pid;
        this.lock = lock;
        this.keeper = keeper;
        this.journal = journal;
        this.steps = steps;
    }

    void attach(Supervisor running) {
        supervisor = running;
    }

    @Override
    public void stopping(StopReason reason, int signal, Duration grace) {
        keeper.stopping();
        journal.info("stopping \"" + name + "\" pid=" + pid + " signal=SIG" + Signals.name(signal) + " grace="
                + Durations.text(grace) + " " + reason.facts());
        steps.reached("release.stopping");
    }

    @Override
    public void draining(Duration grace) {
        keeper.stopping();
        journal.info("client of \"" + name + "\" hung up; waiting for the server to end pid=" + pid + " grace="
                + Durations.text(grace) + " reason=stdin-closed");
    }

    @Override
    public void ended(ExitStatus status) {
        journal.debug("ended \"" + name + "\" pid=" + pid + " " + Guard.describe(status));
        steps.reached("release.reaped");
    }

    @Override
    public void sweeping(int count) {
        journal.info(
                "stopping " + count + (count == 1 ? " process" : " processes") + " that \"" + name + "\" left behind");
    }

    @Override
    public void killing(String reason) {
        journal.warn("killing \"" + name + "\" and all of its tree pid=" + pid + " signal=SIGKILL reason=\"" + reason
                + "\"");
    }

    @Override
    public void survived(String pids) {
        journal.warn("not even SIGKILL ends pid=" + pids + "; it keeps the lock");
    }

    /**
     * A start that is about to be refused by the interlock holds a new file for an instant, too. So the file is lost only
     * when it is still somebody else's a second later.
     */
    @Override
    public Duration recheck() {
        HeldLock.PathState found = lock.checkPath();
        boolean isLost = found == HeldLock.PathState.LOST;
        if (isLost && !seemedLost) {
            seemedLost = true;
            return SECOND_LOOK;
        }
        seemedLost = isLost;
        tell(found);
        return Guard.RECHECK;
    }

    private void tell(HeldLock.PathState found) {
        switch (found) {
            case INTACT -> {}
            case RESTORED ->
                journal.warn("the lock file was removed or replaced under this instance; made and locked it again file="
                        + lock.location().path());
            case UNREPAIRABLE ->
                journal.warn(
                        "the lock file was removed or replaced under this instance, and cannot be made again; a second"
                                + " instance is kept out by the interlock only file="
                                + lock.location().path());
            case LOST -> {
                journal.warn("the lock file was replaced and another process holds the new one file="
                        + lock.location().path());
                if (supervisor != null) {
                    supervisor.requestStop("lock-lost");
                }
            }
        }
    }
}
