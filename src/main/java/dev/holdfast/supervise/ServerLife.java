package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One life of the server, from its start until nothing of its tree is left: running, becoming ready, and the ladder of a
 * stop. Driven by the {@link InstanceLife}, which brings the news and asks when it has to look again.
 */
final class ServerLife implements AutoCloseable {
    private static final long NEVER = Ticker.NEVER;
    /** How often SIGKILL is repeated for what was forked meanwhile. */
    private static final Duration KILL_AGAIN = Duration.ofMillis(20);
    /** How long something may take to die of SIGKILL before it is given up. */
    private static final Duration GIVE_UP = Duration.ofSeconds(5);
    /** A server may ask for more time to stop, but a stop ends: after so many grace periods. */
    private static final int MOST_GRACES = 10;
    /** How soon what was forked or adopted during a sweep is looked for; longer each time that nobody is found. */
    private static final long SWEEP_AGAIN = Duration.ofMillis(5).toNanos();

    private static final long SWEEP_AGAIN_AT_MOST = Duration.ofMillis(200).toNanos();
    /** What an INT has to show an effect: clients that send one first give less than a second to all of a stop. */
    private static final Duration INTERRUPT = Duration.ofMillis(700);

    private final SupervisorSettings settings;
    /** Others while it runs beside another server. */
    private InstanceListeners listeners;

    private final Ticker ticker;
    private final ServerTree server;
    private final TerminalShare terminal;
    private final Readiness readiness;
    private final Watchdog watchdog;
    private final long startedAt;
    /** Who the server is, in what is told: its latest main process, also after the end of that. */
    private int pid;

    private ServerState state = ServerState.RUNNING;
    private @Nullable ExitStatus status;
    private boolean failed;
    /** Why it has failed, for a message; empty while it has not. */
    private String failure = "";
    /** When the state's time is over, by the ticker. */
    private long deadline = NEVER;

    /** When what was begun for a client that has gone is over, whatever is asked for meanwhile. */
    private long budgetEnd = NEVER;
    /** When an INT has proved to do nothing. */
    private long escalateAt = NEVER;

    /** When it is looked again for what is to end, and how long after that. */
    private long sweepAgainAt = NEVER;

    private long sweepAgainAfter;
    private long longestStop = NEVER;
    private long giveUpAt = NEVER;
    private boolean interrupted;

    /** For a server that was just started, a child of this process. */
    ServerLife(ServerTree server, SupervisorSettings settings, InstanceListeners listeners, Ticker ticker) {
        this.server = server;
        this.settings = settings;
        this.listeners = listeners;
        this.ticker = ticker;
        pid = server.pid();
        terminal = new TerminalShare(server);
        startedAt = ticker.nanoTime();
        readiness = new Readiness(settings.readiness(), settings.readyCommand(), server, ticker);
        watchdog = new Watchdog(settings.readiness().watchdog(), ticker);
        if (!readiness.isExpected()) {
            watchdog.start();
        }
    }

    ServerTree server() {
        return server;
    }

    /** From now on others hear of it. */
    void reportTo(InstanceListeners others) {
        listeners = others;
    }

    SupervisorSettings settings() {
        return settings;
    }

    /** Who the server is, in what is told: its latest main process, also after the end of that. */
    int pid() {
        return pid;
    }

    Readiness readiness() {
        return readiness;
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
        return state == ServerState.GONE || ticker.nanoTime() >= giveUpAt;
    }

    /** Until when its last words are passed on to a slow reader: the grace, or what is left of a client's one budget. */
    long lastWordsUntil(long now) {
        return Math.min(now + settings.stop().grace().toNanos(), budgetEnd);
    }

    /** Whether it failed by more than its exit code: never became ready, or fell silent. */
    boolean hasFailed() {
        return failed;
    }

    /** Why it has failed so, in a sentence without its subject. */
    String failure() {
        return failure;
    }

