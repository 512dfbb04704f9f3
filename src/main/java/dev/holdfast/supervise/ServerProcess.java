package dev.holdfast.supervise;

import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessGroup;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.process.ProcessTree;
import dev.holdfast.settings.KillMode;
import dev.holdfast.settings.SignalTarget;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The server and its tree, as children of this process. A child's pid cannot be reused before this process reaps it, so
 * it may be signalled by number; its descendants are pinned first.
 */
final class ServerProcess implements ServerTree {
    /** How long children are killed as fast as they come, before signals and deadlines are looked at again. */
    private static final Duration OUTRUN = Duration.ofMillis(15);

    /** The same where less was not enough. A TERM may wait for so long; it could not end the killed any sooner. */
    private static final Duration OUTRUN_AT_MOST = Duration.ofSeconds(1);

    /** How often a tree is walked for one signal. */
    private static final int MOST_WALKS = 5;

    private final int pid;
    private final KillMode killMode;
    private final Ticker ticker;
    /** The one that the server called its main process; null while that is the one that was started. */
    private @Nullable PinnedProcess main;
    /** Who was asked to end, after the server's own end. */
    private final SweepRound asked = new SweepRound();
    /** Whether the one that was started has been reaped. */
    private boolean startedReaped;

    private boolean reaped;
    /** Whether the group has been asked to end where nobody in it can be seen. */
    private boolean groupAsked;

    private long outrunNanos = OUTRUN.toNanos();
    /** What is this server's, while another one runs beside it; null when all is. Asked by the thread of a probe, too. */
    private volatile @Nullable Kinship kinship;

