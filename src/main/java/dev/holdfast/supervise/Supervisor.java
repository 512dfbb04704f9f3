package dev.holdfast.supervise;

import dev.holdfast.control.Request;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches a server until nothing of its tree is left, and starts it again where that is wanted.
 *
 * <p>One thread and one poll(2) over the signal queue, the client, what the server tells, and the next deadline. A stop
 * request is forwarded to the server, which then has the grace period; when it ends, what is left of its tree gets TERM;
 * at the end of the grace period everything gets SIGKILL. Every stop ends, and what cannot be killed is named.
 *
 * <p>Must run in a process that has no other children, with the launcher's signals blocked in all threads.
 */
public final class Supervisor {
    private static final long NEVER = Long.MAX_VALUE;
    /**
     * In a fork storm children end as fast as they are reaped: signals and deadlines have their turn, too. A time and not
     * a number, since each waitid(2) waits for the lock that all the forking processes fight for.
     */
    private static final long AT_ONCE_NANOS = 5_000_000;

    /** What a reader has for the server's last words at least, and when a stop is asked for meanwhile. */
    private static final long LAST_WORDS_NANOS = 200_000_000;

    private static final int SIGNALS_AT_ONCE = 64;
    /** Signals, stdin, parent, notifications, another main process, the URL's answer, the lock file's events, the newline. */
    private static final int SLOTS = 9;
    /** Events of the lock file are acted on at most so often, whoever makes them. */
    private static final long LOOK_AGAIN_NANOS = 5_000_000;

    private final SupervisorSettings settings;
    private final SignalQueue signals;
    private final NotifyChannel notifications;
    private final @Nullable OutputTap output;
    private final Restarter starter;
    private final SupervisorListener listener;
    private final Restarts restarts;
    private ServerLife life;
    /** Whether the server is up, or something of it; otherwise the back-off runs. */
    private boolean alive = true;
    /** Whether a stop was asked for, so that no restart follows. */
    private boolean stopping;
    /** Whether a restart was asked for, which follows at once. */
    private boolean restartAsked;

    /** Until when what an ended server has written is passed on; never while the server lives. */
    private long lastWordsUntil = NEVER;

    private long startAgainAt = NEVER;
    /** What is waited for after a server's end; null for nothing. */
    private @Nullable Aftermath aftermath;
    /** The stop request that came meanwhile; 0 for none. */
    private int stopDuringAftermath;

    private long recheckAt;
    private @Nullable ExitStatus end;
    private boolean interruptKey;
    private @Nullable ControlSocket control;
    private @Nullable Inotify fileEvents;
    private @Nullable ReadyPipe readyPipe;
    /** From when on the next event of the file counts, by {@link System#nanoTime}. */
    private long lookFrom = Long.MIN_VALUE;
    /** Whether news of children was left for the next turn. */
    private boolean moreNews;

    /**
     * A supervisor for a server that was just started.
     *
     * @param server its pid; a child of this process
     * @param settings how to supervise it
     * @param signals the queue of this process's signals
     * @param notifySocket where the server tells of itself; null when it cannot
     * @param output what looks through its output; null when nothing does
     * @param starter starts it again
     * @param listener is told what happens
     */
    public Supervisor(
            int server,
            SupervisorSettings settings,
            SignalQueue signals,
            @Nullable NotifySocket notifySocket,
            @Nullable OutputTap output,
            Restarter starter,
            SupervisorListener listener) {
        this.settings = settings;
        this.signals = signals;
        this.notifications = new NotifyChannel(notifySocket, listener);
        this.output = output;
        this.starter = starter;
        this.listener = listener;
        restarts = new Restarts(settings.restart(), Ticker.SYSTEM);
        life = new ServerLife(server, settings, listener, Ticker.SYSTEM);
        recheckAt = System.nanoTime() + settings.firstRecheck().toNanos();
    }

    /**
     * What became of the server.
     *
     * @param status how it ended; by the signal of the stop request when that came during a back-off
     * @param failed whether it failed whatever its status is: it never became ready, or fell silent
     * @param treeIsGone whether nothing of its tree is left
     * @param ofInterruptKey whether it died of the terminal's Ctrl-C
     */
    public record Outcome(ExitStatus status, boolean failed, boolean treeIsGone, boolean ofInterruptKey) {}

