package dev.holdfast.supervise;

import dev.holdfast.control.Request;
import dev.holdfast.hook.HookRun;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches a server until nothing of its tree is left, and starts it again where that is wanted.
 *
 * <p>One thread and one loop over what it is given to wait for. A stop request is forwarded to the server, which then has
 * the grace period; when it ends, what is left of its tree gets TERM; at the end of the grace period everything gets
 * SIGKILL. Every stop ends, and what cannot be killed is named. {@link SupervisorState} says where the run is, and
 * {@link ServerState} where a server is.
 *
 * <p>A redeploy that overlaps has a second server for a while, in an {@link Overlap}. Which of the two is the instance's own
 * one changes when the new one is ready, and back when it fails; all else here is about the instance's own. There is no next
 * start, and no end of the run, while another server is beside.
 *
 * <p>Long, since all that may be asked for meets all states here, and nowhere else.
 *
 * <p>Who stops a server that runs, or something of it, gets the server's own status. Who stops the launcher after a
 * server's end, while another start would follow, gets what the request says, wherever between the two servers it comes:
 * 128 + n for a signal, that of TERM for {@code holdfast stop} and a forced start, and the last server's status where
 * nobody asked, but the client has gone or the lock is lost. Where no start would follow, it is the server's own status.
 *
 * <p>Must run in a process that has no other children, with the launcher's signals blocked in all threads.
 */
public final class Supervisor {
    /** What a reader has for the server's last words at least, and when a stop is asked for meanwhile. */
    private static final long LAST_WORDS_NANOS = 200_000_000;

    /** Both are those of the next start: a redeploy changes them between two servers. */
    private SupervisorSettings settings;

    private Restarter restarter;
    private final InstanceListeners listeners;
    private final ServerTree.Factory trees;
    private final Ticker ticker;
    private final Restarts restarts;
    private final EventLoop loop;
    /** The server that the record names. */
    private ServerLife life;
    /** By this its channels name it. */
    private int seat;
    /** The seats that were given away. */
    private int seats;
    /** The server that runs beside it, or is about to; null for none. */
    private @Nullable Overlap overlap;
    /** Whether something of a server that ran beside is left. */
    private boolean besideSurvived;
    /** The one that goes on; null for none. */
    private @Nullable Redeployment redeployment;
    /** A restart that was asked for during a redeploy; null for none. */
    private @Nullable StopReason restartAfter;
    /** Whether no policy ends the run: neither the new nor the old command of a redeploy came up. */
    private boolean persistent;

    private SupervisorState state = SupervisorState.SERVING;
    private AfterEnd next = AfterEnd.BY_POLICY;
    /** The first stop request that came when no server was there to be told; null for none. */
    private @Nullable StopReason lateStop;
    /** When the state is over: the last words at the latest, the back-off. */
    private long until = Ticker.NEVER;
    /** The command that the state waits for, if any. */
    private @Nullable HookRun hook;
    /** The latest reload that a signal has asked for, while it is not decided; null for none. */
    private @Nullable ReloadRequest bySignal;

    private @Nullable ExitStatus end;
    private boolean interruptKey;

    /** What follows the server's end. */
    private enum AfterEnd {
        BY_POLICY,
        START_AGAIN,
        END
    }

    /**
     * A supervisor for a server that was just started. It waits for nothing but its own deadlines before it gets sources.
     *
     * @param server its pid; a child of this process
     * @param settings how to supervise it
     * @param restarter does what goes between two servers
     * @param listeners hear what happens
     */
    public Supervisor(
            int server, SupervisorSettings settings, Restarter restarter, InstanceListeners listeners, Ticker ticker) {
        this(server, settings, restarter, listeners, ticker, new ProcessTrees(settings, ticker));
    }

