package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.Doubt;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.RecordedTree;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Stops a running instance from outside, as a takeover would, and removes what it left. Only who was proved to hold the
 * lock is signalled.
 */
public final class InstanceStop {
    private static final int LOOKS = 200;
    private static final int PAUSE_MILLIS = 5;

    private final LockFile lockFile;
    private final Journal journal;
    /** Of whom only what is left is cleared away; empty to stop whatever runs. */
    private final Optional<String> leftBy;

    /**
     * A stop that was not begun.
     *
     * @param lockFile where the instance's lock is
     * @param journal is told what is done
     */
    public InstanceStop(LockFile lockFile, Journal journal) {
        this(lockFile, journal, Optional.empty());
    }

    private InstanceStop(LockFile lockFile, Journal journal, Optional<String> leftBy) {
        this.lockFile = lockFile;
        this.journal = journal;
        this.leftBy = leftBy;
    }

    /**
     * A stop of what is left of one instance, whose launcher is gone. Whoever has its lock by now is left alone.
     *
     * @param instanceId whose: what the record says
     */
    public static InstanceStop ofLeftover(LockFile lockFile, String instanceId, Journal journal) {
        return new InstanceStop(lockFile, journal, Optional.of(instanceId));
    }

    /**
     * Stops it. Blocks for the grace and some seconds at the most.
     *
     * @param wantedGrace from TERM to SIGKILL; empty for the instance's own
     * @return how it ended
     * @throws dev.holdfast.lock.UnsafeLockPathException if the lock path cannot be trusted
     * @throws dev.holdfast.lock.LockFileException if the file may not be opened
     * @throws dev.holdfast.posix.UnsupportedSystemException if {@code /proc} is missing, or another pid namespace's
     */
    public Outcome stop(Optional<Duration> wantedGrace) {
        ProcFs.require();
        EventWait wait = new EventWait(null, false);
        for (int look = 0; look < LOOKS; look++) {
            Optional<Outcome> outcome = look(wantedGrace);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            wait.pause(PAUSE_MILLIS);
        }
        return refused(Refusal.ofStart(new Incumbent.Unverified(Doubt.Plain.PASSED_ON, Optional.empty(), false, 0)));
    }