    /**
     * Watches until the end. Blocks.
     *
     * @param sentBefore what was taken from the queue before the server ran, for it
     * @return how the server ended
     */
    public Outcome run(List<SignalQueue.Received> sentBefore) {
        try (PollSet poll = new PollSet(SLOTS + ControlSocket.SLOTS + OutputTap.SLOTS)) {
            int signalSlot = poll.add(signals.descriptor(), PollSet.READABLE);
            int notifySlot = poll.add(notifications.descriptor(), PollSet.READABLE);
            int mainSlot = poll.add(-1, PollSet.READABLE);
            int httpSlot = poll.add(-1, PollSet.READABLE);
            int fileSlot = poll.add(-1, PollSet.READABLE);
            int pipeSlot = poll.add(-1, PollSet.READABLE);
            int aftermathSlot = poll.add(-1, PollSet.READABLE);
            if (output != null) {
                output.addTo(poll);
            }
            try (ClientWatch client = new ClientWatch(poll, settings.watchClient(), settings.clientPid())) {
                int controlSlot = poll.addEmpty(ControlSocket.SLOTS);
                reap();
                for (SignalQueue.Received signal : sentBefore) {
                    take(signal);
                }
                watch(client);
                // The server may be over by now, and its SIGCHLD gone: the JDK's process code throws a pending one
                // away.
                checkDeadlines();
                while (end == null) {
                    poll.set(mainSlot, life.server().mainDescriptor(), PollSet.READABLE);
                    poll.set(aftermathSlot, aftermath == null ? -1 : aftermath.descriptor(), PollSet.READABLE);
                    poll.set(httpSlot, life.readiness().httpDescriptor(), PollSet.READABLE);
                    if (readyPipe != null) {
                        poll.set(pipeSlot, readyPipe.descriptor(), PollSet.READABLE);
                    }
                    if (output != null) {
                        output.arm(poll);
                    }
                    if (control != null) {
                        control.arm(poll, controlSlot);
                    }
                    boolean mayLook = fileEvents != null && System.nanoTime() >= lookFrom;
                    poll.set(fileSlot, fileEvents == null || !mayLook ? -1 : fileEvents.descriptor(), PollSet.READABLE);
                    poll.await(millisUntilNextDeadline());
                    if (fileEvents != null && poll.returned(fileSlot) != 0) {
                        fileEvents.drain();
                        lookFrom = System.nanoTime() + LOOK_AGAIN_NANOS;
                        recheckAt = System.nanoTime();
                    }
                    if (poll.returned(signalSlot) != 0) {
                        takeSignals();
                    }
                    // Before the reaping: what a server says last may come with its end.
                    hear(poll, poll.returned(notifySlot) != 0, poll.returned(httpSlot) != 0);
                    if (readyPipe != null && poll.returned(pipeSlot) != 0) {
                        hearNewline(readyPipe);
                    }
                    reap();
                    if (poll.returned(mainSlot) != 0) {
                        mainEnded();
                    }
                    watch(client);
                    if (control != null) {
                        control.serve(poll, controlSlot);
                    }
                    checkDeadlines();
                }
            }
        }
        boolean ofInterruptKey = end.signal() == Signals.INT && (interruptKey || life.wasEndedFromKeyboard());
        return new Outcome(end, life.hasFailed(), life.isGone(), ofInterruptKey);
    }

    /** What the server shows of itself. */
    private void hear(PollSet poll, boolean notified, boolean answered) {
        if (notified) {
            takeNotifications();
        }
        if (output != null) {
            output.move(poll);
            if (output.hasMatched()) {
                life.readiness().logMatched();
            }
        }
        if (answered) {
            life.readiness().httpAnswered();
        }
    }

    private void hearNewline(ReadyPipe pipe) {
        ReadyPipe.Word word = pipe.hear(); // no switch: its table would load the enum for those who have no pipe
        if (word == ReadyPipe.Word.NEWLINE) {
            life.readiness().newlineCame();
        } else if (word == ReadyPipe.Word.END) {
            life.readiness().endedWithoutNewline();
            listener.endedWithoutNewline(pipe.number());
        }
    }

    /** Another main process has ended; when it was a child of ours, it has been reaped by now and is the main one no more. */
    private void mainEnded() {
        if (life.server().mainDescriptor() >= 0) {
            life.mainEnded();
            reap();
        }
    }

