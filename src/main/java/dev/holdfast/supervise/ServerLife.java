package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One life of the server, from its start until nothing of its tree is left: running, becoming ready, and the ladder of a
 * stop. Driven by the {@link InstanceLife}, which brings the news and asks when it has to look again.
 */
final class ServerLife implements AutoCloseable {
    /** What a server without work has to end by itself, when it sees the end of its input. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(1);

    private final SupervisorSettings settings;
    /** Others while it runs beside another server. */
    private InstanceListeners listeners;

    private final Ticker ticker;
    private final ServerTree server;
    private final TerminalShare terminal;
    private final ServerSignals signals;
    private final ServerHealth health;
    private final StopSchedule schedule = new StopSchedule();
    private final TreeEnd treeEnd;
    private final long startedAt;
    /** Who the server is, in what is told: its latest main process, also after the end of that. */
    private int pid;

    private ServerState state = ServerState.RUNNING;
    private @Nullable ExitStatus status;
    private boolean interrupted;
    /** It said that it reads its configuration again, and not yet that it is ready again. */
    private boolean isReloading;

    /** For a server that was just started, a child of this process. */
    ServerLife(ServerTree server, SupervisorSettings settings, InstanceListeners listeners, Ticker ticker) {
        this.server = server;
        this.settings = settings;
        this.listeners = listeners;
        this.ticker = ticker;
        pid = server.pid();
        terminal = new TerminalShare(server);
        startedAt = ticker.nanoTime();
        signals = new ServerSignals(server, settings, listeners);
        health = new ServerHealth(server, settings, ticker);
        treeEnd = new TreeEnd(server, schedule, listeners, ticker);
    }

    ServerTree server() {
        return server;
    }

    /** From now on others hear of it. */
    void reportTo(InstanceListeners others) {
        listeners = others;
        signals.reportTo(others);
        treeEnd.reportTo(others);
    }

    SupervisorSettings settings() {
        return settings;
    }

    /** Who the server is, in what is told: its latest main process, also after the end of that. */
    int pid() {
        return pid;
    }

    Readiness readiness() {
        return health.readiness();
    }

    ServerState state() {
        return state;
    }

    boolean isRunning() {
        return state == ServerState.RUNNING;
    }

    /** Whether nothing of the tree is left. */
    boolean isGone() {
        return state == ServerState.GONE;
    }

    /** Whether nothing is left, or what is left does not even die of SIGKILL. */
    boolean isOver() {
        return state == ServerState.GONE || schedule.isGivenUp(ticker.nanoTime());
    }

    /** Until when its last words are passed on to a slow reader: the grace, or what is left of a client's one budget. */
    long lastWordsUntil(long now) {
        return schedule.graceEnd(settings.stop().grace(), now);
    }

    /** Whether it failed by more than its exit code: never became ready, or fell silent. */
    boolean hasFailed() {
        return health.hasFailed();
    }

    /** Whether the server itself has ended; something that it left may be there still. */
    boolean hasEnded() {
        return status != null;
    }

    /** Tells a redeploy how it is. */
    void tell(Redeployment work, long now) {
        if (status != null) {
            work.ended(status, now);
        } else if (health.hasFailed()) {
            work.failed(health.failure(), now);
        } else if (readiness().isReady()) {
            work.ready(now);
        }
    }

    long nanosSinceStart() {
        return ticker.nanoTime() - startedAt;
    }

    /** How the server ended; as killed when it did not. */
    ExitStatus status() {
        return status == null ? ExitStatus.killedBy(Signals.KILL) : status;
    }

    /** A server in the foreground gets Ctrl-C itself, and the launcher does not: its death of it is the stop request. */
    boolean wasEndedFromKeyboard() {
        int signal = status().signal();
        return terminal.wasGiven() && (signal == Signals.INT || signal == Signals.QUIT);
    }

    void forward(int signal) {
        signals.forward(signal);
    }

    void suspend() {
        var unused = signals.check(Signals.TSTP, terminal.suspend());
    }

    /**
     * Stops it, unless it is being stopped already. A signal that comes again is forwarded, and leaves the time as it is;
     * with any other request it may have less time than it was given, but not more.
     *
     * @return false when it may not be signalled, and so runs on
     */
    boolean requestStop(StopReason reason, Duration grace) {
        boolean fromKeyboard = reason.signal() == Signals.INT && reason.fromKernel();
        if (fromKeyboard && interrupted && state != ServerState.KILLING) {
            kill("second Ctrl-C");
            return true;
        }
        interrupted |= fromKeyboard;
        if (state == ServerState.RUNNING && settings.endsInputFirst()) {
            drainWithin(grace, reason);
            return true;
        }
        if (mayStop()) {
            return stop(reason, grace);
        }
        if (reason.isForwarded()) {
            stopAgain(reason);
        } else if (state == ServerState.STOPPING) {
            schedule.shortenTo(grace, ticker.nanoTime());
        }
        return true;
    }