    /** Empty when somebody took the lock between the look and the try, as a start does that looks at what is left. */
    private Optional<Outcome> look(Optional<Duration> wantedGrace) {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null) {
                return Optional.of(
                        lockFile.isHeldUnseen()
                                ? Outcome.refused(new NotDone.Lost())
                                : Outcome.of(Outcome.Result.NOT_RUNNING));
            }
            if (file.status().owner() != Self.effectiveUser()) {
                return Optional.of(Outcome.foreign(file.status().owner()));
            }
            HolderSearch search = new HolderSearch(file);
            try (ProvedHolder holder = HolderLookup.find(file, search)) {
                if (holder == null) {
                    return cleanUp(Outcome.Result.NOT_RUNNING, wantedGrace);
                }
                boolean isMeant =
                        leftBy.isEmpty() || (holder instanceof ProvedHolder.Orphan && isOfWhomIsMeant(holder.record()));
                return Optional.of(
                        isMeant ? end(holder, file, search, wantedGrace) : Outcome.of(Outcome.Result.NOT_RUNNING));
            }
        }
    }

    private boolean isOfWhomIsMeant(Optional<LockRecord> record) {
        return leftBy.isEmpty()
                || (record.isPresent() && record.get().instanceId().equals(leftBy.get()));
    }

    private Outcome end(ProvedHolder holder, OpenLockFile file, HolderSearch search, Optional<Duration> wantedGrace) {
        if (holder instanceof ProvedHolder.Unverifiable) {
            Optional<HolderContact> contact =
                    HolderContact.with(holder, file, new EventWait(null, false)).filter(HolderContact::hasLauncher);
            if (contact.isEmpty()) {
                return refused(Refusal.ofStart(Incumbent.of(holder)));
            }
            Optional<Obstacle> obstacle = askToStop(contact.get(), wantedGrace);
            return obstacle.isEmpty()
                    ? cleanUpBehind(wantedGrace)
                    : refused(new Refusal(Incumbent.of(holder), Refusal.Attempt.END, obstacle));
        }
        Duration grace = wantedGrace.isPresent() ? wantedGrace.get() : HolderTermination.ownGrace(holder.record());
        try (HolderTermination termination =
                new HolderTermination(holder, search, new EventWait(null, false), journal)) {
            if (termination.end(grace) != HolderTermination.Result.ENDED) {
                return refused(new Refusal(Incumbent.of(holder), Refusal.Attempt.END, termination.obstacle()));
            }
        }
        return cleanUpBehind(wantedGrace);
    }

    private static Outcome refused(Refusal refusal) {
        return Outcome.refused(new NotDone.InTheWay(refusal));
    }

    /** Empty when it has ended; otherwise why not. */
    private static Optional<Obstacle> askToStop(HolderContact contact, Optional<Duration> grace) {
        Request asked = Request.STOP;
        Optional<ControlAnswer> answer = contact.askPatiently(contact.call(asked, grace));
        if (answer.isEmpty()) {
            return contact.isStillThere() ? Optional.of(contact.noAnswer(asked)) : Optional.empty();
        }
        if (!answer.get().error().isEmpty()) {
            return Optional.of(new Obstacle.Declined(asked, answer.get().error()));
        }
        Duration time = contact.timeToStop(answer.get(), grace);
        return contact.awaitRelease(System.nanoTime() + time.toNanos())
                ? Optional.empty()
                : Optional.of(new Obstacle.Unfinished(asked, time));
    }

    /** After a holder that was ended. Whoever has the lock by now is a new instance, and clears up itself. */
    private Outcome cleanUpBehind(Optional<Duration> wantedGrace) {
        return cleanUp(Outcome.Result.DONE, wantedGrace).orElse(Outcome.of(Outcome.Result.DONE));
    }

    /**
     * A launcher that was killed leaves its file, and maybe more; whoever can lock it may end that and remove the file.
     * Empty when somebody else has the lock.
     */
    private Optional<Outcome> cleanUp(Outcome.Result result, Optional<Duration> wantedGrace) {
        if (!lockFile.isNamed()) {
            return Optional.of(Outcome.of(result));
        }
        LockAttempt attempt = lockFile.tryAcquire();
        if (attempt instanceof LockAttempt.Acquired acquired) {
            if (!isOfWhomIsMeant(acquired.lock().previous().record())) {
                clearedByAnother(acquired.lock());
                return Optional.of(Outcome.of(Outcome.Result.NOT_RUNNING));
            }
            Outcome outcome = endLeftovers(acquired.lock(), result, wantedGrace);
            if (outcome.result() == Outcome.Result.REFUSED) {
                acquired.lock().abandon();
            } else {
                acquired.lock().release(Steps.NONE);
            }
            return Optional.of(outcome);
        }
        if (attempt instanceof LockAttempt.Held held) {
            held.file().close();
        }
        return Optional.empty();
    }

    /** What is there now was left by another instance, which has come and gone; or it was made by the very try. */
    private static void clearedByAnother(HeldLock lock) {
        if (lock.previous().present()) {
            lock.abandon();
        } else {
            lock.release(Steps.NONE);
        }
    }

    private Outcome endLeftovers(HeldLock lock, Outcome.Result otherwise, Optional<Duration> wantedGrace) {
        return endLeftovers(lock.previous().record(), otherwise, wantedGrace);
    }

    private Outcome endLeftovers(
            Optional<LockRecord> record, Outcome.Result otherwise, Optional<Duration> wantedGrace) {
        List<PinnedProcess> living = record.map(DetachedServer::living).orElse(List.of());
        try {
            if (living.isEmpty()) {
                return record.flatMap(found -> new RecordedTree(found).hiddenServer())
                        .map(server -> refused(Refusal.ofStart(new Incumbent.Unseen(record.orElseThrow(), server))))
                        .orElse(Outcome.of(otherwise));
            }
            LockRecord left = record.orElseThrow();
            Optional<Obstacle> obstacle = DetachedServer.obstacle(living, left);
            EventWait wait = new EventWait(null, false);
            try (HolderTermination termination = HolderTermination.ofLeftovers(living, left, wait, journal)) {
                Duration grace = wantedGrace.orElse(Duration.ofMillis(left.graceMillis()));
                if (obstacle.isEmpty() && termination.end(grace) == HolderTermination.Result.ENDED) {
                    // What is hidden is looked for when nothing is seen any more.
                    return endLeftovers(record, Outcome.Result.DONE, wantedGrace);
                }
                return refused(new Refusal(
                        Incumbent.ofRemains(living, left),
                        Refusal.Attempt.END,
                        obstacle.isEmpty() ? termination.obstacle() : obstacle));
            }
        } finally {
            living.forEach(PinnedProcess::close);
        }
    }
}