    Supervisor(
            int server,
            SupervisorSettings settings,
            Restarter restarter,
            InstanceListeners listeners,
            Ticker ticker,
            ServerTree.Factory trees) {
        this.settings = settings;
        this.restarter = restarter;
        this.listeners = listeners;
        this.ticker = ticker;
        this.trees = trees;
        restarts = new Restarts(settings.restart(), ticker);
        loop = new EventLoop(ticker, new Decisions());
        life = new ServerLife(trees.of(server), settings, listeners, ticker);
    }

    /** No lambda: linking it takes longer than all else that is done here. */
    private record ProcessTrees(SupervisorSettings settings, Ticker ticker) implements ServerTree.Factory {
        @Override
        public ServerTree of(int pid) {
            return new ServerProcess(pid, settings.stop().killMode(), ticker);
        }
    }

    /** Served last in each turn: what follows from all that has come up in it. */
    private final class Decisions implements EventSource {
        /** A second one while two servers run. */
        @Override
        public int slots() {
            return 2;
        }

        @Override
        public void arm(PollSlots slots) {
            slots.watch(0, hook == null ? -1 : hook.descriptor(), PollSet.READABLE);
            slots.watch(1, overlap == null ? -1 : overlap.hookDescriptor(), PollSet.READABLE);
        }

        @Override
        public void serve(PollSlots slots) {
            checkDeadlines();
        }

        @Override
        public long deadline() {
            return nextDeadline();
        }
    }

    /**
     * What became of the server.
     *
     * @param status how it ended; how the launcher was stopped when that came between two servers
     * @param failed whether it failed whatever its status is: it never became ready, or fell silent
     * @param treeIsGone whether nothing of its tree is left
     * @param ofInterruptKey whether it died of the terminal's Ctrl-C
     */
    public record Outcome(ExitStatus status, boolean failed, boolean treeIsGone, boolean ofInterruptKey) {}

    /**
     * Waits for something, too, from the next turn of the loop on. To be called in the supervisor's thread, also from a
     * source or a listener.
     *
     * @param source what; whoever made it closes it
     */
    public void add(EventSource source) {
        loop.add(source);
    }

    /**
     * Waits for something no more. To be called in the supervisor's thread, also from a source or a listener.
     *
     * @param source what was added
     */
    public void remove(EventSource source) {
        loop.remove(source);
    }

    /**
     * Lets somebody hear what happens. To be called in the supervisor's thread, not by a listener.
     *
     * @param listener hears it after those who are there already
     */
    public void tell(InstanceListener listener) {
        listeners.add(listener);
    }

    /**
     * Lets somebody hear no more. To be called in the supervisor's thread, not by a listener.
     *
     * @param listener who was added
     */
    public void untell(InstanceListener listener) {
        listeners.remove(listener);
    }

    /**
     * Watches until the end. Blocks.
     *
     * @return how the server ended
     */
    public Outcome run() {
        try (loop) {
            begin();
            while (state != SupervisorState.OVER) {
                loop.turn();
            }
        }
        ExitStatus status = end();
        boolean ofInterruptKey = status.signal() == Signals.INT && (interruptKey || life.wasEndedFromKeyboard());
        return new Outcome(status, life.hasFailed(), life.isGone() && !besideSurvived, ofInterruptKey);
    }

    /** The server may be over by now, and its SIGCHLD gone: the JDK's process code throws a pending one away. */
    void begin() {
        loop.begin();
    }

    /** How the run ended; as the latest server did where it has not. */
    ExitStatus end() {
        return end == null ? life.status() : end;
    }

    SupervisorState state() {
        return state;
    }

    /** The server that has a seat: the instance's own, unless that is the one of the server beside. */
    private ServerLife at(int channelsSeat) {
        Overlap two = overlap;
        ServerLife beside = two == null || two.seat() != channelsSeat ? null : two.life();
        return beside == null ? life : beside;
    }

    /** By what the channels of the instance's own server name it. */
    public int seat() {
        return seat;
    }

    int startedPid(int channelsSeat) {
        return at(channelsSeat).server().pid();
    }

    /** What tells of the end of a main process that is no child of this one; -1 for none. */
    int mainDescriptor() {
        return life.server().mainDescriptor();
    }