    private void takeSignals() {
        // Bounded: three senders of real-time signals keep the queue full for ever. What ends a server comes first,
        // since
        // the kernel gives out the lowest number first.
        for (int taken = 0; taken < SIGNALS_AT_ONCE; taken++) {
            SignalQueue.Received signal = signals.next();
            if (signal == null) {
                return;
            }
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
        if (!settings.forwarding().isStopRequest(signal.number())) {
            life.forward(signal.number());
        } else if (isWaitingForReader()) {
            stopping = true;
            hurryReader();
        } else if (alive) {
            stopping = true;
            life.stopRequested(signal);
        } else {
            stopWithoutServer(signal.number());
        }
    }

    /** Whether the server is over, and only a slow reader of its output keeps the launcher. */
    private boolean isWaitingForReader() {
        return lastWordsUntil != NEVER;
    }

    private void hurryReader() {
        if (isWaitingForReader()) {
            lastWordsUntil = Math.min(lastWordsUntil, System.nanoTime() + LAST_WORDS_NANOS);
        }
    }

    /** What is done after a server's end is part of the stop, and is not disturbed. */
    private void stopWithoutServer(int signal) {
        if (aftermath == null) {
            end = ExitStatus.killedBy(signal);
        } else {
            stopDuringAftermath = signal;
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
        if (alive && !isWaitingForReader()) {
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
            String obstacle = reload();
            if (!obstacle.isEmpty()) {
                listener.notReloaded(obstacle);
            }
        } else {
            var unused = restart(StopReason.request(request.get(), signal)); // the listener has heard why not
        }
    }

    /**
     * Lets the server read its configuration again, unless it would die of the signal for that, or would not notice. To
     * be called in the supervisor's thread.
     *
     * @return why nothing was sent, in a few words; empty when it was
     */
    public String reload() {
        if (!alive || !life.isRunning()) {
            return "the server does not run now";
        }
        String obstacle = ReloadCheck.obstacle(
                life.server().mainPid(), settings.forwarding().rewritten(Signals.HUP));
        if (obstacle.isEmpty()) {
            life.forward(Signals.HUP);
        }
        return obstacle;
    }

    /**
     * Stops the server and starts it again, unless it is being stopped for good. To be called in the supervisor's thread.
     *
     * @param reason for the audit trail
     * @return why it cannot be stopped, in a few words; empty when it is
     */
    public String restart(StopReason reason) {
        if (aftermath != null) {
            restartAsked = true;
        } else if (!alive) {
            startAgainAt = System.nanoTime();
        } else if (!stopping) {
            restartAsked = life.requestStop(reason, settings.stop().grace());
            return restartAsked ? "" : SignalRefusal.text(life.server().mainPid());
        }
        return "";
    }

    /**
     * Sends the server a signal. To be called in the supervisor's thread.
     *
     * @param signal which one
     * @return why it was not sent, in a few words; empty when it was
     */
    public String signal(int signal) {
        if (!alive || !life.isRunning()) {
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
        return alive && !stopping && !restartAsked && life.isRunning();
    }

    /**
     * Whether the launcher ends with the server's end, or has no server any more. To be called in the supervisor's thread.
     *
     * @return true when no server is started again
     */
    public boolean isStoppingForGood() {
        return stopping || end != null;
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
     * Stops the server for good, as a TERM would. To be called in the supervisor's thread.
     *
     * @param reason for the audit trail
     * @param grace how long the server has; empty for what it has always
     * @return why it cannot be stopped, in a few words; empty when it is
     */
    public String stop(StopReason reason, Optional<Duration> grace) {
        stopping = true;
        if (isWaitingForReader()) {
            hurryReader();
        } else if (!alive) {
            stopWithoutServer(Signals.TERM);
        } else if (!life.requestStop(reason, grace.orElse(settings.stop().grace()))) {
            return SignalRefusal.text(life.server().mainPid());
        }
        return "";
    }

    /**
     * Listens for the newline by which the server says that it is ready. To be called in the supervisor's thread.
     *
     * @param pipe through which it comes, also after a restart; whoever made it closes it
     */
    public void hearReadyOn(ReadyPipe pipe) {
        readyPipe = pipe;
    }

    /**
     * Takes requests from a socket, too. To be called in the supervisor's thread.
     *
     * @param socket where they come in; whoever made it closes it
     */
    public void serve(ControlSocket socket) {
        control = socket;
    }

    /**
     * Calls {@link SupervisorListener#recheck} also when something happens to a file. To be called in the supervisor's
     * thread.
     *
     * @param events of the file; whoever opened them closes them
     */
    public void recheckOn(Inotify events) {
        fileEvents = events;
    }

    /**
     * Stops the server for good, for a reason of the launcher's own. To be called from a listener, in the supervisor's
     * thread.
     *
     * @param cause for the audit trail
     */
    public void requestStop(String cause) {
        stopping = true;
        hurryReader();
        if (alive) {
            var unused =
                    life.requestStop(StopReason.event(cause), settings.stop().grace());
        } else if (aftermath == null) {
            end = life.status();
        }
    }

    private void takeNotifications() {
        // Bounded like the reaping: poll(2) returns at once while there is more.
        long end = System.nanoTime() + AT_ONCE_NANOS;
        Optional<Notification> said = notifications.next(life.server().pid());
        while (said.isPresent()) {
            if (alive) {
                settings.upstream().passOn(said.get());
                life.notified(said.get());
            }
            said = System.nanoTime() < end ? notifications.next(life.server().pid()) : Optional.empty();
        }
    }

    private void watch(ClientWatch client) {
        boolean hungUp = client.hasHungUp();
        boolean orphaned = client.hasParentDied();
        if (hungUp && alive) {
            // The server sees the end of its input, too, and may want to finish what it has begun.
            stopping = true;
            hurryReader();
            life.drainForClient("stdin-closed");
        } else if (hungUp || orphaned) {
            requestStop(hungUp ? "stdin-closed" : "parent-died");
        }
    }

    /** Takes the news of children, whatever woke us: one SIGCHLD can stand for many. */
    private void reap() {
        long end = System.nanoTime() + AT_ONCE_NANOS;
        do {
            Children.News news = Children.next();
            if (news.change() == Children.Change.NONE || news.change() == Children.Change.NO_CHILDREN) {
                moreNews = false;
                life.allHeard(news.change() == Children.Change.NONE);
                return;
            }
            life.heard(news);
            if (aftermath != null) {
                aftermath.heard(news);
            }
            if (control != null) {
                control.heard(news);
            }
        } while (System.nanoTime() < end);
        moreNews = true;
    }

    private void checkDeadlines() {
        long now = System.nanoTime();
        if (now >= recheckAt) {
            recheckAt = now + listener.recheck().toNanos();
        }
        if (alive) {
            life.checkDeadlines(now);
        }
        if (alive && life.isOver() && isAllSaid(now)) {
            lifeEnded();
        }
        if (aftermath != null && aftermath.isOver(now)) {
            aftermath.finish();
            aftermath = null;
            goOn(life.status());
        }
        if (!alive && aftermath == null && end == null && now >= startAgainAt) {
            startAgain();
        }
    }

    /** Whether the output of a server that is over has been passed on, or its time for that is up. */
    private boolean isAllSaid(long now) {
        if (!isWaitingForReader()) {
            life.end();
            lastWordsUntil = Math.max(life.lastWordsUntil(now), now + LAST_WORDS_NANOS);
        }
        return output == null || now >= lastWordsUntil || output.isDrained();
    }

    private void lifeEnded() {
        lastWordsUntil = NEVER;
        alive = false;
        ExitStatus status = life.status();
        if (!life.isGone()) {
            end = status;
            return;
        }
        aftermath = listener.gone(status);
        if (aftermath == null) {
            goOn(status);
        }
    }

    /** All that belongs to a server's end is done. */
    private void goOn(ExitStatus status) {
        if (stopping || life.wasEndedFromKeyboard()) {
            end = status;
        } else if (restartAsked) {
            startAgainAt = System.nanoTime();
        } else {
            backOff(status, life.hasFailed(), life.nanosSinceStart());
        }
        if (end == null && stopDuringAftermath != 0) {
            end = ExitStatus.killedBy(stopDuringAftermath);
        }
    }

    private void backOff(ExitStatus status, boolean failed, long ran) {
        long now = System.nanoTime();
        Restarts.Decision decision = restarts.decide(status, failed, ran);
        switch (decision.verdict()) {
            case STAY_DOWN -> end = status;
            case GIVE_UP -> {
                listener.gaveUp(restarts.count());
                end = status;
            }
            case AGAIN -> {
                startAgainAt = now + decision.backOff().toNanos();
                listener.backingOff(decision.backOff(), status);
            }
        }
    }

    private void startAgain() {
        startAgainAt = NEVER;
        restartAsked = false;
        Restarter.Start start = starter.again();
        if (start instanceof Restarter.Start.Running running) {
            life.close();
            life = new ServerLife(running.pid(), settings, listener, Ticker.SYSTEM);
            alive = true;
            if (output != null) {
                output.expect();
            }
            listener.started(running.pid());
        } else if (start instanceof Restarter.Start.Failed failure) {
            backOff(failure.status(), true, 0);
        } else if (start instanceof Restarter.Start.Interrupted stop) {
            end = ExitStatus.killedBy(stop.signal());
        }
    }

    private long nextOfServer() {
        if (aftermath != null) {
            return aftermath.deadline();
        }
        if (isWaitingForReader()) {
            return lastWordsUntil;
        }
        return alive ? life.nextDeadline() : startAgainAt;
    }

    private int millisUntilNextDeadline() {
        if (moreNews) {
            return 0;
        }
        long next = Math.min(recheckAt, nextOfServer());
        if (output != null) {
            next = Math.min(next, output.deadline());
        }
        if (control != null) {
            next = Math.min(next, control.deadline());
        }
        if (System.nanoTime() < lookFrom) {
            next = Math.min(next, lookFrom);
        }
        long nanos = next - System.nanoTime();
        // Rounded up, or the loop would spin through the last millisecond.
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000));
    }
}