    /** Whether the server itself has ended; something that it left may be there still. */
    boolean hasEnded() {
        return status != null;
    }

    /** Tells a redeploy how it is. */
    void tell(Redeployment work, long now) {
        if (status != null) {
            work.ended(status, now);
        } else if (failed) {
            work.failed(failure, now);
        } else if (readiness.isReady()) {
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
        int rewritten = settings.forwarding().rewritten(signal);
        if (rewritten != 0) {
            check(rewritten, server.signal(rewritten, settings.forwarding().target()));
        }
    }

    void suspend() {
        check(Signals.TSTP, terminal.suspend());
    }

    /** Whether the server could be told. The listener hears when it could not. */
    private boolean check(int signal, Delivery delivery) {
        if (delivery == Delivery.REFUSED) {
            listeners.tell(new InstanceEvent.Refused(server.mainPid(), signal));
        }
        return delivery != Delivery.REFUSED;
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
        if (mayStop()) {
            return stop(reason, grace);
        }
        if (reason.isForwarded()) {
            stopAgain(reason);
        } else if (state == ServerState.STOPPING) {
            deadline = Math.min(deadline, ticker.nanoTime() + grace.toNanos());
        }
        return true;
    }

    /** Said again: the server may want to know, but its time neither shortens nor starts anew. */
    private void stopAgain(StopReason again) {
        if (state == ServerState.KILLING && deadline == NEVER) {
            kill("asked again"); // whoever was not to be killed before may be now
            return;
        }
        if (signalFor(again) != Signals.INT) {
            escalateAt = NEVER; // the client does it itself, and many servers give up their work at a second TERM
        }
        check(signalFor(again), tell(again));
    }

    private boolean mayStop() {
        return state == ServerState.RUNNING || state == ServerState.DRAINING;
    }

    /** It is about to end by itself, and has the grace period for that, and another one after the stop signal. */
    void drain(String cause) {
        drain(cause, settings.stop().grace(), settings.stop().grace().toNanos() * 2);
    }

    /**
     * Its client has gone, and it sees the end of its input, too. What it has begun and the stop after that are one
     * grace period together: the client will not wait for longer, and may end it all by SIGKILL before.
     */
    void drainForClient(String cause) {
        budgetEnd =
                Math.min(budgetEnd, ticker.nanoTime() + settings.stop().grace().toNanos());
        drain(
                cause,
                settings.stop().grace().dividedBy(2),
                settings.stop().grace().toNanos());
    }

    private void drain(String cause, Duration patience, long nanosUntilKilled) {
        if (state == ServerState.RUNNING) {
            state = state.transitionTo(ServerState.DRAINING);
            giveUpReadiness();
            watchdog.stop(); // its deadline would pass again and again, and nobody acts on it in this state
            long now = ticker.nanoTime();
            deadline = now + patience.toNanos();
            longestStop = now + MOST_GRACES * settings.stop().grace().toNanos();
            listeners.tell(new InstanceEvent.Draining(pid, cause, patience, Duration.ofNanos(nanosUntilKilled)));
        }
    }

    /** Its command is killed, if one runs, and is nothing that the server leaves. */
    private void giveUpReadiness() {
        server.helpersWereKilled(readiness.giveUp());
    }

    private void stop(StopReason reason) {
        stop(reason, settings.stop().grace());
    }

    private boolean stop(StopReason reason, Duration grace) {
        giveUpReadiness();
        watchdog.stop();
        // The server first: what it is told is urgent, what is written down of it is not.
        boolean isTold = check(signalFor(reason), tell(reason));
        if (!isTold && !server.endsWithLauncher()) {
            watchOn();
            return false;
        }
        state = state.transitionTo(ServerState.STOPPING);
        long now = ticker.nanoTime();
        deadline = Math.min(now + grace.toNanos(), budgetEnd);
        // Not Duration.multipliedBy(), which wants BigDecimal: 20 ms on Java 25 between the signal and its forwarding.
        longestStop = now + MOST_GRACES * grace.toNanos();
        server.wake();
        boolean mayDoNothing = settings.watchClient() && signalFor(reason) == Signals.INT;
        escalateAt = mayDoNothing ? Math.min(now + INTERRUPT.toNanos(), now + (deadline - now) / 2) : NEVER;
        Duration left = Duration.ofNanos(Math.max(0, deadline - now));
        listeners.tell(new InstanceEvent.Stopping(pid, reason, signalFor(reason), left));
        return true;
    }

    /**
     * A server that may not be signalled cannot be stopped, and a launcher that ended would leave it to nobody: it is
     * watched until it ends by itself, or the next stop request gets through.
     */
    private void watchOn() {
        deadline = NEVER;
        budgetEnd = NEVER;
    }

    /** A runner such as npx catches INT and goes on, and the client's own TERM may never come. */
    private void escalate(long now) {
        escalateAt = NEVER;
        if (state == ServerState.STOPPING && !server.isReaped()) {
            check(
                    Signals.TERM,
                    server.signal(Signals.TERM, settings.forwarding().target()));
            Duration left = Duration.ofNanos(Math.max(0, deadline - now));
            StopReason reason = StopReason.event("INT-had-no-effect");
            listeners.tell(new InstanceEvent.Stopping(pid, reason, Signals.TERM, left));
        }
    }

    /**
     * A terminal sends its keys to the whole foreground group, and shells rely on it: a bash that waits for a program
     * ends at an INT only if the program died of it, too.
     */
    private Delivery tell(StopReason reason) {
        return reason.fromKernel() && settings.stop().signal() == 0
                ? server.signalGroup(signalFor(reason))
                : server.signal(signalFor(reason), settings.forwarding().target());
    }

    private int signalFor(StopReason reason) {
        if (reason.isOwnSignal()) {
            return reason.signal();
        }
        if (settings.stop().signal() != 0) {
            return settings.stop().signal();
        }
        return reason.signal() == 0 ? Signals.TERM : settings.forwarding().rewritten(reason.signal());
    }

    /** What the server tells of itself. */
    void notified(Notification said) {
        said.nanos("WATCHDOG_USEC").ifPresent(watchdog::setPeriod);
        if (said.says("WATCHDOG=1")) {
            watchdog.ping();
        } else if (said.says("WATCHDOG=trigger")) {
            watchdog.trigger();
        }
        said.number("MAINPID").ifPresent(this::mainIs);
        said.nanos("EXTEND_TIMEOUT_USEC").ifPresent(more -> extend(ticker.nanoTime() + more));
        if (said.fields().containsKey("STATUS")) {
            listeners.tell(new InstanceEvent.StatusText(pid, said.fields().getOrDefault("STATUS", "")));
        }
        if (said.says("RELOADING=1")) {
            listeners.tell(new InstanceEvent.Reloading(pid));
        }
        if (said.says("READY=1")) {
            if (readiness.isReady()) {
                listeners.tell(new InstanceEvent.Ready(pid)); // again, after a reload
            }
            readiness.told();
        }
        if (said.says("STOPPING=1")) {
            drain("server-stopping");
        }
    }

    private void extend(long until) {
        readiness.extendTo(until);
        watchdog.extendTo(until);
        boolean graceRuns = state == ServerState.STOPPING || state == ServerState.DRAINING;
        if (graceRuns) {
            deadline = Math.max(deadline, Math.min(Math.min(until, longestStop), budgetEnd));
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
        readiness.reaped(news);
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
        giveUpReadiness();
        watchdog.stop();
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
        boolean graceRuns = state == ServerState.STOPPING;
        state = state.transitionTo(ServerState.SWEEPING);
        if (!graceRuns) {
            deadline = Math.min(ticker.nanoTime() + settings.stop().grace().toNanos(), budgetEnd);
        }
        ServerTree.Reach reach = server.terminateWhatEnds();
        if (reach.sent() > 0) {
            listeners.tell(new InstanceEvent.Sweeping(pid, reach.sent()));
        }
        if (reach.firstRefused() != 0) {
            listeners.tell(new InstanceEvent.Refused(reach.firstRefused(), Signals.TERM));
        }
        sweepAgainAfter = SWEEP_AGAIN;
        sweepAgainAt = ticker.nanoTime() + sweepAgainAfter;
    }

    /** Whoever dies leaves children, and whoever lives may fork: they are asked to end, too, and not killed unasked. */
    private void sweepAgain(long now) {
        if (server.terminateWhatEnds().sent() == 0) {
            sweepAgainAfter = Math.min(2 * sweepAgainAfter, SWEEP_AGAIN_AT_MOST);
        } else {
            sweepAgainAfter = SWEEP_AGAIN;
        }
        sweepAgainAt = now + sweepAgainAfter;
    }

    void checkDeadlines(long now) {
        readiness.look();
        if (state == ServerState.RUNNING) {
            checkHealth();
        }
        if (state == ServerState.SWEEPING && now >= sweepAgainAt) {
            sweepAgain(now);
        }
        if (now >= escalateAt) {
            escalate(now);
        }
        if (now < deadline) {
            return;
        }
        switch (state) {
            case DRAINING -> stop(StopReason.event("not-ended"));
            case STOPPING, SWEEPING -> kill("grace over");
            case KILLING -> killAgain();
            case RUNNING, GONE -> deadline = NEVER;
        }
    }

    private void checkHealth() {
        if (readiness.becameReady()) {
            watchdog.start();
            listeners.tell(new InstanceEvent.Ready(pid));
        } else if (readiness.isTooLate()) {
            failed = true;
            String missing = readiness.whatIsMissing();
            failure = "it was not ready in time: " + missing;
            listeners.tell(new InstanceEvent.NotReady(pid, missing));
            stop(StopReason.event("not-ready"));
        } else if (watchdog.hasExpired()) {
            failed = true;
            failure = "it fell silent: its watchdog heard nothing in time";
            // ABRT, as systemd has it: the core dump shows where it is stuck.
            stop(StopReason.ownSignal("watchdog", Signals.ABRT));
        }
    }

    private void kill(String reason) {
        if (state != ServerState.KILLING) {
            state = state.transitionTo(ServerState.KILLING);
        }
        giveUpAt = ticker.nanoTime() + GIVE_UP.toNanos();
        listeners.tell(new InstanceEvent.Killing(pid, reason));
        killAgain();
    }

    /** Children of the killed come to us, and what was forked meanwhile is found the next time. */
    private void killAgain() {
        ServerTree.Reach reach = server.signalWhatEnds(Signals.KILL);
        deadline = ticker.nanoTime() + KILL_AGAIN.toNanos();
        boolean isServerOutOfReach =
                !server.endsWithLauncher() && reach.firstRefused() != 0 && server.signal(0) == Delivery.REFUSED;
        if (isServerOutOfReach) {
            giveUpAt = NEVER;
        }
        if (reach.firstRefused() != 0 && reach.sent() == 0) {
            listeners.tell(new InstanceEvent.Refused(reach.firstRefused(), Signals.KILL));
            deadline = NEVER;
            giveUpAt = isServerOutOfReach ? NEVER : ticker.nanoTime(); // nothing will come of waiting for their death
        }
    }

    /** When something is to be done, by the ticker. */
    long nextDeadline() {
        if (state == ServerState.GONE) {
            return NEVER;
        }
        long again = state == ServerState.SWEEPING ? sweepAgainAt : NEVER;
        long ladder = Math.min(Math.min(Math.min(deadline, escalateAt), again), giveUpAt);
        return Math.min(ladder, Math.min(readiness.deadline(), watchdog.deadline()));
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
        readiness.close();
        server.close();
    }
}