    /** The same of the server beside. */
    int mainDescriptorBeside() {
        ServerLife beside = overlap == null ? null : overlap.life();
        return beside == null ? -1 : beside.server().mainDescriptor();
    }

    /** Of the latest server. */
    Readiness readiness() {
        return life.readiness();
    }

    /** Of the server that has a seat. */
    Readiness readiness(int channelsSeat) {
        return at(channelsSeat).readiness();
    }

    /** Of the server beside; null for none. */
    @Nullable
    Readiness readinessBeside() {
        ServerLife beside = overlap == null ? null : overlap.life();
        return beside == null ? null : beside.readiness();
    }

    /** A server is there, or its last words are: what it says counts. */
    private boolean isHeard() {
        return state == SupervisorState.SERVING || state == SupervisorState.LAST_WORDS;
    }

    /** The server that has a seat tells something of itself. */
    void notified(int channelsSeat, Notification said) {
        ServerLife speaker = at(channelsSeat);
        if (isHeard()) {
            if (speaker == life) {
                listeners.tell(new InstanceEvent.Notified(said));
            }
            speaker.notified(said);
        }
    }

    void strangerSpoke(int channelsSeat, int sender, int user) {
        listeners.tell(new InstanceEvent.StrangerSpoke(at(channelsSeat).pid(), sender, user));
    }

    /** Nobody has the server's descriptor for the newline any more. */
    void endedWithoutNewline(int channelsSeat, int number) {
        ServerLife speaker = at(channelsSeat);
        speaker.readiness().endedWithoutNewline();
        listeners.tell(new InstanceEvent.EndedWithoutNewline(speaker.pid(), number));
    }

    /** A child was stopped, or has ended and was reaped. */
    void childChanged(Children.News news) {
        life.childChanged(news);
        if (overlap != null) {
            overlap.childChanged(news);
        }
        if (hook != null) {
            hook.childChanged(news);
        }
        loop.childChanged(news);
    }

    /**
     * What ran beside the server has got SIGKILL: nothing that the server leaves. To be called in the supervisor's thread.
     *
     * @param helpers the command and its descendants
     */
    public void helpersWereKilled(List<ProcessIdentity> helpers) {
        life.server().helpersWereKilled(helpers);
        ServerLife beside = overlap == null ? null : overlap.life();
        if (beside != null) {
            beside.server().helpersWereKilled(helpers);
        }
    }

    /** There is no more news of children for now. */
    void reapingDone(boolean hasChildren) {
        life.reapingDone(hasChildren);
        if (overlap != null) {
            overlap.reapingDone(hasChildren);
        }
    }

    /** A main process that is no child of this one has ended. */
    void mainEnded() {
        life.mainEnded();
    }

    /** The same of the server beside. */
    void mainEndedBeside() {
        ServerLife beside = overlap == null ? null : overlap.life();
        if (beside != null) {
            beside.mainEnded();
        }
    }

    void handleSignal(SignalQueue.Received signal) {
        switch (signal.number()) {
            case Signals.HUP -> {
                if (!settings.hangUpIgnored()) {
                    stopOrForward(signal);
                }
            }
            case Signals.TERM, Signals.INT, Signals.QUIT -> {
                interruptKey |= signal.number() == Signals.INT && signal.fromKernel();
                stopOrForward(signal);
            }
            case Signals.TSTP, Signals.TTIN, Signals.TTOU -> jobControl(signal.number());
            case Request.SIGNAL -> request(signal);
            default -> life.forward(signal.number());
        }
    }

    private void stopOrForward(SignalQueue.Received signal) {
        if (settings.forwarding().isStopRequest(signal.number())) {
            var unused = stop(StopReason.signal(signal), settings.stop().grace()); // the listeners have heard why not
        } else {
            life.forward(signal.number());
        }
    }

    private void jobControl(int signal) {
        if (settings.forwarding().rewritten(signal) != signal) {
            life.forward(signal);
        } else if (signal == Signals.TSTP) {
            suspend();
        }
        // TTIN and TTOU: the launcher was continued by the shell, and TerminalShare has continued the server.
    }

