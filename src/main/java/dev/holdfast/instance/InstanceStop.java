package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.journal.Journal;
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
    private final String name;
    private final LockFile lockFile;
    private final Journal journal;

    /**
     * A stop that was not begun.
     *
     * @param name the instance
     * @param lockFile where its lock is
     * @param journal is told what is done
     */
    public InstanceStop(String name, LockFile lockFile, Journal journal) {
        this.name = name;
        this.lockFile = lockFile;
        this.journal = journal;
    }

    /** How it ended. */
    public enum Result {
        /** It was stopped. */
        STOPPED,
        /** It did not run. */
        NOT_RUNNING,
        /** It runs on. */
        REFUSED,
        /** It is another user's. */
        FOREIGN
    }

    /**
     * A result with words.
     *
     * @param result how it ended
     * @param message for {@link Result#REFUSED} and {@link Result#FOREIGN}, who holds the lock and why it was not stopped; empty otherwise
     */
    public record Outcome(Result result, String message) {}

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
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null) {
                return lockFile.isHeldUnseen()
                        ? new Outcome(Result.REFUSED, new ConflictMessage(name, lockFile).ofLost("stop"))
                        : new Outcome(Result.NOT_RUNNING, "");
            }
            if (file.status().owner() != Self.effectiveUser()) {
                return new Outcome(
                        Result.FOREIGN,
                        new ConflictMessage(name, lockFile)
                                .ofForeign("stop", file.status().owner()));
            }
            HolderSearch search = new HolderSearch(file);
            try (ProvedHolder holder = HolderLookup.find(file, search)) {
                if (holder == null) {
                    return cleanUp(Result.NOT_RUNNING, wantedGrace);
                }
                return end(holder, file, search, wantedGrace);
            }
        }
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
                    ? cleanUp(Result.STOPPED, wantedGrace)
                    : refused(new Refusal(Incumbent.of(holder), Refusal.Attempt.END, obstacle));
        }
        Duration grace = wantedGrace.orElseGet(() -> HolderTermination.ownGrace(holder.record()));
        try (HolderTermination termination =
                new HolderTermination(holder, search, new EventWait(null, false), journal)) {
            if (termination.end(grace) != HolderTermination.Result.ENDED) {
                return refused(new Refusal(Incumbent.of(holder), Refusal.Attempt.END, termination.obstacle()));
            }
        }
        return cleanUp(Result.STOPPED, wantedGrace);
    }

    private Outcome refused(Refusal refusal) {
        return new Outcome(Result.REFUSED, new ConflictMessage(name, lockFile).of(refusal));
    }

    /** Empty when it has ended; otherwise why not. */
    private static Optional<Obstacle> askToStop(HolderContact contact, Optional<Duration> grace) {
        ControlCall.Verb asked = ControlCall.Verb.STOP;
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

    /** A launcher that was killed leaves its file, and maybe more; whoever can lock it may end that and remove the file. */
    private Outcome cleanUp(Result result, Optional<Duration> wantedGrace) {
        if (!lockFile.isNamed()) {
            return new Outcome(result, "");
        }
        LockAttempt attempt = lockFile.tryAcquire();
        if (attempt instanceof LockAttempt.Acquired acquired) {
            Outcome outcome = endLeftovers(acquired.lock(), result, wantedGrace);
            if (outcome.result() == Result.REFUSED) {
                acquired.lock().abandon();
            } else {
                acquired.lock().release(Steps.NONE);
            }
            return outcome;
        }
        if (attempt instanceof LockAttempt.Held held) {
            held.file().close();
        }
        return new Outcome(result, "");
    }

    private Outcome endLeftovers(HeldLock lock, Result otherwise, Optional<Duration> wantedGrace) {
        return endLeftovers(lock.previous().record(), otherwise, wantedGrace);
    }

    private Outcome endLeftovers(Optional<LockRecord> record, Result otherwise, Optional<Duration> wantedGrace) {
        List<PinnedProcess> living = record.map(DetachedServer::living).orElse(List.of());
        try {
            if (living.isEmpty()) {
                return record.flatMap(found -> new RecordedTree(found).unseen())
                        .map(reason -> refused(Refusal.ofStart(new Incumbent.Unseen(record.orElseThrow(), reason))))
                        .orElse(new Outcome(otherwise, ""));
            }
            LockRecord left = record.orElseThrow();
            Optional<Obstacle> obstacle = DetachedServer.obstacle(living, left);
            EventWait wait = new EventWait(null, false);
            try (HolderTermination termination = HolderTermination.ofLeftovers(living, left, wait, journal)) {
                Duration grace = wantedGrace.orElse(Duration.ofMillis(left.graceMillis()));
                if (obstacle.isEmpty() && termination.end(grace) == HolderTermination.Result.ENDED) {
                    // What is hidden is looked for when nothing is seen any more.
                    return endLeftovers(record, Result.STOPPED, wantedGrace);
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
