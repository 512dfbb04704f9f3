package dev.holdfast.guard;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.console.ExitCode;
import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.control.RedeployReport.Outcome;
import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.supervise.ControlWork;
import dev.holdfast.supervise.Redeployment;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The commands that an instance's server was, is and is to be: redeploys, one after the other in the order in which they
 * came. A redeploy that has begun goes on when whoever asked for it goes away. Not safe for use by many threads.
 */
final class Deployments {
    private static final long NEVER = Ticker.NEVER;
    private static final Duration USUAL_SETTLE = Duration.ofSeconds(5);

    private final GuardSettings settings;
    private final RunningServer first;
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private final Journal journal;
    private final Ticker ticker;
    private final ArrayDeque<DeploymentWork> queue = new ArrayDeque<>();
    /** The one that counts: what a redeploy goes back to. */
    private Deployment current;
    /** Knows what is running, or was started last. */
    private final DeploymentEntrance entrance;

    private final DeploymentFactory factory;
    /** What was current before, and served; null when there was none. */
    private @Nullable Deployment lastGood;

    private @Nullable DeploymentCheck check;

    /** For an instance whose first server runs. */
    Deployments(
            GuardSettings settings,
            RunningServer first,
            RecordKeeper keeper,
            Supervisor supervisor,
            Journal journal,
            Ticker ticker) {
        this.settings = settings;
        this.first = first;
        this.keeper = keeper;
        this.supervisor = supervisor;
        this.journal = journal;
        this.ticker = ticker;
        entrance = new DeploymentEntrance(first, keeper, supervisor);
        factory = new DeploymentFactory(settings, first, supervisor, entrance, journal);
        current = factory.running();
        entrance.goesOn(current);
    }

    /** Whether what runs is what somebody else would start. */
    boolean isMeantBy(String digest) {
        return entrance.entered().parts().isMeantBy(digest)
                && !entrance.entered().isFolderAnother();
    }

    /** Why what runs could not be started again, in the words of {@link ControlAnswer}; empty when it could. */
    String obstacleToStart() {
        if (isServerOutOfReach()) {
            return ControlAnswer.OUT_OF_REACH;
        }
        try {
            entrance.entered().requireStartable();
            return "";
        } catch (CommandException e) {
            return ControlAnswer.NO_COMMAND;
        } catch (ProcessSettingsException e) {
            return ControlAnswer.NO_CONTEXT;
        }
    }

    /** Then it would not be stopped, and nobody's waiting for another one would end. */
    private boolean isServerOutOfReach() {
        try (PinnedProcess server = PinnedProcess.pin(supervisor.serverPid()).orElse(null)) {
            return server != null && server.isOutOfReach();
        } catch (PosixException e) {
            return false;
        }
    }

    /** A redeploy that waits for its payload. */
    ControlWork redeploy(StopReason reason) {
        return new DeploymentWork(this, keeper, reason, false);
    }

    /** The way back to the command before. */
    ControlWork rollback(StopReason reason) {
        return new DeploymentWork(this, keeper, reason, true);
    }

    /** It waits for its turn from now on. */
    void queue(DeploymentWork work) {
        queue.add(work);
    }

    /** Nobody waits for it any more, and it was not begun. */
    void drop(DeploymentWork work) {
        if (work.step() == DeploymentWork.Step.CHECKING) {
            endCheck();
        }
        queue.remove(work);
    }

    /** Does what has come up for the first in the queue. */
    void look() {
        DeploymentWork head = queue.peek();
        if (head == null) {
            return;
        }
        switch (head.step()) {
            case QUEUED -> {
                if (supervisor.isStoppingForGood()) {
                    finish(head, Outcome.STOPPED, ExitCode.CONFLICT, "the instance is stopping");
                } else if (supervisor.mayRedeploy()) {
                    prepare(head);
                }
            }
            case CHECKING -> lookAtCheck(head);
            case RUNNING -> lookAtRedeployment(head);
            case COMING, OVER -> {}
        }
    }

    private void prepare(DeploymentWork work) {
        Deployment next;
        try {
            next = work.isRollback() ? lastGood : factory.ordered(work.order(), current);
            if (next != null && work.isRollback()) {
                next.requireStartable();
            }
        } catch (CommandException e) {
            finish(work, Outcome.REFUSED, e.reason().exitCode(), String.valueOf(e.getMessage()));
            return;
        } catch (ProcessSettingsException e) {
            finish(work, Outcome.REFUSED, e.kind().exitCode(), String.valueOf(e.getMessage()));
            return;
        }
        if (next == null) {
            finish(work, Outcome.UNKNOWN, ExitCode.UNAVAILABLE, "no other command has served under this launcher");
            return;
        }
        String obstacle = factory.obstacle(next, work.isOverlapping());
        LockRecord.State state = keeper.record().state();
        boolean isUp = state == LockRecord.State.READY || state == LockRecord.State.RUNNING;
        work.isOf(next);
        if (!obstacle.isEmpty()) {
            finish(work, Outcome.REFUSED, ExitCode.USAGE, obstacle);
        } else if (isUp
                && supervisor.isServing()
                && next.parts().isSameAs(entrance.entered().parts())
                && !entrance.entered().isFolderAnother()) {
            finish(work, Outcome.SAME, ExitCode.OK, "");
        } else if (work.isToBe(RedeployOrder.CHECK)) {
            startCheck(work, next);
        } else {
            begin(work);
        }
    }