    private void suspend() {
        if (state == SupervisorState.SERVING) {
            life.suspend();
        } else {
            var unused = Signals.stopSelf(Signals.TSTP);
        }
    }

    private void request(SignalQueue.Received signal) {
        Optional<Request> request = Request.of(signal);
        if (request.isEmpty()) {
            life.forward(signal.number());
        } else if (request.get() == Request.RELOAD) {
            ReloadRequest reload = reload();
            if (reload.obstacle() == null) {
                bySignal = reload;
            } else {
                tellOf(reload);
            }
        } else {
            var unused = restart(StopReason.request(request.get(), signal)); // the listeners have heard why not
        }
    }

    /**
     * Lets the server read its configuration again, unless it would die of the signal for that, or would not notice. To
     * be called in the supervisor's thread.
     *
     * @return what becomes of it: decided, or added to the loop until it is
     */
    public ReloadRequest reload() {
        int pid = runningPid();
        ReloadRequest reload = new ReloadRequest(
                this, pid, new ReloadCheck(pid, settings.forwarding().rewritten(Signals.HUP), ticker));
        reload.look();
        if (reload.obstacle() == null) {
            loop.add(reload);
        }
        return reload;
    }

    /** The server's main process; 0 when it does not run. */
    int runningPid() {
        return state == SupervisorState.SERVING && life.isRunning()
                ? life.server().mainPid()
                : 0;
    }

    void forward(int signal) {
        life.forward(signal);
    }

    /** A reload that took some looks is decided. */
    void decided(ReloadRequest reload) {
        loop.remove(reload);
        if (reload == bySignal) {
            bySignal = null;
            tellOf(reload);
        }
    }

    /** Whoever asks by the control socket has an answer; whoever asks by a signal has what the listeners say. */
    private void tellOf(ReloadRequest reload) {
        String obstacle = reload.obstacle();
        if (obstacle != null && !obstacle.isEmpty()) {
            listeners.tell(new InstanceEvent.NotReloaded(life.pid(), obstacle));
        }
    }

    /**
     * Stops the server and starts it again, unless it is being stopped for good. To be called in the supervisor's thread.
     *
     * @param reason for the audit trail
     * @return why it cannot be stopped, in a few words; empty when it is
     */
    public String restart(StopReason reason) {
        if (isStoppingForGood()) {
            return "";
        }
        if (redeployment != null) {
            restartAfter = reason;
            return "";
        }
        if (state == SupervisorState.BACKING_OFF) {
            until = ticker.nanoTime();
        } else if (state == SupervisorState.SERVING) {
            if (!life.requestStop(reason, settings.stop().grace())) {
                return SignalRefusal.text(life.server().mainPid());
            }
            next = AfterEnd.START_AGAIN;
        } else if (state != SupervisorState.PREPARING) {
            next = AfterEnd.START_AGAIN;
        }
        return "";
    }

    /**
     * What runs, or is started next.
     *
     * @return how
     */
    public ServerPlan plan() {
        return new ServerPlan(settings, restarter);
    }

    /**
     * Whether a redeploy can begin: nothing else is being done. To be called in the supervisor's thread.
     *
     * @return false also while the instance is stopped for good
     */
    public boolean mayRedeploy() {
        return redeployment == null
                && overlap == null
                && !isStoppingForGood()
                && (isServing() || state == SupervisorState.BACKING_OFF);
    }

    /**
     * Begins a redeploy. To be called in the supervisor's thread, when {@link #mayRedeploy} says so.
     *
     * @param work what is put in whose place
     * @param reason for the audit trail
     * @return why the server cannot be stopped, in a few words, and nothing was begun; empty when it is
     */
    public String redeploy(Redeployment work, StopReason reason) {
        boolean isRunning = state == SupervisorState.SERVING;
        if (work.overlaps() && isServing() && hasBecomeReady(life)) {
            return redeployBeside(work);
        }
        if (isRunning && !life.requestStop(reason, settings.stop().grace())) {
            return SignalRefusal.text(life.server().mainPid());
        }
        long now = ticker.nanoTime();
        redeployment = work;
        persistent = false;
        work.begin(isRunning, now);
        if (isRunning) {
            next = AfterEnd.START_AGAIN;
        } else {
            use(work.wanted());
            until = now;
        }
        return "";
    }