    /** Said again: the server may want to know, but its time neither shortens nor starts anew. */
    private void stopAgain(StopReason again) {
        if (state == ServerState.KILLING && schedule.isEndless()) {
            kill("asked again"); // whoever was not to be killed before may be now
            return;
        }
        if (signals.of(again) != Signals.INT) {
            schedule.escalated(); // the client does it itself, and many servers give up their work at a second TERM
        }
        var unused = signals.tell(again);
    }

    private boolean mayStop() {
        return state == ServerState.RUNNING || state == ServerState.DRAINING;
    }

    /** It is about to end by itself, and has the grace period for that, and another one after the stop signal. */
    private void drainAsItSays() {
        Duration grace = settings.stop().grace();
        drain(StopReason.event(InstanceEvent.Draining.SERVER_STOPPING), grace, grace.toNanos() * 2);
    }

    /**
     * Its client has gone, and it sees the end of its input, too. What it has begun and the stop after that are one
     * grace period together: the client will not wait for longer, and may end it all by SIGKILL before.
     */
    void drainForClient(String cause) {
        drainWithin(settings.stop().grace(), StopReason.event(cause));
    }

    /** It sees the end of its input. */
    private void drainWithin(Duration grace, StopReason reason) {
        schedule.limitTo(grace, ticker.nanoTime());
        drain(reason, grace.dividedBy(2), grace.toNanos());
    }

    /** While it sees the end of its input: there is nothing that it could have to finish but itself. */
    void nothingToFinish() {
        if (state == ServerState.DRAINING && settings.endsInputFirst()) {
            schedule.shortenTo(TIME_TO_END, ticker.nanoTime());
        }
    }

    private void drain(StopReason reason, Duration patience, long nanosUntilKilled) {
        if (state == ServerState.RUNNING) {
            state = state.transitionTo(ServerState.DRAINING);
            health.giveUp();
            schedule.drain(patience, settings.stop().grace(), ticker.nanoTime());
            listeners.tell(new InstanceEvent.Draining(pid, reason, patience, Duration.ofNanos(nanosUntilKilled)));
        }
    }

    /** It runs, and is of no use any more: it is stopped, and what follows is what follows a failure. */
    void fail(String cause, String failure) {
        if (state == ServerState.RUNNING) {
            health.fail(failure);
            stop(StopReason.event(cause));
        }
    }

    private void stop(StopReason reason) {
        stop(reason, settings.stop().grace());
    }

    private boolean stop(StopReason reason, Duration grace) {
        health.giveUp();
        // The server first: what it is told is urgent, what is written down of it is not.
        boolean isTold = signals.tell(reason);
        if (!isTold && !server.endsWithLauncher()) {
            // A launcher that ended would leave it to nobody: it is watched until the next stop request gets through.
            schedule.watchOn();
            return false;
        }
        state = state.transitionTo(ServerState.STOPPING);
        long now = ticker.nanoTime();
        schedule.stop(grace, signals.mayDoNothing(reason), now);
        server.wake();
        listeners.tell(new InstanceEvent.Stopping(pid, reason, signals.of(reason), schedule.left(now)));
        return true;
    }

    /** Its INT has had no effect. */
    private void escalate(long now) {
        schedule.escalated();
        if (state == ServerState.STOPPING && !server.isReaped()) {
            signals.send(Signals.TERM);
            StopReason reason = StopReason.event("INT-had-no-effect");
            listeners.tell(new InstanceEvent.Stopping(pid, reason, Signals.TERM, schedule.left(now)));
        }
    }

    /** What the server tells of itself. */
    void notified(Notification said) {
        health.notified(said);
        said.number("MAINPID").ifPresent(this::mainIs);
        said.nanos("EXTEND_TIMEOUT_USEC").ifPresent(more -> extend(ticker.nanoTime() + more));
        if (said.fields().containsKey("STATUS")) {
            listeners.tell(new InstanceEvent.StatusText(pid, said.fields().getOrDefault("STATUS", "")));
        }
        if (said.says("RELOADING=1")) {
            isReloading = true;
            listeners.tell(new InstanceEvent.Reloading(pid));
        }
        if (said.says("READY=1")) {
            if (readiness().isReady() && isReloading) {
                listeners.tell(new InstanceEvent.Ready(pid)); // once: a server may say so with each of its status texts
            }
            isReloading = false;
            readiness().told();
        }
        if (said.says("STOPPING=1")) {
            drainAsItSays();
        }
    }

