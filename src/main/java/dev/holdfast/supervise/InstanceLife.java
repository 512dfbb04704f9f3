package dev.holdfast.supervise;

import dev.holdfast.hook.HookRun;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The life of an instance: one server after the other, until none follows. {@link SupervisorState} says where it is, and all
 * that may be asked for meets all of these states here, and nowhere else.
 *
 * <p>A redeploy that overlaps has a second server for a while. There is no next start, and no end of the run, while another
 * server is beside.
 *
 * <p>Who stops a server that runs, or something of it, gets the server's own status. Who stops the launcher after a
 * server's end, while another start would follow, gets what the request says, wherever between the two servers it comes:
 * 128 + n for a signal, that of TERM for {@code holdfast stop} and a forced start, and the last server's status where
 * nobody asked, but the client has gone or the lock is lost. Where no start would follow, it is the server's own status.
 *
 * <p>Driven by the {@link Supervisor}'s loop. Not safe for use by many threads.
 */
final class InstanceLife {
    /** What a reader has for the server's last words at least, and when a stop is asked for meanwhile. */
    private static final long LAST_WORDS_NANOS = 200_000_000;

    private final Servers servers;
    private final Redeploys redeploys;
    private final Restarts restarts;
    private final InstanceListeners listeners;
    private final Ticker ticker;
    private final EventLoop loop;

    private SupervisorState state = SupervisorState.SERVING;
    private AfterEnd next = AfterEnd.BY_POLICY;
    /** The first stop request that came when no server was there to be told; null for none. */
    private @Nullable StopReason lateStop;
    /** When the state is over: the last words at the latest, the back-off. */
    private long until = Ticker.NEVER;
    /** The command that the state waits for, if any. */
    private @Nullable HookRun hook;

    private @Nullable ExitStatus end;
    private boolean interruptKey;

    /** What follows the server's end. */
    private enum AfterEnd {
        BY_POLICY,
        START_AGAIN,
        END
    }

    /**
     * For a server that runs.
     *
     * @param loop knows whether all that was written is passed on
     */
    InstanceLife(Servers servers, InstanceListeners listeners, Ticker ticker, EventLoop loop) {
        this.servers = servers;
        this.listeners = listeners;
        this.ticker = ticker;
        this.loop = loop;
        redeploys = new Redeploys(servers);
        restarts = new Restarts(servers.settings().restart(), ticker);
    }

    SupervisorState state() {
        return state;
    }

    /** How the run ended; as the latest server did where it has not. */
    ExitStatus end() {
        return end == null ? servers.status() : end;
    }

    /** Whether it ended of the terminal's Ctrl-C. */
    boolean isEndedByInterruptKey() {
        return end().signal() == Signals.INT && (interruptKey || servers.own().wasEndedFromKeyboard());
    }

    void interruptKeyPressed() {
        interruptKey = true;
    }

    /** A server is there, or its last words are: what it says counts. */
    private boolean isHeard() {
        return state == SupervisorState.SERVING || state == SupervisorState.LAST_WORDS;
    }

    /** Whether the server runs, stopped for another one or not. */
    private boolean isRunning() {
        return state == SupervisorState.SERVING && servers.own().isRunning();
    }

    /** The server's main process; 0 when it does not run. */
    int runningPid() {
        return isRunning() ? servers.own().server().mainPid() : 0;
    }

    boolean isServing() {
        return isRunning() && next == AfterEnd.BY_POLICY;
    }

    boolean isStoppingForGood() {
        return next == AfterEnd.END || lateStop != null || state == SupervisorState.OVER;
    }

    /** The server that has a seat tells something of itself. */
    void notified(int channelsSeat, Notification said) {
        ServerLife speaker = servers.at(channelsSeat);
        if (isHeard()) {
            if (speaker == servers.own()) {
                listeners.tell(new InstanceEvent.Notified(said));
            }
            speaker.notified(said);
        }
    }

    void childChanged(Children.News news) {
        servers.childChanged(news);
        if (hook != null) {
            hook.childChanged(news);
        }
    }

