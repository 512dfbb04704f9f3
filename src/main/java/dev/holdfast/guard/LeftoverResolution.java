package dev.holdfast.guard;

import dev.holdfast.instance.ConflictMessage;
import dev.holdfast.instance.DetachedServer;
import dev.holdfast.instance.HolderTermination;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.PreviousRecord;
import dev.holdfast.lock.file.RecordedTree;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done about the last holder's leftovers, once the lock is held: its launcher was killed, and something that its
 * server started may live on without the lock, since programs close what they inherit. A second server beside that
 * would be one too many.
 *
 * <p>Ended are leftovers only when that was asked for, or when they were started for a client that is gone: nobody would
 * ever ask for those again. A lock that was taken beside leftovers that stay is abandoned: its record is all that tells
 * of them.
 */
final class LeftoverResolution {
    /** The longest that a start takes for leftovers that nobody asked it to end. */
    private static final Duration LONGEST_UNASKED = Duration.ofSeconds(9);

    private static final long UNSEEN_LOOK_MILLIS = 200;

    private final String name;
    private final NameOrigin origin;
    private final ConflictPolicy policy;
    private final long deadline;
    private final EventWait wait;
    private final Journal journal;

    /**
     * Nothing looked at yet.
     *
     * @param origin where the name comes from
     * @param deadline for the policy that waits, by {@link System#nanoTime}
     */
    LeftoverResolution(
            String name, NameOrigin origin, ConflictPolicy policy, long deadline, EventWait wait, Journal journal) {
        this.name = name;
        this.origin = origin;
        this.policy = policy;
        this.deadline = deadline;
        this.wait = wait;
        this.journal = journal;
    }

    /**
     * Looks what the last holder left, and does what the policy says. Blocks for that.
     *
     * @return null when the lock may be used; otherwise how the start ends, and the lock is abandoned
     */
    @Nullable
    GuardOutcome resolve(Tenure tenure) {
        PreviousRecord previous = tenure.previous();
        if (!previous.present()) {
            return null;
        }
        String path = tenure.location().path();
        if (previous.record().isEmpty()) {
            journal.warn("overwriting an unreadable record; nobody held the lock file=" + path);
            return null;
        }
        LockRecord record = previous.record().get();
        GuardOutcome obstacle = clear(record, tenure);
        if (obstacle != null) {
            tenure.abandon();
            return obstacle;
        }
        journal.info("overwriting the stale record of an instance that ended without releasing its lock pid="
                + record.launcher().pid() + " started=" + record.startTime() + " file=" + path);
        return null;
    }

    private @Nullable GuardOutcome clear(LockRecord record, Tenure tenure) {
        while (true) {
            List<PinnedProcess> living = DetachedServer.living(record);
            try {
                Optional<String> unseen = living.isEmpty() ? new RecordedTree(record).unseen() : Optional.empty();
                if (living.isEmpty() && unseen.isEmpty()) {
                    return null;
                }
                if (wait.isStopRequested()) {
                    return GuardOutcome.Interrupted.by(wait);
                }
                if (unseen.isPresent()) {
                    if (policy == ConflictPolicy.WAIT && System.nanoTime() < deadline) {
                        wait.pause(UNSEEN_LOOK_MILLIS); // nothing tells of the end of what cannot be seen
                        continue;
                    }
                    return refusal(unseen.get(), record, tenure);
                }
                if (InsideInstance.isOf(record) || InsideInstance.isAnyAround(living)) {
                    return InsideInstance.refusal(
                            name, tenure.location(), living.get(0).pid(), Optional.of(record));
                }
                boolean isUnasked = record.care().isWatched() && policy != ConflictPolicy.SKIP;
                if (policy == ConflictPolicy.TAKEOVER || isUnasked) {
                    GuardOutcome obstacle = end(living, record, tenure);
                    if (obstacle != null) {
                        return obstacle;
                    }
                    continue; // something may be left that was hidden
                }
                if (policy != ConflictPolicy.WAIT || !awaitEnd(living, record)) {
                    return wait.isStopRequested()
                            ? GuardOutcome.Interrupted.by(wait)
                            : refusal(living, record, tenure, DetachedServer.obstacle(living, record, ""));
                }
            } finally {
                living.forEach(PinnedProcess::close);
            }
        }
    }

    private boolean awaitEnd(List<PinnedProcess> living, LockRecord record) {
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

    private @Nullable GuardOutcome end(List<PinnedProcess> living, LockRecord record, Tenure tenure) {
        String obstacle = DetachedServer.obstacle(living, record, "");
        if (!obstacle.isEmpty()) {
            return refusal(living, record, tenure, obstacle);
        }
        boolean isForced = policy == ConflictPolicy.TAKEOVER;
        Duration recorded = Duration.ofMillis(record.graceMillis());
        Duration grace = isForced ? recorded : unaskedGrace(recorded);
        journal.open();
        boolean isServer = record.server().isPresent()
                && living.get(0).identity().isSameProcess(record.server().get());
        journal.info((isForced ? "taking over \"" + name + "\" from " : "ending what is left of \"" + name + "\": ")
                + (isServer ? "orphaned server " : "orphaned ") + HolderTermination.pids(living) + " instance="
                + record.instanceId() + " grace=" + Durations.text(grace) + " reason="
                + (isForced ? "forced" : "\"its client and its launcher are gone\""));
        try (HolderTermination termination = HolderTermination.ofLeftovers(living, record, wait, journal)) {
            return switch (termination.end(grace)) {
                case ENDED -> null;
                case INTERRUPTED -> GuardOutcome.Interrupted.by(wait);
                case SURVIVED -> refusal(living, record, tenure, termination.obstacle());
            };
        }
    }

    /** The client that starts its server again waits for it: what has a longer grace does not get all of it. */
    static Duration unaskedGrace(Duration recorded) {
        return recorded.compareTo(LONGEST_UNASKED) < 0 ? recorded : LONGEST_UNASKED;
    }

    private GuardOutcome refusal(String unseen, LockRecord record, Tenure tenure) {
        return policy == ConflictPolicy.SKIP
                ? new GuardOutcome.Skipped(0)
                : new GuardOutcome.Refused(
                        new ConflictMessage(name, origin, tenure.location()).ofUnseen(record, unseen),
                        0,
                        Optional.of(record),
                        unseen);
    }

    private GuardOutcome refusal(List<PinnedProcess> living, LockRecord record, Tenure tenure, String obstacle) {
        int first = living.get(0).pid();
        if (policy == ConflictPolicy.SKIP) {
            return new GuardOutcome.Skipped(first);
        }
        ConflictMessage message = new ConflictMessage(name, origin, tenure.location());
        String text = obstacle.isEmpty()
                ? message.ofLeftovers(record, living)
                : message.ofLeftovers(record, living, obstacle);
        String reason = obstacle.isEmpty() ? "processes of it live on without the lock" : obstacle;
        return new GuardOutcome.Refused(text, first, Optional.of(record), reason);
    }
}
