package dev.holdfast.supervise;

import dev.holdfast.posix.Children;
import dev.holdfast.posix.PollSet;
import dev.holdfast.posix.Self;
import dev.holdfast.posix.SignalQueue;
import dev.holdfast.posix.Signals;
import dev.holdfast.process.ExitStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches one server until nothing of its tree is left.
 *
 * <p>One thread and one poll(2) over the signal queue, the client and the next deadline. A stop request is forwarded to
 * the server, which then has the grace period; when it ends, what is left of its tree gets TERM; at the end of the grace
 * period everything gets SIGKILL. Every stop ends, and what cannot be killed is named.
 *
 * <p>Must run in a process that has no other children, with the launcher's signals blocked in all threads.
 */
public final class Supervisor {
    private static final long NEVER = Long.MAX_VALUE;
    /** How often SIGKILL is repeated for what was forked meanwhile. */
    private static final Duration KILL_AGAIN = Duration.ofMillis(20);
    /** How long something may take to die of SIGKILL before it is given up. */
    private static final Duration GIVE_UP = Duration.ofSeconds(5);

    private final SupervisorSettings settings;
    private final SignalQueue signals;
    private final List<SignalQueue.Received> sentBefore;
    private final SupervisorListener listener;
    private final ServerProcess server;
    private final TerminalShare terminal;
    private ServerState state = ServerState.RUNNING;
    private @Nullable ExitStatus status;
    /** When the state's time is over, by {@link System#nanoTime}. */
    private long deadline = NEVER;

    private long giveUpAt = NEVER;
    private long recheckAt;
    private boolean interrupted;

    /**
     * A supervisor for a server that was just started.
     *
     * @param server its pid; a child of this process
     * @param settings how to supervise it
     * @param signals the queue of this process's signals
     * @param sentBefore what was taken from the queue before the server ran, for it
     * @param listener is told what happens
     */
    public Supervisor(
            int server,
            SupervisorSettings settings,
            SignalQueue signals,
            List<SignalQueue.Received> sentBefore,
            SupervisorListener listener) {
        this.sentBefore = List.copyOf(sentBefore);
        this.server = new ServerProcess(server, settings.killMode());
        this.terminal = new TerminalShare(this.server);
        this.settings = settings;
        this.signals = signals;
        this.listener = listener;
        recheckAt = System.nanoTime() + settings.recheckInterval().toNanos();
    }

    /**
     * What became of the server.
     *
     * @param status how it ended
     * @param treeIsGone whether nothing of its tree is left
     */
    public record Outcome(ExitStatus status, boolean treeIsGone) {}

    /**
     * Watches until the end. Blocks.
     *
     * @return how the server ended
     */
    public Outcome run() {
        try (PollSet poll = new PollSet(3)) {
            int signalSlot = poll.add(signals.descriptor(), PollSet.READABLE);
            try (ClientWatch client = new ClientWatch(poll, settings.watchClient(), settings.clientPid())) {
                reap();
                sentBefore.forEach(this::take);
                watch(client);
                while (state != ServerState.GONE && System.nanoTime() < giveUpAt) {
                    poll.await(millisUntilNextDeadline());
                    if (poll.returned(signalSlot) != 0) {
                        takeSignals();
                    }
                    reap();
                    watch(client);
                    meetDeadlines();
                }
            }
        }
        ExitStatus how = status == null ? ExitStatus.killedBy(Signals.KILL) : status;
        terminal.end(how);
        if (state != ServerState.GONE) {
            listener.survived(server.whatEnds());
        }
        return new Outcome(how, state == ServerState.GONE);
    }

    private void takeSignals() {
        for (SignalQueue.Received signal = signals.next(); signal != null; signal = signals.next()) {
            // Our own: SIGPIPE from writing an audit line to a stderr that is closed.
            if (signal.number() != Signals.CHLD && signal.senderPid() != Self.pid()) {
                take(signal);
            }
        }
    }

    private void take(SignalQueue.Received signal) {
        switch (signal.number()) {
            case Signals.HUP -> {
                if (!settings.hangUpIgnored()) {
                    stopOrForward(signal);
                }
            }
            case Signals.TERM, Signals.INT, Signals.QUIT -> stopOrForward(signal);
            case Signals.TSTP -> terminal.suspend();
            // The launcher was continued by the shell, and TerminalShare has continued the server.
            case Signals.TTIN, Signals.TTOU -> {}
            default -> forward(signal.number());
        }
    }

    private void stopOrForward(SignalQueue.Received signal) {
        if (settings.forwarding().isStopRequest(signal.number())) {
            stopRequested(signal);
        } else {
            forward(signal.number());
        }
    }

    private void forward(int signal) {
        int rewritten = settings.forwarding().rewritten(signal);
        if (rewritten != 0) {
            server.signal(rewritten, settings.forwarding().target());
        }
    }

