package dev.holdfast.guard;

import dev.holdfast.instance.DetachedServer;
import dev.holdfast.instance.Ending;
import dev.holdfast.instance.HolderTermination;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.Obstacle;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.HiddenServer;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.RecordedTree;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a killed launcher has left. */
final class LiveRemains implements Opponents.Remains {
    private final String name;
    private final LockRecord record;
    private final EventWait wait;
    private final Journal journal;
    private final List<PinnedProcess> living;
    private final Optional<Incumbent> incumbent;

    LiveRemains(String name, LockRecord record, EventWait wait, Journal journal) {
        this.name = name;
        this.record = record;
        this.wait = wait;
        this.journal = journal;
        living = DetachedServer.living(record);
        incumbent = living.isEmpty() ? unseen() : Optional.of(found());
    }

    /** Without a lambda, as all that a start over a killed holder's record runs: the first one costs milliseconds. */
    private Optional<Incumbent> unseen() {
        Optional<HiddenServer> hidden = new RecordedTree(record).hiddenServer();
        return hidden.isEmpty() ? Optional.empty() : Optional.of(new Incumbent.Unseen(record, hidden.get()));
    }

    private Incumbent found() {
        return InsideInstance.isOf(record) || InsideInstance.isAnyAround(living)
                ? new Incumbent.Around(living.get(0).pid(), Optional.of(record))
                : Incumbent.ofRemains(living, record);
    }

    @Override
    public Optional<Incumbent> incumbent() {
        return incumbent;
    }

    @Override
    public Optional<Obstacle> obstacle() {
        return DetachedServer.obstacle(living, record);
    }

    @Override
    public boolean awaitEnd(long deadline) {
        journal.open();
        journal.info("waiting for what is left of \"" + name + "\" to end " + HolderTermination.pids(living)
                + " instance=" + record.instanceId());
        for (PinnedProcess process : living) {
            if (!process.hasEnded() && !wait.await(deadline, process.descriptor())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Ending end(Duration grace, boolean isForced) {
        boolean isServer = Incumbent.ofRemains(living, record) instanceof Incumbent.Detached left && left.isServer();
        journal.open();
        journal.info((isForced ? "taking over \"" + name + "\" from " : "ending what is left of \"" + name + "\": ")
                + (isServer ? "orphaned server " : "orphaned ") + HolderTermination.pids(living)
                + " instance=" + record.instanceId() + " grace=" + Durations.text(grace) + " reason="
                + (isForced ? "forced" : "\"its client and its launcher are gone\""));
        try (HolderTermination termination = HolderTermination.ofLeftovers(living, record, wait, journal)) {
            return termination.ending(grace);
        }
    }

    @Override
    public void close() {
        for (PinnedProcess process : living) {
            process.close();
        }
    }
}
