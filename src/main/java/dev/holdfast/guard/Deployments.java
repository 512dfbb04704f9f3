package dev.holdfast.guard;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.console.ExitCode;
import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Payload;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.control.RedeployReport;
import dev.holdfast.control.RedeployReport.Outcome;
import dev.holdfast.hook.Hooks;
import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.supervise.ControlWork;
import dev.holdfast.supervise.Redeployment;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.supervise.SupervisorSettings;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The commands that an instance's server was, is and is to be: redeploys, one after the other in the order in which they
 * came. A redeploy that has begun goes on when whoever asked for it goes away. Not safe for use by many threads.
 */
final class Deployments {
    private static final long NEVER = Ticker.NEVER;
    private static final ListenSettings NO_SOCKETS = new ListenSettings(List.of(), false);
    private static final Duration USUAL_SETTLE = Duration.ofSeconds(5);

    private final GuardSettings settings;
    private final RunningServer first;
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private final Journal journal;
    private final Ticker ticker;
    private final ArrayDeque<Work> queue = new ArrayDeque<>();
    /** The one that counts: what a redeploy goes back to. */
    private Deployment current;
    /** Knows what is running, or was started last. */
    private final DeploymentEntrance entrance;
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
        current = new Deployment(
                firstParts(), supervisor.plan().restarter(), supervisor.plan().settings(), entrance);
        entrance.goesOn(current);
    }

    private Deployment.Parts firstParts() {
        ServerContext context = settings.context();
        String folder = context.workingDirectory().orElseGet(Self::workingDirectory);
        ProcessSettings process =
                context.settings().orElseGet(ProcessSettings::none).in(folder);
        return new Deployment.Parts(
                first.command(),
                first.environment(),
                context,
                process,
                folder,
                settings.server(),
                settings.instance().version());
    }

    /** Whether what runs is what somebody else would start. */
    boolean isMeantBy(String digest) {
        return entrance.entered().parts().isMeantBy(digest);
    }

    /** Why what runs could not be started again, in the words of {@link ControlAnswer}; empty when it could. */
    String obstacleToStart() {
        Deployment.Parts parts = entrance.entered().parts();
        try {
            var unused = ResolvedCommand.resolve(
                    parts.command().words(), parts.environment().bytes("PATH"), parts.context());
            return "";
        } catch (CommandException e) {
            return ControlAnswer.NO_COMMAND;
        } catch (ProcessSettingsException e) {
            return ControlAnswer.NO_CONTEXT;
        }
    }

    /** A redeploy that waits for its payload. */
    ControlWork redeploy(StopReason reason) {
        return new Work(reason, false);
    }

    /** The way back to the command before. */
    ControlWork rollback(StopReason reason) {
        return new Work(reason, true);
    }

    private Deployment deployment(Deployment.Parts parts) {
        ServerSettings server = parts.server();
        Hooks hooks = hooks(parts);
        SupervisorSettings before = supervisor.plan().settings();
        SupervisorSettings supervision = new SupervisorSettings(
                server.stop(),
                before.watchClient(),
                before.forwarding(),
                before.hangUpIgnored(),
                server.readiness(),
                hooks.ready(server.readiness().command()),
                before.restart());
        return new Deployment(
                parts, new CommandRestarter(parts.command(), first.launch(), hooks, journal), supervision, entrance);
    }

    private Hooks hooks(Deployment.Parts parts) {
        HookSettings commands = parts.server().hooks();
        return new Hooks(
                settings.instance().name(),
                commands,
                parts.context(),
                parts.server().stop().grace(),
                parts.environment(),
                first.stopWait(),
                journal);
    }

    /** Does what has come up for the first in the queue. */
    void look() {
        Work head = queue.peek();
        if (head == null) {
            return;
        }
        switch (head.step) {
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

    private void prepare(Work work) {
        Deployment next;
        try {
            next = work.isRollback ? lastGood : ordered(work.order());
        } catch (CommandException e) {
            finish(work, Outcome.REFUSED, e.reason().exitCode(), String.valueOf(e.getMessage()));
            return;
        } catch (ProcessSettingsException e) {
            finish(work, Outcome.REFUSED, code(e), String.valueOf(e.getMessage()));
            return;
        }
        if (next == null) {
            finish(work, Outcome.UNKNOWN, ExitCode.UNAVAILABLE, "no other command has served under this launcher");
            return;
        }
        String obstacle = obstacle(next.parts().server(), work.isOverlapping());
        LockRecord.State state = keeper.record().state();
        boolean isUp = state == LockRecord.State.READY || state == LockRecord.State.RUNNING;
        work.next = next;
        if (!obstacle.isEmpty()) {
            finish(work, Outcome.REFUSED, ExitCode.USAGE, obstacle);
        } else if (isUp
                && supervisor.isServing()
                && next.parts().isSameAs(entrance.entered().parts())) {
            finish(work, Outcome.SAME, ExitCode.OK, "");
        } else if (!work.isRollback && work.order().has(RedeployOrder.CHECK)) {
            startCheck(work, next);
        } else {
            begin(work);
        }
    }

    private Deployment ordered(RedeployOrder order) {
        return deployment(new NewDeployment(order, current.parts()).parts(first.environment()));
    }

    private static ExitCode code(ProcessSettingsException e) {
        return switch (e.kind()) {
            case UNREADABLE -> ExitCode.UNREADABLE;
            case MALFORMED -> ExitCode.CONFIG;
            case UNKNOWN_USER -> ExitCode.UNKNOWN_USER;
            case NOT_PERMITTED -> ExitCode.UNSAFE;
            case SYSTEM -> ExitCode.SYSTEM;
        };
    }

    /** What this launcher cannot have, as it was started; empty for nothing. */
    private String obstacle(ServerSettings server, boolean overlaps) {
        if (overlaps && settings.instance().watchClient()) {
            return "--overlap would let two servers read what the client says; without it the new one is started after"
                    + " the old one";
        }
        String atSockets = new SocketReadiness(
                        server.readiness(),
                        server.listen().orElse(NO_SOCKETS),
                        first.launch().listening())
                .obstacle(overlaps);
        if (!atSockets.isEmpty()) {
            return atSockets;
        }
        return !server.readiness().logPattern().isEmpty() && first.channels().output() == null
                ? "--ready-log reads the server's output, which does not pass through this launcher; it does when the"
                        + " instance is started with --output or --ready-log, or by holdfast start"
                : "";
    }

    private void startCheck(Work work, Deployment next) {
        String text = work.order().text(RedeployOrder.CHECK, "");
        ReadyCommandStarter.Run run = hooks(next.parts()).check(text);
        if (run.pid() <= 0) {
            run.close();
            finish(work, Outcome.REFUSED, ExitCode.UNAVAILABLE, "the command of --check cannot be run");
            return;
        }
        check = new DeploymentCheck(run, next.parts().server().hooks().timeout(), ticker);
        work.step = Step.CHECKING;
    }

    private void lookAtCheck(Work work) {
        DeploymentCheck running = check;
        if (running == null) {
            finish(work, Outcome.REFUSED, ExitCode.CONFLICT, "the server ended while --check ran; try again");
        } else if (running.isDecided()) {
            String obstacle = running.obstacle();
            endCheck();
            if (obstacle.isEmpty()) {
                work.step = Step.QUEUED;
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

    private void begin(Work work) {
        if (!work.isRollback && work.order().has(RedeployOrder.DRY_RUN)) {
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
        journal.info((work.isRollback ? "rolling back" : "redeploying") + " \""
                + settings.instance().name() + "\" version="
                + work.deployment().parts().version() + " " + work.reason.facts());
        String obstacle = supervisor.redeploy(redeployment, work.reason);
        if (obstacle.isEmpty()) {
            work.redeployment = redeployment;
            work.step = Step.RUNNING;
        } else {
            finish(work, Outcome.REFUSED, ExitCode.UNSAFE, "the server cannot be stopped: " + obstacle);
        }
    }

    private void lookAtRedeployment(Work work) {
        Redeployment redeployment = work.redeployment;
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
        Work head = queue.peek();
        if (head == null) {
            return NEVER;
        }
        if (head.step == Step.CHECKING && check != null) {
            return check.deadline();
        }
        Redeployment redeployment = head.redeployment;
        boolean isDue = switch (head.step) {
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

    private void finish(Work work, String outcome, ExitCode code, String why) {
        queue.remove(work);
        LockRecord record = keeper.record();
        boolean isServing = !outcome.equals(Outcome.NOBODY) && !outcome.equals(Outcome.STOPPED);
        Redeployment redeployment = work.redeployment;
        Duration gap = redeployment == null ? Duration.ZERO : redeployment.gap(ticker.nanoTime());
        work.last = new RedeployReport(
                        outcome,
                        code.number(),
                        outcome.equals(Outcome.CHECKED)
                                ? work.deployment().parts().version()
                                : record.version(),
                        isServing ? record.server().map(ProcessIdentity::pid).orElse(0) : 0,
                        work.oldVersion,
                        work.oldPid,
                        gap.toMillis(),
                        why)
                .line(record.instanceId());
        work.step = Step.OVER;
    }

    /** How far one is. */
    private enum Step {
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

    /** One redeploy, for whoever asked for it. */
    private final class Work implements ControlWork {
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

        Work(StopReason reason, boolean isRollback) {
            this.reason = reason;
            this.isRollback = isRollback;
        }

        boolean isOverlapping() {
            return !isRollback && order().has(RedeployOrder.OVERLAP);
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

        /** Who is replaced. */
        void remember() {
            LockRecord record = keeper.record();
            oldVersion = record.version();
            oldPid = record.server().map(ProcessIdentity::pid).orElse(0);
        }

        boolean hasNews(Redeployment work) {
            return !isAlone && !progress(work).equals(told);
        }

        private String progress(Redeployment work) {
            return work.state().name().toLowerCase(Locale.ROOT);
        }

        @Override
        public void begin(Payload payload, int... descriptors) {
            order = RedeployOrder.of(payload);
            step = Step.QUEUED;
            queue.add(this);
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
            return NEVER;
        }

        /** What was begun goes on to its end. */
        @Override
        public void abandon() {
            isAlone = true;
            if (step == Step.QUEUED || step == Step.CHECKING) {
                if (step == Step.CHECKING) {
                    endCheck();
                }
                queue.remove(this);
                step = Step.OVER;
            }
        }
    }
}