    /** One that nobody waits for any more. A server that is not ready serves nobody, and is replaced as without an overlap. */
    private static boolean hasBecomeReady(ServerLife server) {
        return server.readiness().isReady() || !server.readiness().isExpected();
    }

    /** The old server goes on serving, and is told nothing. */
    private String redeployBeside(Redeployment work) {
        if (life.server().signal(0) == Delivery.REFUSED) {
            return SignalRefusal.text(life.server().mainPid());
        }
        use(work.wanted());
        redeployment = work;
        persistent = false;
        work.beginBeside();
        seats++;
        overlap = new Overlap(life, work.after(), seats, listeners, trees, ticker);
        return "";
    }

    private void use(ServerPlan plan) {
        settings = plan.settings();
        restarter = plan.restarter();
    }

    /** How long a server has that is stopped now. */
    public Duration grace() {
        return settings.stop().grace();
    }

    /**
     * Sends the server a signal. To be called in the supervisor's thread.
     *
     * @return why it was not sent, in a few words; empty when it was
     */
    public String signal(int signal) {
        if (state != SupervisorState.SERVING || !life.isRunning()) {
            return "the server does not run now";
        }
        return life.server().signal(signal) == Delivery.SENT
                ? ""
                : SignalRefusal.text(life.server().mainPid());
    }

    /**
     * Whether the server runs, and nobody has asked it to stop. To be called in the supervisor's thread.
     *
     * @return false also during a back-off
     */
    public boolean isServing() {
        return state == SupervisorState.SERVING && next == AfterEnd.BY_POLICY && life.isRunning();
    }

    /**
     * Whether the launcher ends with the server's end, or has no server any more. To be called in the supervisor's thread.
     *
     * @return true when no server is started again
     */
    public boolean isStoppingForGood() {
        return next == AfterEnd.END || lateStop != null || state == SupervisorState.OVER;
    }

    /**
     * Who the server is now. To be called in the supervisor's thread.
     *
     * @return its main process
     */
    public int serverPid() {
        return life.server().mainPid();
    }

    /**
     * Stops the server for good, in whatever state. To be called in the supervisor's thread, also from a source or a
     * listener.
     *
     * @param reason for the audit trail, and for the exit status where no server runs
     * @param grace how long the server has
     * @return why it cannot be stopped, in a few words; empty when it is
     */
    public String stop(StopReason reason, Duration grace) {
        boolean isTold = !isServerToBeStopped(reason) || life.requestStop(reason, grace);
        if (overlap != null) {
            overlap.requestStop(reason, grace);
        }
        return isTold ? "" : SignalRefusal.text(life.server().mainPid());
    }

    /**
     * Stops the server for good, with its usual grace. To be called in the supervisor's thread, also from a source or a
     * listener.
     *
     * @param cause what has happened
     */
    public void requestStop(String cause) {
        var unused = stop(StopReason.event(cause), settings.stop().grace()); // the listeners have heard why not
    }

    /** The server sees the end of its input, too, and may want to finish what it has begun. */
    void clientHungUp() {
        if (isServerToBeStopped(StopReason.event("stdin-closed"))) {
            life.drainForClient("stdin-closed");
        }
    }

