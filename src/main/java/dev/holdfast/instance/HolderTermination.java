package dev.holdfast.instance;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.RecordedTree;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessTree;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends a holder that was proved to be it, with its whole tree: TERM, the grace, SIGKILL.
 *
 * <p>Every signal goes through a pidfd. TERM goes to the launcher, whose job the graceful stop is, or to the server
 * when there is no launcher any more. What the launcher does not manage in its own grace is done here.
 */
public final class HolderTermination implements AutoCloseable {
    /** For the launcher to kill what outlives the grace, to reap it and to release, before it is done from here. */
    private static final Duration LAUNCHER_MARGIN = Duration.ofSeconds(1);

    private static final Duration UNKNOWN_GRACE = Duration.ofSeconds(5);
    /** How often it is looked for what was forked or orphaned while the others end. */
    private static final Duration LOOK = Duration.ofMillis(100);
    /** What a process may take to die of SIGKILL. */
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final Supplier<List<PinnedProcess>> others;
    private final EventWait wait;
    private final Journal journal;
    private final List<PinnedProcess> heads;
    private final boolean orphaned;
    private final Duration ownGrace;
    /** Everything that was seen to descend from the heads; pinned, so it stays what it is when its parent dies. */
    private final List<PinnedProcess> tree = new ArrayList<>();

    private Optional<Obstacle> obstacle = Optional.empty();

    /**
     * Of a holder that was proved to be one.
     *
     * @param holder the holder, with at least one proved process
     * @param search finds more processes that hold the lock meanwhile
     * @param wait ends at a stop request
     * @param journal is told what is killed
     */
    public HolderTermination(ProvedHolder holder, HolderSearch search, EventWait wait, Journal journal) {
        this(
                holder.proved(),
                holder instanceof ProvedHolder.Orphan,
                ownGrace(holder.record()),
                others(holder, search),
                wait,
                journal);
    }

    private static Supplier<List<PinnedProcess>> others(ProvedHolder holder, HolderSearch search) {
        LockRecord record = holder.record().orElse(null);
        RecordedTree tree = record == null ? null : new RecordedTree(record);
        boolean isGroupProved = tree != null && tree.isGroupProvedBy(holder.proved());
        return new Found(search, record == null ? "" : record.instanceId(), isGroupProved ? tree : null);
    }

    /**
     * Finds what holds the lock for an instance, and who is in its server's group. No lambda, and loops in this class: a
     * stop is in a hurry, and its first lambda loads a hundred classes.
     *
     * @param group null where the group is not proved
     */
    private record Found(
            HolderSearch search, String instance, @Nullable RecordedTree group)
            implements Supplier<List<PinnedProcess>> {
        @Override
        public List<PinnedProcess> get() {
            List<PinnedProcess> found = new ArrayList<>(search.holdersFor(instance));
            if (group != null) {
                found.addAll(group.livingGroup());
            }
            return found;
        }
    }

    /**
     * Ends a tree.
     *
     * @param heads whom to signal first, proved to belong to it
     * @param orphaned whether there is no launcher among them, whose job the rest would be
     * @param others finds what belongs to it, too, and descends from none of the heads any more
     */
    private HolderTermination(
            List<PinnedProcess> heads,
            boolean orphaned,
            Duration ownGrace,
            Supplier<List<PinnedProcess>> others,
            EventWait wait,
            Journal journal) {
        this.heads = heads;
        this.orphaned = orphaned;
        this.ownGrace = ownGrace;
        this.others = others;
        this.wait = wait;
        this.journal = journal;
        if (heads.isEmpty()) {
            throw new IllegalArgumentException("nobody was proved to hold the lock");
        }
    }

    /** Of what a killed launcher's server left, and which has no lock any more. */
    public static HolderTermination ofLeftovers(
            List<PinnedProcess> living, LockRecord record, EventWait wait, Journal journal) {
        return new HolderTermination(
                living,
                true,
                Duration.ofMillis(record.graceMillis()),
                new RecordedTree(record)::provedLiving,
                wait,
                journal);
    }

    /** The grace that a holder has recorded. */
    public static Duration ownGrace(Optional<LockRecord> record) {
        return record.isEmpty() ? UNKNOWN_GRACE : Duration.ofMillis(record.get().graceMillis());
    }

    /** How it ended. */
    public enum Result {
        /** Nothing of it is left. */
        ENDED,
        /** Something does not die, or may not be signalled: {@link HolderTermination#obstacle} tells. */
        SURVIVED,
        /** A stop request came; what was begun is not finished. */
        INTERRUPTED
    }

    /** The same, told as what came of a takeover. */
    public Ending ending(Duration grace) {
        return switch (end(grace)) {
            case ENDED -> new Ending.Gone();
            case INTERRUPTED -> new Ending.Interrupted();
            case SURVIVED -> new Ending.Stays(obstacle.orElseThrow());
        };
    }

