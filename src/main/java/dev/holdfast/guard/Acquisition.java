package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.listen.HandedSockets;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.PreviousRecord;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.tenure.LocalTenure;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Getting the lock, or knowing why not: tries, leaves what is met to {@link Contention}, and what the last holder left to
 * {@link LeftoverResolution}.
 *
 * <p>Never signals anybody unless the policy is {@link ConflictPolicy#TAKEOVER} and the holder was proved, or it is the
 * proved rest of an instance whose client is gone.
 */
public final class Acquisition {
    private static final long NEVER = Long.MAX_VALUE;

    private final String name;
    private final NameOrigin origin;
    private final LockFile lockFile;
    private final ConflictPolicy policy;
    private final EventWait wait;
    private final Journal journal;
    private final Steps steps;
    private final long sinceTicks;
    private final long deadline;
    /** Null before anybody is met. */
    private @Nullable Opponents opponents;

    private @Nullable Contention contention;
    /** Null when the file was empty. */
    private @Nullable LockRecord left;

    private Optional<SecondStart> second = Optional.empty();
    private Optional<HandedSockets> sockets = Optional.empty();
    /** Null for nothing. */
    private @Nullable Supplier<Boolean> preparation;

    /**
     * Nothing tried yet.
     *
     * @param origin where the name comes from
     * @param sinceTicks when this start began, in clock ticks since boot: a holder that took the lock later is not ended
     */
    public Acquisition(
            String name,
            NameOrigin origin,
            LockFile lockFile,
            ConflictPolicy policy,
            Optional<Duration> timeout,
            long sinceTicks,
            EventWait wait,
            Journal journal,
            Steps steps) {
        this(name, origin, lockFile, policy, timeout, sinceTicks, wait, journal, steps, System.nanoTime(), null);
    }

    /** One that meets others than those of this machine, and goes by their time. */
    Acquisition(
            String name,
            NameOrigin origin,
            LockFile lockFile,
            ConflictPolicy policy,
            Optional<Duration> timeout,
            long sinceTicks,
            EventWait wait,
            Journal journal,
            Steps steps,
            long now,
            @Nullable Opponents opponents) {
        this.name = name;
        this.origin = origin;
        this.lockFile = lockFile;
        this.policy = policy;
        this.sinceTicks = sinceTicks;
        this.wait = wait;
        this.journal = journal;
        this.steps = steps;
        this.opponents = opponents;
        deadline = timeout.isPresent() ? now + timeout.get().toNanos() : NEVER;
    }

    /** What came of it. */
    public sealed interface Result {
        /** The lock is held. */
        record Acquired(Tenure tenure) implements Result {}

        /** It is not, and the start ends. */
        record NotAcquired(GuardOutcome outcome) implements Result {}
    }

    /** Tries, waits or takes over, as the policy says, and clears what the last holder left. Blocks. */
    public Result acquire() {
        Result result = takeLock();
        if (!(result instanceof Result.Acquired acquired)) {
            return result;
        }
        PreviousRecord previous = acquired.tenure().previous();
        if (!previous.present()) {
            return result;
        }
        left = previous.record().orElse(null);
        Optional<GuardOutcome> obstacle =
                new LeftoverResolution(contender(), wait, journal, opponents()).resolve(acquired.tenure(), previous);
        return obstacle.isPresent() ? new Result.NotAcquired(obstacle.get()) : result;
    }

    /** Who had the lock before; null when that one has released it, or nobody had it. */
    @Nullable
    Predecessors predecessors() {
        Takeover takeover = contention == null ? null : contention.takeover();
        return takeover == null && left == null ? null : new Predecessors(takeover, left);
    }

    private Result takeLock() {
        while (true) {
            if (wait.isStopRequested()) {
                return new Result.NotAcquired(GuardOutcome.Interrupted.by(wait));
            }
            LockAttempt attempt = lockFile.tryAcquire(steps);
            if (attempt instanceof LockAttempt.Acquired acquired) {
                return new Result.Acquired(new LocalTenure(acquired.lock()));
            }
            if (contention().meet(attempt) instanceof Contention.Step.Over over) {
                return over.result();
            }
        }
    }

    /**
     * Has a running instance be handed this start's arguments, when that is the policy.
     *
     * @param start what is handed over
     */
    public void activateWith(SecondStart start) {
        second = Optional.of(start);
    }

    /**
     * Has whoever is ended be asked for its listening sockets before.
     *
     * @param handed gets them
     */
    void takeSockets(HandedSockets handed) {
        sockets = Optional.of(handed);
    }

    /**
     * Has something done while it waits for a holder's end, so that it need not be done afterwards.
     *
     * @param work does some of it, in this thread, when a wait has become a long one, and tells whether there is more
     */
    void prepareBy(Supplier<Boolean> work) {
        preparation = work;
    }

    private Contender contender() {
        return new Contender(name, origin, policy, sinceTicks, deadline, second, sockets);
    }

    private Contention contention() {
        Contention known = contention == null
                ? new Contention(contender(), lockFile, wait, journal, steps, opponents())
                : contention;
        contention = known;
        return known;
    }

    private Opponents opponents() {
        Opponents known =
                opponents == null ? LiveOpponents.of(name, lockFile, wait, journal, steps, preparation) : opponents;
        opponents = known;
        return known;
    }
}
