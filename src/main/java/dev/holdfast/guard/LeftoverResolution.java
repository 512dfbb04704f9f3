package dev.holdfast.guard;

import dev.holdfast.instance.Ending;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.Obstacle;
import dev.holdfast.instance.Refusal;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.PreviousRecord;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;

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

    private final Contender contender;
    private final EventWait wait;
    private final Journal journal;
    private final Opponents opponents;
    private final Ticker ticker;

    /** Nothing looked at yet. */
    LeftoverResolution(Contender contender, EventWait wait, Journal journal, Opponents opponents) {
        this.contender = contender;
        this.wait = wait;
        this.journal = journal;
        this.opponents = opponents;
        ticker = opponents.ticker();
    }

    /**
     * Looks what the last holder left, and does what the policy says. Blocks for that.
     *
     * @param previous what the last holder left in the lock file
     * @return empty when the lock may be used; otherwise how the start ends, and the lock is abandoned
     */
    Optional<GuardOutcome> resolve(Tenure tenure, PreviousRecord previous) {
        String path = tenure.location().path();
        if (!previous.present()) {
            return Optional.empty();
        }
        if (previous.record().isEmpty()) {
            journal.warn("overwriting an unreadable record; nobody held the lock file=" + path);
            return Optional.empty();
        }
        LockRecord record = previous.record().get();
        Optional<GuardOutcome> obstacle = clear(record);
        if (obstacle.isPresent()) {
            tenure.abandon();
            return obstacle;
        }
        journal.info("overwriting the stale record of an instance that ended without releasing its lock pid="
                + record.launcher().pid() + " started=" + record.startTime() + " file=" + path);
        return Optional.empty();
    }

    private Optional<GuardOutcome> clear(LockRecord record) {
        while (true) {
            try (Opponents.Remains remains = opponents.remainsOf(record)) {
                Optional<Incumbent> incumbent = remains.incumbent();
                if (incumbent.isEmpty()) {
                    return Optional.empty();
                }
                if (wait.isStopRequested()) {
                    return Optional.of(GuardOutcome.Interrupted.by(wait));
                }
                Optional<GuardOutcome> outcome = clear(remains, incumbent.get(), record);
                if (outcome.isPresent()) {
                    return outcome;
                }
            }
        }
    }

    /** Empty when it is to be looked again: something may be left that was hidden. */
    private Optional<GuardOutcome> clear(Opponents.Remains remains, Incumbent incumbent, LockRecord record) {
        if (incumbent instanceof Incumbent.Unseen) {
            if (contender.waits() && !isOver()) {
                opponents.pause(UNSEEN_LOOK_MILLIS); // nothing tells of the end of what cannot be seen
                return Optional.empty();
            }
            return refused(Refusal.ofStart(incumbent));
        }
        if (incumbent instanceof Incumbent.Around) {
            return Optional.of(new GuardOutcome.Refused(Refusal.ofStart(incumbent)));
        }
        boolean isUnasked = record.care().isWatched() && contender.policy() != ConflictPolicy.SKIP;
        if (contender.mayForce() || isUnasked) {
            return end(remains, incumbent, record);
        }
        if (contender.waits() && remains.awaitEnd(contender.deadline())) {
            return Optional.empty();
        }
        return wait.isStopRequested()
                ? Optional.of(GuardOutcome.Interrupted.by(wait))
                : refused(new Refusal(incumbent, Refusal.Attempt.START, remains.obstacle()));
    }

    private Optional<GuardOutcome> end(Opponents.Remains remains, Incumbent incumbent, LockRecord record) {
        Optional<Obstacle> obstacle = remains.obstacle();
        if (obstacle.isPresent()) {
            return refused(new Refusal(incumbent, Refusal.Attempt.FORCED_START, obstacle));
        }
        boolean isForced = contender.mayForce();
        Duration recorded = Duration.ofMillis(record.graceMillis());
        Ending ending = remains.end(isForced ? recorded : unaskedGrace(recorded), isForced);
        if (ending instanceof Ending.Stays stays) {
            return refused(new Refusal(incumbent, Refusal.Attempt.FORCED_START, Optional.of(stays.why())));
        }
        return ending instanceof Ending.Interrupted ? Optional.of(GuardOutcome.Interrupted.by(wait)) : Optional.empty();
    }

    /** The client that starts its server again waits for it: what has a longer grace does not get all of it. */
    static Duration unaskedGrace(Duration recorded) {
        return recorded.compareTo(LONGEST_UNASKED) < 0 ? recorded : LONGEST_UNASKED;
    }

    private boolean isOver() {
        return contender.deadline() != Long.MAX_VALUE && ticker.nanoTime() - contender.deadline() >= 0;
    }

    private Optional<GuardOutcome> refused(Refusal refusal) {
        return Optional.of(
                contender.policy() == ConflictPolicy.SKIP
                        ? new GuardOutcome.Skipped(refusal.incumbent().pid())
                        : new GuardOutcome.Refused(refusal));
    }
}
