package dev.holdfast.guard;

import dev.holdfast.instance.Ending;
import dev.holdfast.instance.HolderContact;
import dev.holdfast.instance.HolderTermination;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.InstanceActivation;
import dev.holdfast.instance.Obstacle;
import dev.holdfast.instance.Refusal;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.tenure.LocalTenure;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a start does that has not found the lock free: finds out who is in the way, and refuses, waits or takes over, as the
 * policy says. A start that meets nobody never loads this.
 *
 * <p>Ends nobody unless the policy is {@link ConflictPolicy#TAKEOVER}, or what is met is the server of a client that is
 * gone.
 */
final class Contention {
    private static final String FORCED = "forced";
    private static final String CLIENT_GONE = "\"its client and its launcher are gone\"";
    /** How often to look: no event reports that an abstract name became free. */
    private static final long INTERLOCK_MILLIS = 200;

    private static final long ACTIVATE_MILLIS = 20;
    /** For holders that come and go, whatever each of them takes. */
    private static final Duration MOST_ACTIVATING = Duration.ofMinutes(2);

    private final Contender contender;
    private final LockFile lockFile;
    private final EventWait wait;
    private final Journal journal;
    private final Steps steps;
    private final Opponents opponents;
    private final Ticker ticker;
    private final StoppingHolder stopping;
    private boolean told;
    /** Null when nobody was ended. */
    private @Nullable Takeover takeover;

    /** By the ticker; 0 while no holder has ended over it. */
    private long activateUntil;

    Contention(
            Contender contender, LockFile lockFile, EventWait wait, Journal journal, Steps steps, Opponents opponents) {
        this.contender = contender;
        this.lockFile = lockFile;
        this.wait = wait;
        this.journal = journal;
        this.steps = steps;
        this.opponents = opponents;
        ticker = opponents.ticker();
        stopping = new StoppingHolder(ticker);
    }

    /** What follows from one meeting. */
    sealed interface Step {
        /** The start knows whether it has the lock. */
        record Over(Acquisition.Result result) implements Step {}

        /** What was met has changed: the lock is to be tried again. */
        record TryAgain() implements Step {}
    }

    /** Whom this start has ended, or has begun to. */
    @Nullable
    Takeover takeover() {
        return takeover;
    }

    /** Does what is to be done about a try that did not get the lock. Blocks for that. */
    Step meet(LockAttempt attempt) {
        if (attempt instanceof LockAttempt.Held held) {
            try (OpenLockFile file = held.file()) {
                return meetHolder(file);
            }
        }
        return attempt instanceof LockAttempt.Interlocked ? meetInterlock() : ofTry(attempt);
    }

    private Step meetHolder(OpenLockFile file) {
        Optional<LockRecord> record = file.record();
        if (record.isPresent() && opponents.isAroundUs(record.get())) {
            return refused(
                    Refusal.ofStart(new Incumbent.Around(record.get().launcher().pid(), record)));
        }
        // Also while a new launcher has not written its record over that of a killed one.
        boolean mayBeLeftover = isWatched(record) && opponents.isLauncherOver(file);
        return contender.waits() && !mayBeLeftover ? waitFor(file, Optional.empty()) : resolve(file);
    }

    /** The client that it was started for will not come back for it: its next start is this one. */
    private static boolean isLeftover(Incumbent incumbent) {
        return incumbent instanceof Incumbent.Orphaned && isWatched(incumbent.record());
    }

    private static boolean isWatched(Optional<LockRecord> record) {
        return record.isPresent() && record.get().care().isWatched();
    }

    /** A launcher that has ended, and whose end was no reason to end its server, is no reason to look again. */
    private Step waitFor(OpenLockFile file, Optional<LockRecord> resolved) {
        if (!told) {
            told = true;
            journal.open();
            journal.info("waiting for \"" + contender.name() + "\" to end lock=" + lockFile.path());
        }
        Optional<LockAttempt> attempt = opponents.awaitEnd(file, contender.deadline(), resolved);
        if (attempt.isPresent()) {
            return ofTry(attempt.get());
        }
        return wait.isStopRequested() ? interrupted() : refuse(file);
    }

    private Step refuse(OpenLockFile file) {
        try (Opponents.Opponent opponent = opponents.find(file).orElse(null)) {
            return opponent == null ? new Step.TryAgain() : refused(Refusal.ofStart(opponent.incumbent()));
        }
    }

    private Step resolve(OpenLockFile file) {
        try (Opponents.Opponent opponent = opponents.find(file).orElse(null)) {
            if (wait.isStopRequested()) {
                return interrupted();
            }
            return opponent == null ? new Step.TryAgain() : resolve(file, opponent);
        }
    }

    private Step resolve(OpenLockFile file, Opponents.Opponent opponent) {
        Incumbent incumbent = opponent.incumbent();
        if (incumbent instanceof Incumbent.Around) {
            return refused(Refusal.ofStart(incumbent));
        }
        return switch (contender.policy()) {
            case SKIP -> skipped(incumbent.pid());
            case TAKEOVER -> takeOver(opponent, incumbent, FORCED);
            case FAIL, WAIT, ACTIVATE -> {
                if (isLeftover(incumbent)) {
                    yield takeOver(opponent, incumbent, CLIENT_GONE);
                }
                if (contender.waits()) {
                    yield waitFor(file, incumbent.record());
                }
                if (stopping.isWorthWaiting(incumbent)) {
                    yield awaitStop(file);
                }
                yield contender.second().isPresent()
                        ? activate(opponent, incumbent, contender.second().get())
                        : refused(Refusal.ofStart(incumbent));
            }
        };
    }

    /** A little, since the holder may change its mind: a restart is a stop, too, at first. */
    private Step awaitStop(OpenLockFile file) {
        if (stopping.isTimeToTell()) {
            journal.open();
            journal.info("waiting for \"" + contender.name() + "\" to finish its stop lock=" + lockFile.path());
        }
        Optional<LockAttempt> attempt = opponents.awaitLock(file, stopping.nextLook());
        if (attempt.isEmpty() && wait.isStopRequested()) {
            return interrupted();
        }
        return attempt.isPresent() ? ofTry(attempt.get()) : new Step.TryAgain();
    }

    private Step activate(Opponents.Opponent opponent, Incumbent incumbent, SecondStart start) {
        String obstacle = untold(opponent, incumbent);
        if (!obstacle.isEmpty()) {
            return notActivated(incumbent, obstacle);
        }
        InstanceActivation.Result result = opponent.activate(start);
        if (result instanceof InstanceActivation.Result.Answered answered) {
            return over(new GuardOutcome.Activated(answered.code()));
        }
        if (result instanceof InstanceActivation.Result.Refused refusal) {
            return notActivated(incumbent, refusal.why());
        }
        if (result instanceof InstanceActivation.Result.Interrupted) {
            return interrupted();
        }
        activateUntil = activateUntil == 0 ? ticker.nanoTime() + MOST_ACTIVATING.toNanos() : activateUntil;
        if (isOver(activateUntil)) {
            return notActivated(incumbent, "one instance after the other ended before it took the arguments");
        }
        opponents.pause(ACTIVATE_MILLIS);
        return new Step.TryAgain();
    }

    /** Why a holder cannot be told anything; empty when it can. */
    private static String untold(Opponents.Opponent opponent, Incumbent incumbent) {
        if (incumbent instanceof Incumbent.Orphaned) {
            return "its launcher was killed, so nobody takes the arguments";
        }
        boolean isElsewhere = incumbent instanceof Incumbent.Unverified unverified && unverified.isElsewhere();
        if (incumbent.record().isEmpty() || (incumbent instanceof Incumbent.Unverified && !isElsewhere)) {
            return "it cannot be verified, so it is handed nothing";
        }
        return opponent.canBeAsked()
                ? ""
                : "it runs without a launcher (by --handoff exec, or by the library without onActivate), so nobody takes the"
                        + " arguments; start it without that";
    }

    private static Step notActivated(Incumbent incumbent, String why) {
        return refused(new Refusal(incumbent, Refusal.Attempt.ACTIVATION, Optional.of(new Obstacle.NotActivated(why))));
    }

    private Step takeOver(Opponents.Opponent opponent, Incumbent incumbent, String why) {
        Optional<Obstacle> obstacle = obstacle(opponent, incumbent);
        if (obstacle.isPresent()) {
            return refused(new Refusal(incumbent, Refusal.Attempt.FORCED_START, obstacle));
        }
        if (contender.sockets().isPresent()) {
            contender.sockets().get().add(opponent.sockets());
        }
        takeover = Takeover.from(incumbent, why.equals(FORCED) ? FORCED : "client-gone");
        if (incumbent instanceof Incumbent.Unverified) {
            return after(opponent.askToYield(), incumbent, Refusal.Attempt.FORCED_START);
        }
        Duration recorded = HolderTermination.ownGrace(incumbent.record());
        Duration grace = contender.mayForce() ? recorded : LeftoverResolution.unaskedGrace(recorded);
        return after(opponent.end(grace, why), incumbent, Refusal.Attempt.END);
    }

    private Step after(Ending ending, Incumbent incumbent, Refusal.Attempt attempt) {
        if (ending instanceof Ending.Acquired acquired) {
            return acquired(acquired.lock());
        }
        if (ending instanceof Ending.Stays stays) {
            return refused(new Refusal(incumbent, attempt, Optional.of(stays.why())));
        }
        return ending instanceof Ending.Interrupted ? interrupted() : new Step.TryAgain();
    }

    /** Why a holder must not be ended by this start; empty when it may. */
    private Optional<Obstacle> obstacle(Opponents.Opponent opponent, Incumbent incumbent) {
        boolean isElsewhere = incumbent instanceof Incumbent.Unverified unverified && unverified.isElsewhere();
        if (incumbent instanceof Incumbent.Unverified && !isElsewhere) {
            return Optional.of(new Obstacle.NotVerified());
        }
        if (!isLeftover(incumbent) && isNewer(incumbent)) {
            return Optional.of(new Obstacle.Newer());
        }
        boolean mayBeMistaken = contender.mayForce() && contender.origin() == NameOrigin.FOLDER;
        Optional<Obstacle> mistaken = mayBeMistaken ? opponent.otherFolder(contender.name()) : Optional.empty();
        if (mistaken.isEmpty()
                && isElsewhere
                && !HolderContact.hasLauncher(incumbent.record().orElseThrow())) {
            return Optional.of(new Obstacle.NoLauncher());
        }
        return mistaken;
    }

    private boolean isNewer(Incumbent incumbent) {
        // Of forced starts at one instant, the first one wins and the others find a holder younger than themselves: by
        // when it took the lock, since a launcher that began before this one may have won it after.
        long since = incumbent
                .record()
                .map(record -> record.lockTicks() >= 0
                        ? record.lockTicks()
                        : record.launcher().startTicks())
                .orElse(0L);
        // A tick is 10 ms, and from its start to its lock a launcher takes longer: within one tick the lock came first.
        return since > contender.sinceTicks();
    }

    /** The holder may just be between freeing one and freeing the other; otherwise its file was taken away. */
    private Step meetInterlock() {
        long settled = ticker.nanoTime() + LiveOpponents.SETTLE_NANOS;
        while (ticker.nanoTime() - settled < 0 && !wait.isStopRequested()) {
            opponents.pause(10);
            LockAttempt attempt = lockFile.tryAcquire(steps);
            if (!(attempt instanceof LockAttempt.Interlocked)) {
                return attempt instanceof LockAttempt.Acquired acquired ? acquired(acquired.lock()) : meet(attempt);
            }
        }
        Incumbent incumbent = opponents.withoutFile();
        if (incumbent instanceof Incumbent.Around) {
            return refused(Refusal.ofStart(incumbent));
        }
        boolean mayWait = contender.waits() && !isOver(contender.deadline());
        if (!mayWait) {
            try (OpenLockFile lost = lockFile.findLost().orElse(null)) {
                if (lost != null) {
                    return contender.waits() && !wait.isStopRequested() ? refuse(lost) : resolve(lost);
                }
            }
        }
        if (contender.policy() == ConflictPolicy.SKIP) {
            return skipped(0);
        }
        if (mayWait) {
            opponents.pause(INTERLOCK_MILLIS);
            return new Step.TryAgain();
        }
        return wait.isStopRequested() ? interrupted() : refused(Refusal.ofStart(incumbent));
    }

    private boolean isOver(long deadline) {
        return deadline != Long.MAX_VALUE && ticker.nanoTime() - deadline >= 0;
    }

    private Step ofTry(LockAttempt attempt) {
        return attempt instanceof LockAttempt.Acquired acquired ? acquired(acquired.lock()) : new Step.TryAgain();
    }

    private static Step acquired(HeldLock lock) {
        return new Step.Over(new Acquisition.Result.Acquired(new LocalTenure(lock)));
    }

    private static Step refused(Refusal refusal) {
        return over(new GuardOutcome.Refused(refusal));
    }

    private static Step skipped(int pid) {
        return over(new GuardOutcome.Skipped(pid));
    }

    private Step interrupted() {
        return over(GuardOutcome.Interrupted.by(wait));
    }

    private static Step over(GuardOutcome outcome) {
        return new Step.Over(new Acquisition.Result.NotAcquired(outcome));
    }
}
