package dev.holdfast.guard;

import dev.holdfast.console.ExitCode;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Payload;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.control.RedeployReport;
import dev.holdfast.control.RedeployReport.Outcome;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.supervise.ControlWork;
import dev.holdfast.supervise.Redeployment;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One redeploy or rollback, for whoever asked for it: how far it is, and what is answered. What is done for it, and when, is
 * up to {@link Deployments}. What was begun goes on to its end when whoever asked goes away. Not safe for use by many threads.
 */
final class DeploymentWork implements ControlWork {
    private final Deployments deployments;
    private final RecordKeeper keeper;
    private final StopReason reason;
    private final boolean isRollback;
    private Step step = Step.COMING;
    private @Nullable RedeployOrder order;
    private @Nullable Deployment next;
    private @Nullable Redeployment redeployment;
    private int oldPid;
    private String oldVersion = "";
    private String told = "";
    private String last = "";
    private boolean isTold;
    private boolean isAlone;

    /** How far one is. */
    enum Step {
        /** Its payload has not come yet. */
        COMING,
        /** It waits for its turn. */
        QUEUED,
        /** The command of {@code --check} runs. */
        CHECKING,
        /** The server is being replaced. */
        RUNNING,
        /** Its last line is made. */
        OVER
    }

    /**
     * One that waits for its payload.
     *
     * @param isRollback whether it is the way back to the command before
     */
    DeploymentWork(Deployments deployments, RecordKeeper keeper, StopReason reason, boolean isRollback) {
        this.deployments = deployments;
        this.keeper = keeper;
        this.reason = reason;
        this.isRollback = isRollback;
    }

    StopReason reason() {
        return reason;
    }

    boolean isRollback() {
        return isRollback;
    }

    boolean isOverlapping() {
        return order().has(RedeployOrder.OVERLAP);
    }

    /** Whether the order has something that a rollback cannot have. */
    boolean isToBe(String option) {
        return !isRollback && order().has(option);
    }

    Step step() {
        return step;
    }

    RedeployOrder order() {
        if (order == null) {
            throw new IllegalStateException("has not come yet");
        }
        return order;
    }

    Deployment deployment() {
        if (next == null) {
            throw new IllegalStateException("is not made yet");
        }
        return next;
    }

    /** What the server is to be. */
    void isOf(Deployment deployment) {
        next = deployment;
    }

    void checks() {
        step = Step.CHECKING;
    }

    /** Its turn again, after the check. */
    void checked() {
        step = Step.QUEUED;
    }

    /** Who is replaced. */
    void remember() {
        LockRecord record = keeper.record();
        oldVersion = record.version();
        oldPid = record.server().map(ProcessIdentity::pid).orElse(0);
    }

    /** The server is being replaced. */
    void runs(Redeployment work) {
        redeployment = work;
        step = Step.RUNNING;
    }

    @Nullable
    Redeployment redeployment() {
        return redeployment;
    }

    boolean hasNews(Redeployment work) {
        return !isAlone && !progress(work).equals(told);
    }

    private static String progress(Redeployment work) {
        return work.state().name().toLowerCase(Locale.ROOT);
    }

    /**
     * It is over, and the last line says how.
     *
     * @param isServerUp whether a server runs; one that has ended serves nobody, whatever the record says
     */
    void finish(String outcome, ExitCode code, String why, boolean isServerUp, Ticker ticker) {
        LockRecord record = keeper.record();
        boolean isRefused = outcome.equals(Outcome.REFUSED) || outcome.equals(Outcome.UNKNOWN);
        boolean isServing =
                isRefused ? isServerUp : !outcome.equals(Outcome.NOBODY) && !outcome.equals(Outcome.STOPPED);
        Duration gap = redeployment == null ? Duration.ZERO : redeployment.gap(ticker.nanoTime());
        last = new RedeployReport(
                        outcome,
                        code.number(),
                        outcome.equals(Outcome.CHECKED) ? deployment().parts().version() : record.version(),
                        isServing ? record.server().map(ProcessIdentity::pid).orElse(0) : 0,
                        oldVersion,
                        oldPid,
                        gap.toMillis(),
                        why)
                .line(record.instanceId());
        step = Step.OVER;
    }

    @Override
    public void begin(Payload payload, int... descriptors) {
        order = RedeployOrder.of(payload);
        step = Step.QUEUED;
        deployments.queue(this);
    }

    @Override
    public @Nullable String next() {
        if (step == Step.OVER) {
            isTold = true;
            return last;
        }
        Redeployment work = redeployment;
        String now = work != null
                ? progress(work)
                : step == Step.CHECKING ? LongAnswer.Progress.CHECKING : LongAnswer.Progress.QUEUED;
        if (now.equals(told)) {
            return null;
        }
        told = now;
        return LongAnswer.progress(keeper.record().instanceId(), now, 0);
    }

    @Override
    public boolean isOver() {
        return isTold;
    }

    @Override
    public long deadline() {
        return Ticker.NEVER;
    }

    @Override
    public void abandon() {
        isAlone = true;
        if (step == Step.QUEUED || step == Step.CHECKING) {
            deployments.drop(this);
            step = Step.OVER;
        }
    }
}