    private void stopRequested(SignalQueue.Received signal) {
        boolean fromKeyboard = signal.number() == Signals.INT && signal.fromKernel();
        if (fromKeyboard && interrupted && state != ServerState.KILLING) {
            kill("second Ctrl-C");
            return;
        }
        interrupted |= fromKeyboard;
        if (state == ServerState.RUNNING || state == ServerState.DRAINING) {
            stop(StopReason.signal(signal));
        } else {
            // Said again: the server may want to know, but its time neither shortens nor starts anew.
            tell(StopReason.signal(signal));
        }
    }

    /**
     * Stops the server for a reason of the launcher's own. To be called from a listener, in the supervisor's thread.
     *
     * @param cause for the audit trail
     */
    public void requestStop(String cause) {
        if (state == ServerState.RUNNING || state == ServerState.DRAINING) {
            stop(StopReason.event(cause));
        }
    }

    private void stop(StopReason reason) {
        state = state.transitionTo(ServerState.STOPPING);
        deadline = System.nanoTime() + settings.grace().toNanos();
        listener.stopping(reason, signalFor(reason), settings.grace());
        tell(reason);
        server.wake();
    }

    /**
     * A terminal sends its keys to the whole foreground group, and shells rely on it: a bash that waits for a program
     * ends at an INT only if the program died of it, too.
     */
    private void tell(StopReason reason) {
        if (reason.fromKernel() && settings.stopSignal() == 0) {
            server.signalGroup(signalFor(reason));
        } else {
            server.signal(signalFor(reason), settings.forwarding().target());
        }
    }

    private int signalFor(StopReason reason) {
        if (settings.stopSignal() != 0) {
            return settings.stopSignal();
        }
        return reason.signal() == 0 ? Signals.TERM : settings.forwarding().rewritten(reason.signal());
    }

    private void watch(ClientWatch client) {
        boolean hungUp = client.hasHungUp();
        boolean orphaned = client.hasParentDied();
        if (state != ServerState.RUNNING) {
            return;
        }
        if (hungUp) {
            // The server sees the end of its input, too, and may want to finish what it has begun.
            state = state.transitionTo(ServerState.DRAINING);
            deadline = System.nanoTime() + settings.grace().toNanos();
            listener.draining(settings.grace());
        } else if (orphaned) {
            stop(StopReason.event("parent-died"));
        }
    }

    /** Takes all news of children, whatever woke us: one SIGCHLD can stand for many. */
    private void reap() {
        while (true) {
            Children.News news = Children.next();
            switch (news.change()) {
                case NONE -> {
                    if (server.isReaped()) {
                        sweep();
                    }
                    return;
                }
                case NO_CHILDREN -> {
                    if (state != ServerState.GONE) {
                        state = state.transitionTo(ServerState.GONE);
                    }
                    return;
                }
                case STOPPED -> {
                    if (news.pid() == server.pid()) {
                        terminal.serverStopped(news.status());
                    }
                }
                case EXITED -> ended(news.pid(), ExitStatus.exited(news.status()));
                case KILLED -> ended(news.pid(), ExitStatus.killedBy(news.status()));
            }
        }
    }

    private void ended(int pid, ExitStatus how) {
        if (pid != server.pid()) {
            return;
        }
        server.markReaped();
        status = how;
        listener.ended(how);
    }

    /** After all the dead are reaped: an orphan that ended with the server and came to us as a zombie is nobody left. */
    private void sweep() {
        if (state == ServerState.GONE) {
            return;
        }
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
            deadline = System.nanoTime() + settings.grace().toNanos();
        }
        int count = server.signalWhatEnds(Signals.TERM);
        if (count > 0) {
            listener.sweeping(count);
        }
    }

    private void meetDeadlines() {
        long now = System.nanoTime();
        if (now >= recheckAt) {
            recheckAt = now + listener.recheck().toNanos();
        }
        if (now < deadline) {
            return;
        }
        switch (state) {
            case DRAINING -> stop(StopReason.event("stdin-closed"));
            case STOPPING, SWEEPING -> kill("grace over");
            case KILLING -> killAgain();
            case RUNNING, GONE -> deadline = NEVER;
        }
    }

    private void kill(String reason) {
        state = state.transitionTo(ServerState.KILLING);
        giveUpAt = System.nanoTime() + GIVE_UP.toNanos();
        listener.killing(reason);
        killAgain();
    }

    /** Children of the killed come to us, and what was forked meanwhile is found the next time. */
    private void killAgain() {
        var unused = server.signalWhatEnds(Signals.KILL);
        deadline = System.nanoTime() + KILL_AGAIN.toNanos();
    }

    private int millisUntilNextDeadline() {
        long nanos = Math.min(Math.min(deadline, recheckAt), giveUpAt) - System.nanoTime();
        // Rounded up, or the loop would spin through the last millisecond.
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000));
    }
}
