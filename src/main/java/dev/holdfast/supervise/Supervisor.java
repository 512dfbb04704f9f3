package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches a server until nothing of its tree is left, and starts it again where that is wanted.
 *
 * <p>One thread and one loop over what it is given to wait for. A stop request is forwarded to the server, which then has
 * the grace period; when it ends, what is left of its tree gets TERM; at the end of the grace period everything gets
 * SIGKILL. Every stop ends, and what cannot be killed is named. What is asked for here is decided by {@link InstanceLife}, from
 * server to server, and by the {@link ServerLife} of each.
 *
 * <p>A redeploy that overlaps has a second server for a while, in an {@link Overlap}. Which of the two is the instance's own
 * one changes when the new one is ready, and back when it fails; all else here is about the instance's own.
 *
 * <p>Must run in a process that has no other children, with the launcher's signals blocked in all threads.
 */
public final class Supervisor {
    private final InstanceListeners listeners;
    private final Ticker ticker;
    private final EventLoop loop;
    private final Servers servers;
    private final InstanceLife instance;
    /** The latest reload that a signal has asked for, while it is not decided; null for none. */
    private @Nullable ReloadRequest bySignal;

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
        this.listeners = listeners;
        this.ticker = ticker;
        loop = new EventLoop(ticker, new Decisions());
        servers = new Servers(server, settings, restarter, listeners, trees, ticker);
        instance = new InstanceLife(servers, listeners, ticker, loop);
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
            instance.arm(slots, 0);
            servers.armBeside(slots, 1);
        }

        @Override
        public void serve(PollSlots slots) {
            instance.checkDeadlines();
        }

        @Override
        public long deadline() {
            return instance.nextDeadline();
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
            while (instance.state() != SupervisorState.OVER) {
                loop.turn();
            }
        }
        return new Outcome(
                instance.end(), servers.own().hasFailed(), servers.areGone(), instance.isEndedByInterruptKey());
    }

    /** The server may be over by now, and its SIGCHLD gone: the JDK's process code throws a pending one away. */
    void begin() {
        loop.begin();
    }

    InstanceLife instance() {
        return instance;
    }

    Servers servers() {
        return servers;
    }

    /** A child was stopped, or has ended and was reaped. */
    void childChanged(Children.News news) {
        instance.childChanged(news);
        loop.childChanged(news);
    }

    /**
     * What ran beside the server has got SIGKILL: nothing that the server leaves. To be called in the supervisor's thread.
     *
     * @param helpers the command and its descendants
     */
    public void helpersWereKilled(List<ProcessIdentity> helpers) {
        servers.helpersWereKilled(helpers);
    }

    /**
     * Lets the server read its configuration again, unless it would die of the signal for that, or would not notice. To
     * be called in the supervisor's thread.
     *
     * @return what becomes of it: decided, or added to the loop until it is
     */
    public ReloadRequest reload() {
        int pid = instance.runningPid();
        int signal = servers.settings().forwarding().rewritten(Signals.HUP);
        ReloadRequest reload = new ReloadRequest(this, pid, new ReloadCheck(pid, signal, ticker));
        reload.look();
        if (!reload.isDecided()) {
            loop.add(reload);
        }
        return reload;
    }

    /** The same, for whoever has nothing but what the listeners say. */
    void reloadBySignal() {
        ReloadRequest reload = reload();
        if (reload.isDecided()) {
            tellOf(reload);
        } else {
            bySignal = reload;
        }
    }

    /** A reload that took some looks is decided. */
    void decided(ReloadRequest reload) {
        loop.remove(reload);
        if (reload == bySignal) {
            bySignal = null;
            tellOf(reload);
        }
    }

    private void tellOf(ReloadRequest reload) {
        if (reload.obstacle().isPresent()) {
            listeners.tell(new InstanceEvent.NotReloaded(
                    servers.own().pid(), reload.obstacle().get()));
        }
    }

    /**
     * Stops the server and starts it again, unless it is being stopped for good. To be called in the supervisor's thread.
     *
     * @param reason for the audit trail
     * @return why it cannot be stopped, in a few words; empty when it is
     */
    public String restart(StopReason reason) {
        return instance.restart(reason);
    }

    /**
     * What runs, or is started next.
     *
     * @return how
     */
    public ServerPlan plan() {
        return servers.plan();
    }

    /**
     * Whether a redeploy can begin: nothing else is being done. To be called in the supervisor's thread.
     *
     * @return false also while the instance is stopped for good
     */
    public boolean mayRedeploy() {
        return instance.mayRedeploy();
    }

    /**
     * Begins a redeploy. To be called in the supervisor's thread, when {@link #mayRedeploy} says so.
     *
     * @param work what is put in whose place
     * @param reason for the audit trail
     * @return why the server cannot be stopped, in a few words, and nothing was begun; empty when it is
     */
    public String redeploy(Redeployment work, StopReason reason) {
        return instance.redeploy(work, reason);
    }

    /** How long a server has that is stopped now. */
    public Duration grace() {
        return servers.settings().stop().grace();
    }

    /**
     * Sends the server a signal. To be called in the supervisor's thread.
     *
     * @return why it was not sent, in a few words; empty when it was
     */
    public String signal(int signal) {
        return instance.signal(signal);
    }

    /**
     * Whether the server runs, and nobody has asked it to stop. To be called in the supervisor's thread.
     *
     * @return false also during a back-off
     */
    public boolean isServing() {
        return instance.isServing();
    }

    /**
     * Whether the launcher ends with the server's end, or has no server any more. To be called in the supervisor's thread.
     *
     * @return true when no server is started again
     */
    public boolean isStoppingForGood() {
        return instance.isStoppingForGood();
    }

    /**
     * Who the server is now. To be called in the supervisor's thread.
     *
     * @return its main process
     */
    public int serverPid() {
        return servers.own().server().mainPid();
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
        return instance.stop(reason, grace);
    }

    /**
     * The server runs, and is of no use any more: it is stopped, and is started again where that is wanted after a failure.
     * To be called in the supervisor's thread.
     *
     * @param cause for the audit trail
     * @param failure why, in a sentence without its subject
     */
    public void serverFailed(String cause, String failure) {
        instance.serverFailed(cause, failure);
    }

    /**
     * The server was told to stop by the end of its input, and is at nothing that anybody waits for: it has little time to
     * end by itself. To be called in the supervisor's thread.
     */
    public void nothingToFinish() {
        instance.nothingToFinish();
    }

    /**
     * Stops the server for good, with its usual grace. To be called in the supervisor's thread, also from a source or a
     * listener.
     *
     * @param cause what has happened
     */
    public void requestStop(String cause) {
        var unused = stop(StopReason.event(cause), grace()); // the listeners have heard why not
    }
}