    /** Nothing is started any more. Whatever is waited for is hurried; a server has to be told by who called. */
    private boolean isServerToBeStopped(StopReason reason) {
        if (redeployment != null) {
            redeployment.stopped();
            redeployment = null;
        }
        if (state == SupervisorState.SERVING) {
            next = AfterEnd.END;
            return true;
        }
        if (next != AfterEnd.END && lateStop == null) {
            lateStop = reason;
        }
        if (state == SupervisorState.LAST_WORDS) {
            until = Math.min(until, ticker.nanoTime() + LAST_WORDS_NANOS);
        } else if (state == SupervisorState.BACKING_OFF) {
            endBetween(reason);
        } else if (hook != null) {
            hook.requestStop();
        }
        return false;
    }

    /** What follows from the time, and from all that has come up in this turn. */
    void checkDeadlines() {
        long now = ticker.nanoTime();
        if (isHeard()) {
            life.checkDeadlines(now);
        }
        if (overlap != null) {
            overlap.checkDeadlines(now);
        }
        if (redeployment != null) {
            watch(redeployment, now); // before what has ended is over with
        }
        if (overlap != null) {
            lookBeside(overlap, now);
        }
        if (state == SupervisorState.SERVING && life.isOver() && overlap == null) {
            enter(SupervisorState.LAST_WORDS, Math.max(life.lastWordsUntil(now), now + LAST_WORDS_NANOS));
            life.end();
        }
        if (state == SupervisorState.LAST_WORDS && (now >= until || loop.isDrained())) {
            lastWordsPassedOn();
        }
        if (state == SupervisorState.AFTERMATH && hook != null && hook.isOver(now)) {
            var unused = hook.obstacle(); // after a server's end there is none
            hook = null;
            decide();
        }
        if (state == SupervisorState.BACKING_OFF && now >= until) {
            enter(SupervisorState.PREPARING, Ticker.NEVER);
            next = AfterEnd.BY_POLICY;
            hook = restarter.beforeStart();
        }
        if (state == SupervisorState.PREPARING && (hook == null || hook.isOver(now))) {
            startAgain();
        }
    }

    /** When the state, or what it waits for, is over. */
    long nextDeadline() {
        if (hook != null) {
            return hook.deadline();
        }
        long redeployed = redeployment == null ? Ticker.NEVER : redeployment.deadline();
        long beside = overlap == null ? Ticker.NEVER : overlap.deadline();
        long own = state == SupervisorState.SERVING ? life.nextDeadline() : until;
        return Math.min(Math.min(redeployed, beside), own);
    }

    /** Does what is due for the server beside. */
    private void lookBeside(Overlap beside, long now) {
        beside.look(life, redeployment, now, loop.isDrained(), LAST_WORDS_NANOS);
        if (redeployment != null && beside.isToBeExchanged(redeployment)) {
            exchange(beside, redeployment.wanted());
        }
        if (beside.isOver()) {
            besideSurvived |= beside.hasSurvivors();
            beside.close();
            overlap = null;
            life.server().setApart(null);
            listeners.tell(new InstanceEvent.Alone());
            if (redeployment != null) {
                redeployment.besideGone();
                settleRedeployment(redeployment);
            }
        }
    }

    /** The server beside is the instance's own from now on, and the one that was this is beside. */
    private void exchange(Overlap beside, ServerPlan wanted) {
        ServerLife old = life;
        int oldSeat = seat;
        seat = beside.seat();
        life = beside.exchange(old, restarter, oldSeat);
        use(wanted);
        life.reportTo(listeners);
        Readiness readiness = life.readiness();
        listeners.tell(new InstanceEvent.ChangedPlaces(
                life.pid(), readiness.isReady(), readiness.isExpected(), old.hasEnded() ? 0 : old.pid()));
    }

    /** Tells a redeploy how the server is, or both. */
    private void watch(Redeployment work, long now) {
        if (overlap != null) {
            overlap.tell(work, life, now);
            if (overlap.isToBeExchanged(work)) {
                exchange(overlap, work.wanted());
            }
            overlap.settle(work, now);
        } else {
            if (isHeard()) {
                life.tell(work, now);
            }
            work.look(now);
        }
        settleRedeployment(work);
    }