    /** The command that is waited for. */
    void arm(PollSlots slots, int slot) {
        slots.watch(slot, hook == null ? -1 : hook.descriptor(), PollSet.READABLE);
    }

    void forward(int signal) {
        servers.own().forward(signal);
    }

    /** Sends the server a signal, and says why not, in a few words; empty when it was sent. */
    String signal(int signal) {
        if (!isRunning()) {
            return "the server does not run now";
        }
        return servers.own().server().signal(signal) == Delivery.SENT ? "" : refusal();
    }

    void suspend() {
        if (state == SupervisorState.SERVING) {
            servers.own().suspend();
        } else {
            var unused = Signals.stopSelf(Signals.TSTP);
        }
    }

    private String refusal() {
        return SignalRefusal.text(servers.own().server().mainPid());
    }

    private Duration grace() {
        return servers.settings().stop().grace();
    }

    /** As {@link Supervisor#restart}. */
    String restart(StopReason reason) {
        if (isStoppingForGood()) {
            return "";
        }
        if (redeploys.isGoingOn()) {
            redeploys.putOff(reason);
            return "";
        }
        if (state == SupervisorState.BACKING_OFF) {
            until = ticker.nanoTime();
        } else if (state == SupervisorState.SERVING) {
            if (!servers.own().requestStop(reason, grace())) {
                return refusal();
            }
            next = AfterEnd.START_AGAIN;
        } else if (state != SupervisorState.PREPARING) {
            next = AfterEnd.START_AGAIN;
        }
        return "";
    }

    boolean mayRedeploy() {
        return !redeploys.isGoingOn()
                && !servers.areTwo()
                && !isStoppingForGood()
                && (isServing() || state == SupervisorState.BACKING_OFF);
    }

    /** As {@link Supervisor#redeploy}. */
    String redeploy(Redeployment work, StopReason reason) {
        boolean isRunning = state == SupervisorState.SERVING;
        if (work.overlaps() && isServing() && hasBecomeReady(servers.readiness())) {
            if (servers.own().server().signal(0) == Delivery.REFUSED) {
                return refusal();
            }
            redeploys.beginBeside(work);
            return "";
        }
        if (isRunning && !servers.own().requestStop(reason, grace())) {
            return refusal();
        }
        long now = ticker.nanoTime();
        redeploys.begin(work, isRunning, now);
        if (isRunning) {
            next = AfterEnd.START_AGAIN;
        } else {
            until = now;
        }
        return "";
    }

    /** Nobody waits for it any more. A server that is not ready serves nobody, and is replaced as without an overlap. */
    private static boolean hasBecomeReady(Readiness readiness) {
        return readiness.isReady() || !readiness.isExpected();
    }

    /** As {@link Supervisor#stop}. */
    String stop(StopReason reason, Duration grace) {
        boolean isTold = !isServerToBeStopped(reason) || servers.own().requestStop(reason, grace);
        servers.stopBeside(reason, grace);
        return isTold ? "" : refusal();
    }

    /** See {@link ServerLife#nothingToFinish}. */
    void nothingToFinish() {
        servers.own().nothingToFinish();
    }

    /** The server runs, and is of no use any more. */
    void serverFailed(String cause, String failure) {
        if (isServing()) {
            servers.own().fail(cause, failure);
        }
    }

    /** The server sees the end of its input, too, and may want to finish what it has begun. */
    void clientHungUp() {
        if (isServerToBeStopped(StopReason.event("stdin-closed"))) {
            servers.own().drainForClient("stdin-closed");
        }
    }