    private void extend(long until) {
        health.extendTo(until);
        boolean graceRuns = state == ServerState.STOPPING || state == ServerState.DRAINING;
        if (graceRuns) {
            schedule.extendTo(until);
        }
    }

    /** Taken for true only when it is of our own tree: anybody of the same user can say it. */
    private void mainIs(long newPid) {
        if (newPid != server.pid() && !server.isReaped() && server.tryMain(newPid)) {
            pid = server.mainPid();
            listeners.tell(new InstanceEvent.MainChanged(pid, server.pid()));
        }
    }

    /** The process that said to be the main one has ended, and is not ours to reap: the one that was started counts. */
    void mainEnded() {
        if (server.hasLostMain()) {
            // Its parent has its status, and the one that was started is long gone.
            ended(ExitStatus.exited(0));
        }
    }

    /** News of a child that was stopped or ended. */
    void childChanged(Children.News news) {
        health.reaped(news);
        switch (news.change()) {
            case STOPPED -> {
                if (news.pid() == server.pid()) {
                    terminal.serverStopped(news.status());
                }
            }
            case EXITED -> {
                if (server.hasEnded(news.pid())) {
                    ended(ExitStatus.exited(news.status()));
                }
            }
            case KILLED -> {
                if (server.hasEnded(news.pid())) {
                    ended(ExitStatus.killedBy(news.status()));
                }
            }
            case NONE, NO_CHILDREN -> {}
        }
    }

    private void ended(ExitStatus how) {
        status = how;
        health.giveUp();
        listeners.tell(new InstanceEvent.Ended(pid, how));
    }

    /** After all the dead are reaped: an orphan that ended with the server and came to us as a zombie is nobody left. */
    void reapingDone(boolean hasChildren) {
        if (state == ServerState.GONE) {
            return;
        }
        if (!hasChildren) {
            state = state.transitionTo(ServerState.GONE);
        } else if (server.isReaped()) {
            sweep();
        }
    }

    private void sweep() {
        if (!server.hasSomethingToEnd()) {
            state = state.transitionTo(ServerState.GONE);
            return;
        }
        if (state == ServerState.SWEEPING || state == ServerState.KILLING) {
            return;
        }
        if (state != ServerState.STOPPING) {
            schedule.sweep(settings.stop().grace(), ticker.nanoTime());
        }
        state = state.transitionTo(ServerState.SWEEPING);
        treeEnd.sweep(pid);
    }

    void checkDeadlines(long now) {
        health.look();
        if (state == ServerState.RUNNING) {
            checkHealth();
        }
        if (state == ServerState.SWEEPING && schedule.isToSweepAgain(now)) {
            treeEnd.sweepAgain();
        }
        if (schedule.isToEscalate(now)) {
            escalate(now);
        }
        if (!schedule.isOver(now)) {
            return;
        }
        switch (state) {
            case DRAINING -> stop(StopReason.event("not-ended"));
            case STOPPING, SWEEPING -> kill("grace over");
            case KILLING -> treeEnd.killAgain();
            case RUNNING, GONE -> schedule.done();
        }
    }

    private void checkHealth() {
        if (health.becameReady()) {
            listeners.tell(new InstanceEvent.Ready(pid));
        } else if (health.isTooLate()) {
            listeners.tell(new InstanceEvent.NotReady(pid, health.missing()));
            stop(StopReason.event("not-ready"));
        } else if (health.isSilent()) {
            // ABRT, as systemd has it: the core dump shows where it is stuck.
            stop(StopReason.ownSignal("watchdog", Signals.ABRT));
        }
    }

    private void kill(String reason) {
        if (state != ServerState.KILLING) {
            state = state.transitionTo(ServerState.KILLING);
        }
        treeEnd.kill(pid, reason);
    }

    /** When something is to be done, by the ticker. */
    long nextDeadline() {
        if (state == ServerState.GONE) {
            return Ticker.NEVER;
        }
        return Math.min(schedule.next(state == ServerState.SWEEPING), health.deadline());
    }

    /** The terminal back to the shell, and the name of what is left, if anything. */
    void end() {
        terminal.end(status());
        String left = state == ServerState.GONE ? "" : server.whatEnds();
        if (!left.isEmpty()) {
            listeners.tell(new InstanceEvent.Survived(pid, left));
        }
    }

    @Override
    public void close() {
        health.close();
        server.close();
    }
}