    /** What was put off is done now. */
    private void settleRedeployment(Redeployment work) {
        if (work.isOver()) {
            redeployment = null;
            persistent = work.result() == Redeployment.Result.NOBODY;
            StopReason putOff = restartAfter;
            restartAfter = null;
            if (putOff != null) {
                var unused = restart(putOff); // the listeners have heard why not
            }
        }
    }

    private void enter(SupervisorState newState, long newUntil) {
        state = state.transitionTo(newState);
        until = newUntil;
    }

    private void lastWordsPassedOn() {
        ExitStatus status = life.status();
        if (!life.isGone()) {
            end(status);
            return;
        }
        listeners.tell(new InstanceEvent.Gone(life.pid(), status));
        hook = restarter.afterEnd(life.pid(), status);
        if (hook == null) {
            decide();
        } else {
            enter(SupervisorState.AFTERMATH, Ticker.NEVER);
        }
    }

    /** All that belongs to a server's end is done. */
    private void decide() {
        if (next == AfterEnd.END || life.wasEndedFromKeyboard()) {
            end(life.status());
        } else if (redeployment != null && redeployment.state() != Redeployment.State.WAITING) {
            Redeployment work = redeployment;
            work.gone(ticker.nanoTime());
            goOn(work);
        } else if (next == AfterEnd.START_AGAIN) {
            againIn(Duration.ZERO);
        } else {
            long ran = life.nanosSinceStart();
            persistent &= !life.readiness().isReady()
                    && ran < settings.restart().resetAfter().toNanos();
            byPolicy(life.status(), life.hasFailed(), ran);
        }
    }

    /** After a server of a redeploy has gone, or was not there to be started. */
    private void goOn(Redeployment work) {
        use(work.wanted());
        if (work.isOver()) {
            next = AfterEnd.BY_POLICY;
            settleRedeployment(work);
            byPolicy(life.status(), true, 0);
        } else {
            againIn(Duration.ZERO);
        }
    }

    private void byPolicy(ExitStatus status, boolean failed, long ran) {
        Restarts.Decision decision = persistent ? restarts.decideAnyway() : restarts.decide(status, failed, ran);
        if (decision.verdict() == Restarts.Verdict.AGAIN) {
            againIn(decision.backOff());
            if (state == SupervisorState.BACKING_OFF) {
                listeners.tell(new InstanceEvent.BackingOff(life.pid(), decision.backOff(), status));
            }
        } else {
            if (decision.verdict() == Restarts.Verdict.GIVE_UP) {
                listeners.tell(new InstanceEvent.GaveUp(restarts.count()));
            }
            end(status);
        }
    }

    /** Unless somebody has asked for a stop meanwhile. */
    private void againIn(Duration delay) {
        if (lateStop != null) {
            endBetween(lateStop);
        } else {
            enter(SupervisorState.BACKING_OFF, ticker.nanoTime() + delay.toNanos());
        }
    }

    private void startAgain() {
        String obstacle = hook == null ? "" : hook.obstacle();
        hook = null;
        if (lateStop != null) {
            endBetween(lateStop);
            return;
        }
        Restarter.Start start = restarter.start(obstacle);
        if (start instanceof Restarter.Start.Running running) {
            life.close();
            life = new ServerLife(trees.of(running.pid()), settings, listeners, ticker);
            enter(SupervisorState.SERVING, Ticker.NEVER);
            listeners.tell(new InstanceEvent.Started(running.pid(), true));
            if (redeployment != null) {
                redeployment.started(settings.readiness().isExpected(), ticker.nanoTime());
            }
        } else if (start instanceof Restarter.Start.Failed failure) {
            if (redeployment == null) {
                byPolicy(failure.status(), true, 0);
            } else {
                Redeployment work = redeployment;
                work.startFailed(failure.why(), ticker.nanoTime());
                goOn(work);
            }
        }
    }

    private void endBetween(StopReason reason) {
        end(reason.statusAfter(life.status()));
    }

    private void end(ExitStatus status) {
        end = status;
        enter(SupervisorState.OVER, Ticker.NEVER);
    }
}