    /** Nothing is started any more. Whatever is waited for is hurried; a server has to be told by who called. */
    private boolean isServerToBeStopped(StopReason reason) {
        redeploys.stopped();
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
        servers.checkDeadlines(isHeard(), now);
        redeploys.look(isHeard(), now); // before what has ended is over with
        restartIfPutOff();
        if (servers.areTwo()) {
            redeploys.lookBeside(now, loop.isDrained(), LAST_WORDS_NANOS);
            restartIfPutOff();
        }
        ServerLife life = servers.own();
        if (state == SupervisorState.SERVING && life.isOver() && !servers.areTwo()) {
            enter(SupervisorState.LAST_WORDS, Math.max(life.lastWordsUntil(now), now + LAST_WORDS_NANOS));
            life.end();
        }
        if (state == SupervisorState.LAST_WORDS && (now >= until || loop.isDrained())) {
            lastWordsPassedOn(life);
        }
        if (state == SupervisorState.AFTERMATH && hook != null && hook.isOver(now)) {
            var unused = hook.obstacle(); // after a server's end there is none
            hook = null;
            decide(life);
        }
        if (state == SupervisorState.BACKING_OFF && now >= until) {
            enter(SupervisorState.PREPARING, Ticker.NEVER);
            next = AfterEnd.BY_POLICY;
            hook = servers.restarter().beforeStart();
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
        long own = state == SupervisorState.SERVING ? servers.own().nextDeadline() : until;
        return Math.min(Math.min(redeploys.deadline(), servers.deadlineBeside()), own);
    }

    /** A redeploy is over, and what was put off until then is done now. */
    private void restartIfPutOff() {
        StopReason putOff = redeploys.takePutOff();
        if (putOff != null) {
            var unused = restart(putOff); // the listeners have heard why not
        }
    }

    private void enter(SupervisorState newState, long newUntil) {
        state = state.transitionTo(newState);
        until = newUntil;
    }

    private void lastWordsPassedOn(ServerLife life) {
        ExitStatus status = life.status();
        if (!life.isGone()) {
            end(status);
            return;
        }
        listeners.tell(new InstanceEvent.Gone(life.pid(), status));
        hook = servers.restarter().afterEnd(life.pid(), status);
        if (hook == null) {
            decide(life);
        } else {
            enter(SupervisorState.AFTERMATH, Ticker.NEVER);
        }
    }

    /** All that belongs to a server's end is done. */
    private void decide(ServerLife life) {
        if (next == AfterEnd.END || life.wasEndedFromKeyboard()) {
            end(life.status());
        } else if (redeploys.hasBegun()) {
            goOn(null);
        } else if (next == AfterEnd.START_AGAIN) {
            againIn(Duration.ZERO);
        } else {
            long ran = life.nanosSinceStart();
            if (life.readiness().isReady()
                    || ran >= servers.settings().restart().resetAfter().toNanos()) {
                redeploys.hasServed();
            }
            byPolicy(life.status(), life.hasFailed(), ran);
        }
    }

    /** After a server of a redeploy has gone, or could not be started. */
    private void goOn(@Nullable String startFailure) {
        if (redeploys.goOn(startFailure, ticker.nanoTime())) {
            againIn(Duration.ZERO);
        } else {
            next = AfterEnd.BY_POLICY;
            restartIfPutOff();
            byPolicy(servers.status(), true, 0);
        }
    }

    private void byPolicy(ExitStatus status, boolean failed, long ran) {
        Restarts.Decision decision =
                redeploys.isPersistent() ? restarts.decideAnyway() : restarts.decide(status, failed, ran);
        if (decision.verdict() == Restarts.Verdict.AGAIN) {
            againIn(decision.backOff());
            if (state == SupervisorState.BACKING_OFF) {
                listeners.tell(new InstanceEvent.BackingOff(servers.own().pid(), decision.backOff(), status));
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
        Restarter.Start start = servers.restarter().start(obstacle);
        if (start instanceof Restarter.Start.Running running) {
            servers.replaceOwn(running.pid());
            enter(SupervisorState.SERVING, Ticker.NEVER);
            listeners.tell(new InstanceEvent.Started(running.pid(), true));
            redeploys.started(servers.settings().readiness().isExpected(), ticker.nanoTime());
        } else if (start instanceof Restarter.Start.Failed failure) {
            if (redeploys.isGoingOn()) {
                goOn(failure.why());
            } else {
                byPolicy(failure.status(), true, 0);
            }
        }
    }

    private void endBetween(StopReason reason) {
        end(reason.statusAfter(servers.status()));
    }

    private void end(ExitStatus status) {
        end = status;
        enter(SupervisorState.OVER, Ticker.NEVER);
    }
}
