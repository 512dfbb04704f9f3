package dev.holdfast.guard;

import dev.holdfast.instance.Ending;
import dev.holdfast.instance.HolderContact;
import dev.holdfast.instance.HolderTermination;
import dev.holdfast.instance.HolderYield;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.InstanceActivation;
import dev.holdfast.instance.Obstacle;
import dev.holdfast.instance.SecondLaunchOffer;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;

/** A holder of this machine, pinned. */
final class LiveOpponent implements Opponents.Opponent {
    private static final long TURN_NANOS = Duration.ofMillis(500).toNanos();

    private final String name;
    private final OpenLockFile file;
    private final ProvedHolder holder;
    private final EventWait wait;
    private final Journal journal;
    private final Steps steps;

    LiveOpponent(String name, OpenLockFile file, ProvedHolder holder, EventWait wait, Journal journal, Steps steps) {
        this.name = name;
        this.file = file;
        this.holder = holder;
        this.wait = wait;
        this.journal = journal;
        this.steps = steps;
    }

    @Override
    public Incumbent incumbent() {
        return InsideInstance.isAnyAround(holder.proved())
                ? new Incumbent.Around(holder.proved().get(0).pid(), holder.record())
                : Incumbent.of(holder);
    }

    @Override
    public Optional<Obstacle> otherFolder(String instance) {
        return FolderCheck.obstacle(instance, holder);
    }

    @Override
    public Ending end(Duration grace, String why) {
        if (!file.tryTakeoverTurn()) {
            // Another forced start is at it. When the holder ends, there is another one, or none; or the other
            // start gives up, which nothing tells.
            wait.await(System.nanoTime() + TURN_NANOS, holder.proved().get(0).descriptor());
            return new Ending.Gone();
        }
        if (holder.proved().stream().allMatch(PinnedProcess::hasEnded)) {
            return new Ending.Gone(); // the previous taker has already ended it
        }
        journal.open();
        journal.info("taking over \"" + name + "\" from " + describe() + " grace=" + Durations.text(grace) + " reason="
                + why);
        HolderSearch search = new HolderSearch(file);
        try (HolderTermination termination = new HolderTermination(holder, search, wait, journal)) {
            return termination.ending(grace);
        }
    }

    private String describe() {
        String instance = holder.record().map(LockRecord::instanceId).orElse("");
        return (holder instanceof ProvedHolder.Orphan ? "orphaned server " : "")
                + HolderTermination.pids(holder.proved()) + " instance=" + instance;
    }

    @Override
    public Ending askToYield() {
        HolderContact contact = HolderContact.with(holder, file, wait).orElseThrow();
        if (!file.tryTakeoverTurn()) {
            var unused = contact.awaitRelease(System.nanoTime() + TURN_NANOS);
            return new Ending.Gone();
        }
        return new HolderYield(contact, file, wait, journal).ask(steps);
    }

    /** The library listens before it writes its record, so who does not listen now never will. */
    @Override
    public boolean canBeAsked() {
        LockRecord record = holder.record().orElseThrow();
        return HolderContact.hasLauncher(record)
                || HolderContact.withLauncher(record, file, wait).isListening();
    }

    @Override
    public int[] sockets() {
        if (!(holder instanceof ProvedHolder.Launcher) && !HolderContact.isElsewhere(holder)) {
            return new int[0];
        }
        return holder.record()
                .filter(HolderContact::hasLauncher)
                .map(record -> HolderContact.withLauncher(record, file, wait).askForSockets())
                .orElse(new int[0]);
    }

    @Override
    public InstanceActivation.Result activate(SecondStart start) {
        LockRecord record = holder.record().orElseThrow();
        int owner = file.status().owner();
        if (owner != Self.effectiveUser()) {
            return new InstanceActivation.Result.Refused(
                    "it belongs to another user (uid " + Integer.toUnsignedString(owner) + ")");
        }
        HolderContact contact = HolderContact.withLauncher(record, file, wait);
        try (SecondLaunchOffer offer = new SecondLaunchOffer(start.arguments(), start.environment())) {
            return new InstanceActivation(contact, wait, offer, start.patience()).ask();
        }
    }

    @Override
    public void close() {
        holder.close();
    }
}