    /**
     * Ends it. Blocks for the grace and some seconds at the most. Nobody is killed of a tree in which somebody may not be
     * signalled: a launcher's end would leave its server without anybody who could end it.
     *
     * @param grace from TERM to SIGKILL
     */
    public Result end(Duration grace) {
        long start = System.nanoTime();
        pinTree();
        for (PinnedProcess head : heads) {
            if (head.sendAndWake(Signals.TERM) == Delivery.REFUSED) {
                return refused(head);
            }
        }
        // A launcher whose own grace is over kills and reaps by itself; with a shorter one it would only wait.
        boolean launcherKills = !orphaned && grace.compareTo(ownGrace) >= 0;
        Duration patience = launcherKills ? grace.plus(LAUNCHER_MARGIN) : grace;
        if (!awaitEnd(heads, start + patience.toNanos())) {
            if (wait.isStopRequested()) {
                return Result.INTERRUPTED;
            }
            pinTree();
            PinnedProcess outOfReach = outOfReach();
            if (outOfReach != null) {
                return refused(outOfReach);
            }
            journal.warn("killing the tree of " + pids(heads) + ": it outlived its grace of " + Durations.text(grace));
            send(tree, Signals.KILL);
            // A launcher that is alive now sees its server die, and releases by itself.
            if (orphaned || !awaitEnd(heads, System.nanoTime() + LAUNCHER_MARGIN.toNanos())) {
                pinTree();
                send(heads, Signals.KILL);
                send(tree, Signals.KILL);
            }
        }
        return sweep(start + grace.toNanos());
    }

    /** The heads are gone. What is left of the tree gets TERM, the rest of the grace, then SIGKILL. */
    private Result sweep(long graceEnd) {
        List<PinnedProcess> asked = new ArrayList<>();
        while (System.nanoTime() < graceEnd) {
            pinTree();
            pinOthers();
            List<PinnedProcess> left = living(tree);
            if (left.isEmpty()) {
                break;
            }
            for (PinnedProcess process : left) {
                // Also those that were forked or orphaned since the others were asked
                if (!asked.contains(process)) {
                    asked.add(process);
                    if (process.sendAndWake(Signals.TERM) == Delivery.REFUSED) {
                        return refused(process);
                    }
                }
            }
            if (!awaitEnd(left, Math.min(graceEnd, System.nanoTime() + LOOK.toNanos())) && wait.isStopRequested()) {
                return Result.INTERRUPTED;
            }
        }
        long giveUp = System.nanoTime() + DEATH.toNanos();
        while (true) {
            pinOthers();
            List<PinnedProcess> left = new ArrayList<>(living(heads));
            left.addAll(living(tree));
            if (left.isEmpty()) {
                return Result.ENDED;
            }
            if (System.nanoTime() > giveUp) {
                Obstacle unkillable = new Obstacle.Unkillable(pids(left));
                obstacle = Optional.of(unkillable);
                journal.warn(ObstacleText.withFlags(unkillable));
                return Result.SURVIVED;
            }
            for (PinnedProcess process : left) {
                if (process.send(Signals.KILL) == Delivery.REFUSED) {
                    return refused(process);
                }
            }
            if (!awaitEnd(left, giveUp) && wait.isStopRequested()) {
                return Result.INTERRUPTED;
            }
        }
    }

    /** Why something of it is still there; empty when it was ended. */
    public Optional<Obstacle> obstacle() {
        return obstacle;
    }

    private Result refused(PinnedProcess process) {
        obstacle = Optional.of(new Obstacle.OutOfReach(process.pid(), SignalRefusal.text(process.pid())));
        return Result.SURVIVED;
    }

    /** One who lives and may not be signalled. */
    private @Nullable PinnedProcess outOfReach() {
        for (PinnedProcess process : living(tree)) {
            if (process.isOutOfReach()) {
                return process;
            }
        }
        return null;
    }

    private boolean awaitEnd(List<PinnedProcess> processes, long deadline) {
        for (PinnedProcess process : processes) {
            if (!process.hasEnded() && !wait.await(deadline, process.descriptor())) {
                return living(processes).isEmpty();
            }
        }
        return true;
    }

    private void pinTree() {
        List<Integer> roots = new ArrayList<>();
        for (PinnedProcess head : living(heads)) {
            roots.add(head.pid());
        }
        for (PinnedProcess process : living(tree)) {
            roots.add(process.pid());
        }
        for (PinnedProcess process : ProcessTree.descendantsOf(roots)) {
            add(process);
        }
    }

    /** Processes that were forked and orphaned between two looks are found by what they inherited. */
    private void pinOthers() {
        for (PinnedProcess process : others.get()) {
            add(process);
        }
    }

    private void add(PinnedProcess process) {
        if (isAmong(tree, process) || isAmong(heads, process)) {
            process.close();
        } else {
            tree.add(process);
        }
    }

    private static boolean isAmong(List<PinnedProcess> known, PinnedProcess process) {
        for (PinnedProcess other : known) {
            if (other.identity().isSameProcess(process.identity())) {
                return true;
            }
        }
        return false;
    }

    private static List<PinnedProcess> living(List<PinnedProcess> processes) {
        List<PinnedProcess> living = new ArrayList<>();
        for (PinnedProcess process : processes) {
            if (!process.hasEnded()) {
                living.add(process);
            }
        }
        return living;
    }

    private static void send(List<PinnedProcess> processes, int signal) {
        for (PinnedProcess process : processes) {
            var unused = process.send(signal); // who refuses is found among the living
        }
    }

    /**
     * The pids of processes, for a log line.
     *
     * @param processes who
     * @return {@code pid=4711,4712}; empty for none
     */
    public static String pids(List<PinnedProcess> processes) {
        StringBuilder text = new StringBuilder();
        for (PinnedProcess process : processes) {
            text.append(text.isEmpty() ? "pid=" : ",").append(process.pid());
        }
        return text.toString();
    }

    @Override
    public void close() {
        PinnedProcess.closeAll(tree);
    }
}