    private void startCheck(DeploymentWork work, Deployment next) {
        ReadyCommandStarter.Run run = factory.check(next, work.order().text(RedeployOrder.CHECK, ""));
        if (run.pid() <= 0) {
            run.close();
            finish(work, Outcome.REFUSED, ExitCode.UNAVAILABLE, "the command of --check cannot be run");
            return;
        }
        check = new DeploymentCheck(run, next.parts().server().hooks().timeout(), ticker);
        work.checks();
    }

    private void lookAtCheck(DeploymentWork work) {
        DeploymentCheck running = check;
        if (supervisor.isStoppingForGood()) {
            endCheck();
            finish(work, Outcome.STOPPED, ExitCode.CONFLICT, "the instance is stopping");
        } else if (running == null) {
            finish(work, Outcome.REFUSED, ExitCode.CONFLICT, "the server ended while --check ran; try again", false);
        } else if (running.isDecided()) {
            String obstacle = running.obstacle();
            endCheck();
            if (obstacle.isEmpty()) {
                work.checked();
                begin(work);
            } else {
                finish(work, Outcome.REFUSED, ExitCode.UNAVAILABLE, obstacle);
            }
        }
    }

    private void endCheck() {
        DeploymentCheck running = check;
        check = null;
        if (running != null) {
            supervisor.helpersWereKilled(running.end());
        }
    }

    private void begin(DeploymentWork work) {
        if (work.isToBe(RedeployOrder.DRY_RUN)) {
            finish(work, Outcome.CHECKED, ExitCode.OK, "");
            return;
        }
        if (!supervisor.mayRedeploy()) {
            return; // it ended while it was checked: once more when that is over
        }
        Duration settle = Duration.ofMillis(work.order().number(RedeployOrder.SETTLE, USUAL_SETTLE.toMillis()));
        work.remember();
        Redeployment redeployment =
                new Redeployment(current.plan(), work.deployment().plan(), settle, work.isOverlapping());
        journal.info((work.isRollback() ? "rolling back" : "redeploying") + " \""
                + settings.instance().name() + "\" version="
                + work.deployment().parts().version() + " " + work.reason().facts());
        String obstacle = supervisor.redeploy(redeployment, work.reason());
        if (obstacle.isEmpty()) {
            work.runs(redeployment);
        } else {
            finish(work, Outcome.REFUSED, ExitCode.UNSAFE, "the server cannot be stopped: " + obstacle);
        }
    }

    private void lookAtRedeployment(DeploymentWork work) {
        Redeployment redeployment = work.redeployment();
        if (redeployment == null || !redeployment.isOver()) {
            return;
        }
        switch (redeployment.result()) {
            case REPLACED -> {
                Deployment before = current;
                lastGood = before;
                current = work.deployment();
                new KnownDeployments(settings, first, journal).write(current, before);
                journal.info("redeployed \"" + settings.instance().name() + "\" pid=" + supervisor.serverPid()
                        + " version=" + current.parts().version());
                finish(work, Outcome.REPLACED, ExitCode.OK, "");
            }
            case RETURNED -> {
                journal.warn("went back to the old command of \""
                        + settings.instance().name() + "\" pid=" + supervisor.serverPid() + ": "
                        + redeployment.reason());
                finish(work, Outcome.RETURNED, ExitCode.UNAVAILABLE, redeployment.reason());
            }
            case KEPT -> {
                entrance.goesOn(current);
                journal.warn("the new version of \"" + settings.instance().name()
                        + "\" does not serve, and the old server goes on pid=" + supervisor.serverPid() + ": "
                        + redeployment.reason());
                finish(work, Outcome.KEPT, ExitCode.UNAVAILABLE, redeployment.reason());
            }
            case NOBODY -> {
                journal.warn("nobody serves \"" + settings.instance().name()
                        + "\": the old command does not come up again either: " + redeployment.reason());
                finish(work, Outcome.NOBODY, ExitCode.UNAVAILABLE, redeployment.reason());
            }
            case STOPPED, NONE ->
                finish(work, Outcome.STOPPED, ExitCode.CONFLICT, "the instance was told to stop meanwhile");
        }
    }

    /** When something is to be done, by the ticker. */
    long deadline() {
        DeploymentWork head = queue.peek();
        if (head == null) {
            return NEVER;
        }
        if (head.step() == DeploymentWork.Step.CHECKING && check != null) {
            return check.deadline();
        }
        Redeployment redeployment = head.redeployment();
        boolean isDue = switch (head.step()) {
            case QUEUED -> supervisor.mayRedeploy() || supervisor.isStoppingForGood();
            case CHECKING -> true;
            case RUNNING -> redeployment != null && (redeployment.isOver() || head.hasNews(redeployment));
            case COMING, OVER -> false;
        };
        return isDue ? ticker.nanoTime() : NEVER;
    }

    void heard(Children.News news) {
        if (check != null) {
            check.heard(news);
        }
    }

    /** What runs beside the server must not count as something that it left. */
    void serverEnded() {
        endCheck();
    }

    private void finish(DeploymentWork work, String outcome, ExitCode code, String why) {
        finish(work, outcome, code, why, supervisor.isServing());
    }

    private void finish(DeploymentWork work, String outcome, ExitCode code, String why, boolean isServerUp) {
        queue.remove(work);
        work.finish(outcome, code, why, isServerUp, ticker);
    }
}