    ServerProcess(int pid, KillMode killMode, Ticker ticker) {
        this.pid = pid;
        this.killMode = killMode;
        this.ticker = ticker;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public boolean isReaped() {
        return reaped;
    }

    @Override
    public boolean hasEnded(int child) {
        boolean wasStarted = child == pid && !startedReaped;
        startedReaped |= wasStarted;
        boolean wasServer = main == null ? wasStarted : isMain(child);
        if (wasServer) {
            reaped = true;
            close();
        }
        return wasServer;
    }

    @Override
    public boolean hasLostMain() {
        if (main != null && !main.hasEnded()) {
            return false; // it has become the main one since the end of the one before was seen
        }
        close();
        reaped |= startedReaped;
        return reaped;
    }

    @Override
    public boolean tryMain(long process) {
        boolean[] found = {false};
        ProcessTree.forEachDescendant(Self.pid(), descendant -> {
            if (descendant.pid() == process && isOurs(descendant.pid())) {
                PinnedProcess pinned = PinnedProcess.pin(descendant.pid()).orElse(null);
                if (pinned != null && pinned.identity().isSameProcess(descendant.identity())) {
                    close();
                    main = pinned;
                    found[0] = true;
                }
            }
        });
        return found[0];
    }

    @Override
    public boolean endsWithLauncher() {
        return Self.pid() == 1;
    }

    @Override
    public int mainPid() {
        return main == null ? pid : main.pid();
    }

    @Override
    public int mainDescriptor() {
        return main == null ? -1 : main.descriptor();
    }

    /** To the server alone: a group-wide signal loses the work that a parent would have its workers finish. */
    @Override
    public Delivery signal(int number) {
        if (main != null) {
            return main.send(number);
        }
        return reaped ? Delivery.GONE : Delivery.of(Self.kill(pid, number));
    }

    /**
     * To the server's process group, for what a terminal would send to all of it.
     *
     * @return what became of the server's own; others of its group may be somebody else's, or gone
     */
    @Override
    public Delivery signalGroup(int number) {
        if (startedReaped) {
            return signal(number); // the group's number may be somebody else's by now
        }
        Delivery toAny = ProcessGroup.send(pid, number);
        return toAny == Delivery.SENT && signal(0) == Delivery.REFUSED ? Delivery.REFUSED : toAny;
    }

    @Override
    public void wake() {
        Optional<ProcessStat> stat = ProcessStat.of(pid);
        if (stat.isPresent() && stat.get().isStopped()) {
            var unused = signal(Signals.CONT); // told before: whoever refuses this has refused that
        }
    }

    /**
     * To whom the target says.
     *
     * @return what became of the server's own
     */
    @Override
    public Delivery signal(int number, SignalTarget target) {
        return switch (target) {
            case CHILD -> signal(number);
            case GROUP -> signalGroup(number);
            case TREE -> signalTree(number);
        };
    }

    /**
     * To all of the tree that was there before. Whoever dies of the signal leaves children to others, and a walk through
     * the tree may miss them while they move: so it is walked again until nobody new is found. What was forked meanwhile,
     * by a server's own handler maybe, is not meant.
     */
    private Delivery signalTree(int number) {
        Delivery[] toServer = {Delivery.GONE};
        long begun = Self.ticksSinceBoot();
        Set<ProcessIdentity> told = new HashSet<>();
        int before = -1;
        for (int walk = 0; walk < MOST_WALKS && told.size() > before; walk++) {
            before = told.size();
            ProcessTree.forEachDescendant(Self.pid(), process -> {
                if (process.identity().startTicks() <= begun && isOurs(process.pid()) && told.add(process.identity())) {
                    Delivery delivery = process.send(number);
                    if (process.pid() == mainPid()) {
                        toServer[0] = delivery;
                    }
                }
            });
        }
        return toServer[0];
    }

    /**
     * Asks everything to end that is to end with the server, orphans included, and continues what is stopped. Whoever has
     * been asked is not asked again; whoever was adopted since, is, but not what those start who end in their own way.
     *
     * @return how far the request has reached
     */
    @Override
    public Reach terminateWhatEnds() {
        Reach reach = new Reach();
        boolean isFirst = !groupAsked;
        asked.begin();
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (endsWithServer(process) && asked.isNew(process)) {
                reach.count(process.pid(), process.sendAndWake(Signals.TERM));
            }
        });
        groupAsked = true;
        if (isFirst) {
            sendUnseen(Signals.TERM, reach);
        }
        return reach;
    }

    @Override
    public void helpersWereKilled(List<ProcessIdentity> helpers) {
        for (ProcessIdentity helper : helpers) {
            asked.leaveOut(helper);
        }
    }

    /**
     * Sends a signal to everything that is to end, orphans included, and continues what is stopped.
     *
     * @return how far the signal has reached
     */
    @Override
    public Reach signalWhatEnds(int number) {
        if (number == Signals.KILL) {
            outrun();
        }
        Reach reach = new Reach();
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (endsWithServer(process)) {
                reach.count(process.pid(), process.sendAndWake(number));
            }
        });
        sendUnseen(number, reach);
        return reach;
    }

    /**
     * Where processes cannot be listed, since no descriptor is left, say: to the server's group, when a child of this
     * process shows that its number is nobody else's.
     */
    private void sendUnseen(int number, Reach reach) {
        if (reach.isNobody() && killMode != KillMode.CHILD && !ProcessList.canBeRead() && Children.isAnyInGroup(pid)) {
            reach.count(pid, ProcessGroup.send(pid, number));
        }
    }

    /**
     * Kills what forks faster than all processes can be listed. The server's group first: the kernel lets no process of
     * a group that gets SIGKILL finish a fork. Then, again and again, all direct children: whoever survives has become
     * one, when its parent died. Being unreaped children they need no pinning, which leaves about ten microseconds from
     * reading of one to killing it.
     */
    private void outrun() {
        if (!reaped) {
            var unused = signal(Signals.KILL); // whoever refuses is counted by the walk that follows
            if (killMode != KillMode.CHILD) {
                var unusedGroup = signalGroup(Signals.KILL);
            }
        }
        if (killMode == KillMode.CHILD) {
            return;
        }
        long end = ticker.nanoTime() + outrunNanos;
        boolean isAnyLeft = killChildren();
        while (isAnyLeft && ticker.nanoTime() < end) {
            Thread.onSpinWait();
            isAnyLeft = killChildren();
        }
        if (isAnyLeft) {
            // The walk over all of /proc that follows lets a storm recover, so a short run would never be enough.
            outrunNanos = Math.min(4 * outrunNanos, OUTRUN_AT_MOST.toNanos());
        }
    }

    /** Whether any was left to be killed. What is dead is reaped, or the list would grow with each that was killed. */
    private boolean killChildren() {
        boolean some = false;
        int[] children = ProcessList.adoptedChildren();
        // The newest first: they are at the end, and the most likely to be alive.
        for (int i = children.length - 1; i >= 0; i--) {
            int child = children[i];
            if (child != pid && !isMain(child) && isOurs(child) && (killMode == KillMode.TREE || isInGroup(child))) {
                boolean isRefused = Delivery.of(Self.kill(child, Signals.KILL)) == Delivery.REFUSED;
                some |= !Children.reap(child) && !isRefused;
            }
        }
        return some;
    }

    private boolean isMain(int process) {
        return main != null && main.pid() == process;
    }

    /** By what /proc tells, not by kill(-group): when the group is empty its number may be somebody else's. */
    private boolean isInGroup(int process) {
        return ProcessStat.of(process).map(ProcessStat::processGroup).orElse(0) == pid;
    }

    /** Where processes cannot be listed (no descriptor is left), something may be there: nobody seen is not nobody. */
    @Override
    public boolean hasSomethingToEnd() {
        return (killMode == KillMode.TREE && kinship == null)
                || !signalWhatEnds(0).isNobody()
                || (killMode == KillMode.GROUP && !ProcessList.canBeRead());
    }

    private boolean endsWithServer(PinnedProcess process) {
        return switch (killMode) {
            case TREE -> isOurs(process.pid());
            case GROUP -> isInGroup(process.pid());
            case CHILD -> process.pid() == mainPid() && !reaped;
        };
    }

    @Override
    public void setApart(@Nullable Kinship newKinship) {
        kinship = newKinship;
    }

    @Override
    public boolean isOurs(int process) {
        Kinship known = kinship;
        return known == null || known.has(process);
    }

    @Override
    public String whatEnds() {
        StringJoiner pids = new StringJoiner(", ");
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (endsWithServer(process)) {
                pids.add(Integer.toString(process.pid()));
            }
        });
        // What forks fast may have been between the places that were looked at.
        boolean isUnseen =
                !ProcessList.canBeRead() || (killMode == KillMode.TREE && kinship == null && Children.isAny());
        return pids.length() == 0 && isUnseen ? "unknown" : pids.toString();
    }

    @Override
    public void close() {
        if (main != null) {
            main.close();
            main = null;
        }
    }
}
