package dev.holdfast.guard;

import dev.holdfast.instance.ConflictMessage;
import dev.holdfast.instance.HolderContact;
import dev.holdfast.instance.HolderTermination;
import dev.holdfast.instance.HolderYield;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.InterlockHolders;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.LockWait;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.tenure.LocalTenure;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Getting the lock, or knowing why not: tries, finds out who holds it, and does what the policy says.
 *
 * <p>Never signals anybody unless the policy is {@link ConflictPolicy#TAKEOVER} and the holder was proved.
 */
public final class Acquisition {
    /** A holder may be between lock and record; a cleaner or prober may hold the flock for microseconds. */
    private static final long SETTLE_NANOS = Duration.ofMillis(250).toNanos();
    /** Where a holder is known to exist, but not yet who. */
    private static final long RECORD_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long TURN_NANOS = Duration.ofMillis(500).toNanos();
    private static final long NEVER = Long.MAX_VALUE;

    private static final String FORCED = "forced";
    private static final String CLIENT_GONE = "\"its client and its launcher are gone\"";

    private static final String NOBODY_TO_ASK = ", so there is nobody to be asked to yield";
    private static final String NEWER = "it started after this one did, so it is the newer";

    private final String name;
    private final NameOrigin origin;
    private final LockFile lockFile;
    private final ConflictPolicy policy;
    private final EventWait wait;
    private final Journal journal;
    private final Steps steps;
    private final long sinceTicks;
    private final long deadline;
    private @Nullable StoppingHolder stopping;
    private boolean told;

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
        this.name = name;
        this.origin = origin;
        this.lockFile = lockFile;
        this.policy = policy;
        this.sinceTicks = sinceTicks;
        this.wait = wait;
        this.journal = journal;
        this.steps = steps;
        deadline = timeout.isPresent() ? System.nanoTime() + timeout.get().toNanos() : NEVER;
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
        if (result instanceof Result.Acquired acquired
                && acquired.tenure().previous().present()) {
            GuardOutcome obstacle =
                    new LeftoverResolution(name, origin, policy, deadline, wait, journal).resolve(acquired.tenure());
            return obstacle == null ? result : new Result.NotAcquired(obstacle);
        }
        return result;
    }

    private Result takeLock() {
        while (true) {
            if (wait.isStopRequested()) {
                return interrupted();
            }
            LockAttempt attempt = lockFile.tryAcquire(steps);
            Result result = handle(attempt);
            if (result != null) {
                return result;
            }
        }
    }

    /** Null means: try again from the start. */
    private @Nullable Result handle(LockAttempt attempt) {
        if (attempt instanceof LockAttempt.Acquired acquired) {
            return new Result.Acquired(new LocalTenure(acquired.lock()));
        }
        if (attempt instanceof LockAttempt.Held held) {
            try (OpenLockFile file = held.file()) {
                Optional<LockRecord> record = file.record();
                if (record.isPresent() && InsideInstance.isOf(record.get())) {
                    return inside(record.get().launcher().pid(), record);
                }
                return policy == ConflictPolicy.WAIT && !mayBeLeftoverOfClient(file) ? waitFor(file) : resolve(file);
            }
        }
        return attempt instanceof LockAttempt.Interlocked ? resolveInterlock() : null;
    }

    private @Nullable Result waitFor(OpenLockFile file) {
        if (!told) {
            told = true;
            journal.open();
            journal.info("waiting for \"" + name + "\" to end lock=" + lockFile.path());
        }
        LockAttempt attempt = awaitEnd(file);
        if (attempt != null) {
            return attempt instanceof LockAttempt.Acquired acquired
                    ? new Result.Acquired(new LocalTenure(acquired.lock()))
                    : null;
        }
        if (wait.isStopRequested()) {
            return interrupted();
        }
        return refuse(file);
    }

    /** Also ends, to look again, when the launcher dies that a server was started by for a client. */
    private @Nullable LockAttempt awaitEnd(OpenLockFile file) {
        try (ProvedHolder holder = new HolderSearch(file).findByRecord().orElse(null)) {
            boolean isOfClient = holder instanceof ProvedHolder.Launcher && isWatched(holder.record());
            PinnedProcess launcher =
                    holder != null && isOfClient ? holder.proved().get(0) : null;
            return new LockWait(wait, steps).await(file, deadline, launcher);
        }
    }

    private @Nullable Result refuse(OpenLockFile file) {
        try (ProvedHolder holder = find(file)) {
            return holder == null ? null : refused(message().of(holder), holder, reason(holder));
        }
    }

    private @Nullable Result resolve(OpenLockFile file) {
        try (ProvedHolder holder = find(file)) {
            if (wait.isStopRequested()) {
                return interrupted();
            }
            if (holder == null) {
                return null;
            }
            if (InsideInstance.isAnyAround(holder.proved())) {
                return inside(pidOf(holder), holder.record());
            }
            return switch (policy) {
                case SKIP -> new Result.NotAcquired(new GuardOutcome.Skipped(pidOf(holder)));
                case TAKEOVER -> takeOver(file, holder, FORCED);
                case FAIL, WAIT -> {
                    if (isLeftoverOfClient(holder)) {
                        yield takeOver(file, holder, CLIENT_GONE);
                    }
                    if (policy == ConflictPolicy.WAIT) {
                        yield waitFor(file);
                    }
                    yield stopping().isWorthWaiting(holder)
                            ? awaitStop(file)
                            : refused(message().of(holder), holder, reason(holder));
                }
            };
        }
    }

    /** Cheap; true also while a new launcher has not written its record over that of a killed one. */
    private static boolean mayBeLeftoverOfClient(OpenLockFile file) {
        return isWatched(file.record()) && new HolderSearch(file).isLauncherOver();
    }

    /** The client that it was started for will not come back for it: its next start is this one. */
    private static boolean isLeftoverOfClient(ProvedHolder holder) {
        return holder instanceof ProvedHolder.Orphan && isWatched(holder.record());
    }

    private static boolean isWatched(Optional<LockRecord> record) {
        return record.isPresent() && record.get().care().isWatched();
    }

    /** Not before there is a holder: a start that meets none needs no such class. */
    private StoppingHolder stopping() {
        StoppingHolder known = stopping == null ? new StoppingHolder() : stopping;
        stopping = known;
        return known;
    }

    /** A little, since the holder may change its mind: a restart is a stop, too, at first. */
    private @Nullable Result awaitStop(OpenLockFile file) {
        if (stopping().isTimeToTell()) {
            journal.open();
            journal.info("waiting for \"" + name + "\" to finish its stop lock=" + lockFile.path());
        }
        LockAttempt attempt = new LockWait(wait, steps).await(file, stopping().nextLook());
        if (attempt instanceof LockAttempt.Acquired acquired) {
            return new Result.Acquired(new LocalTenure(acquired.lock()));
        }
        return wait.isStopRequested() ? interrupted() : null;
    }

    /** Null when the lock became free meanwhile, or a stop request came. */
    private @Nullable ProvedHolder find(OpenLockFile file) {
        HolderSearch search = new HolderSearch(file);
        long start = System.nanoTime();
        while (!wait.isStopRequested()) {
            Optional<ProvedHolder> named = search.findByRecord();
            if (named.isPresent()) {
                return named.get();
            }
            boolean isOfPath = file.isNameless() || file.isStillAtPath();
            if (!file.isHeld() || !isOfPath) {
                return null;
            }
            long waited = System.nanoTime() - start;
            if (waited > SETTLE_NANOS) {
                ProvedHolder scanned = search.findByScan();
                if (!(scanned instanceof ProvedHolder.Unverifiable)
                        || search.holdersAreForeign()
                        || waited > RECORD_NANOS) {
                    return scanned;
                }
            }
            wait.pause(5);
        }
        return null;
    }

    private @Nullable Result takeOver(OpenLockFile file, ProvedHolder holder, String reason) {
        Optional<HolderContact> elsewhere = HolderContact.with(holder, file, wait);
        if (elsewhere.isPresent()) {
            return askToYield(file, holder, elsewhere.get());
        }
        String obstacle = obstacle(holder);
        if (obstacle != null) {
            return refused(message().ofRefusedTakeover(holder, obstacle), holder, obstacle);
        }
        if (!file.tryTakeoverTurn()) {
            // Another forced start is at it. When the holder ends, there is another one, or none; or the other start
            // gives up, which nothing tells.
            wait.await(System.nanoTime() + TURN_NANOS, holder.proved().get(0).descriptor());
            return null;
        }
        if (holder.proved().stream().allMatch(PinnedProcess::hasEnded)) {
            return null; // whose turn it was before has ended it already
        }
        Duration recorded = HolderTermination.ownGrace(holder);
        Duration grace = policy == ConflictPolicy.TAKEOVER ? recorded : LeftoverResolution.unaskedGrace(recorded);
        journal.open();
        journal.info("taking over \"" + name + "\" from " + describe(holder) + " grace=" + Durations.text(grace)
                + " reason=" + reason);
        HolderSearch search = new HolderSearch(file);
        try (HolderTermination termination = new HolderTermination(holder, search, wait, journal)) {
            return switch (termination.end(grace)) {
                case ENDED -> null;
                case INTERRUPTED -> interrupted();
                case SURVIVED -> {
                    String why = termination.obstacle();
                    yield refused(message().ofFailedTakeover(holder, why), holder, why);
                }
            };
        }
    }

    /** For a holder whose pid means nothing here. Null when there is another holder now, or none. */
    private @Nullable Result askToYield(OpenLockFile file, ProvedHolder holder, HolderContact contact) {
        String obstacle = isNewer(holder) ? NEWER : mistaken(holder);
        if (obstacle == null && !contact.hasLauncher()) {
            // The reason is for the library, too, whose users have no flags.
            String text =
                    message().ofRefusedTakeover(holder, "it runs without a launcher (--handoff exec)" + NOBODY_TO_ASK);
            return refused(text, holder, "it runs without a launcher" + NOBODY_TO_ASK);
        }
        if (obstacle != null) {
            return refused(message().ofRefusedTakeover(holder, obstacle), holder, obstacle);
        }
        if (!file.tryTakeoverTurn()) {
            var unused = contact.awaitRelease(System.nanoTime() + TURN_NANOS);
            return null;
        }
        HolderYield.Result result = new HolderYield(contact, file, wait, journal).ask(steps);
        if (result instanceof HolderYield.Result.Acquired acquired) {
            return new Result.Acquired(new LocalTenure(acquired.lock()));
        }
        if (result instanceof HolderYield.Result.Refused refusal) {
            return refused(message().ofRefusedTakeover(holder, refusal.why()), holder, refusal.why());
        }
        return result instanceof HolderYield.Result.Interrupted ? interrupted() : null;
    }

    /** Why a holder must not be ended by this start; null when it may. */
    private @Nullable String obstacle(ProvedHolder holder) {
        if (holder instanceof ProvedHolder.Unverifiable) {
            return "a holder that cannot be verified is never signalled";
        }
        return isNewer(holder) ? NEWER : mistaken(holder);
    }

    private @Nullable String mistaken(ProvedHolder holder) {
        boolean isForced = policy == ConflictPolicy.TAKEOVER;
        return isForced && origin == NameOrigin.FOLDER ? FolderCheck.obstacle(name, holder) : null;
    }

    private boolean isNewer(ProvedHolder holder) {
        // Of forced starts at one instant, the first one wins and the others find a holder younger than themselves: by
        // when it took the lock, since a launcher that began before this one may have won it after.
        long since = holder.record()
                .map(record -> record.lockTicks() >= 0
                        ? record.lockTicks()
                        : record.launcher().startTicks())
                .orElse(0L);
        // A tick is 10 ms, and from its start to its lock a launcher takes longer: within one tick the lock came first.
        return since > sinceTicks;
    }

    private static String describe(ProvedHolder holder) {
        String instance = holder.record().map(LockRecord::instanceId).orElse("");
        return (holder instanceof ProvedHolder.Orphan ? "orphaned server " : "")
                + HolderTermination.pids(holder.proved()) + " instance=" + instance;
    }

    /** The holder may just be between freeing one and freeing the other; otherwise its file was taken away. */
    private @Nullable Result resolveInterlock() {
        long settled = System.nanoTime() + SETTLE_NANOS;
        while (System.nanoTime() < settled && !wait.isStopRequested()) {
            wait.pause(10);
            LockAttempt attempt = lockFile.tryAcquire(steps);
            if (!(attempt instanceof LockAttempt.Interlocked)) {
                return handle(attempt);
            }
        }
        String pids = InterlockHolders.pids(lockFile);
        if (InsideInstance.isAnyAround(pids)) {
            return inside(0, Optional.empty());
        }
        boolean mayWait = policy == ConflictPolicy.WAIT && System.nanoTime() < deadline;
        if (!mayWait) {
            try (OpenLockFile lost = lockFile.findLost().orElse(null)) {
                if (lost != null) {
                    return policy == ConflictPolicy.WAIT && !wait.isStopRequested() ? refuse(lost) : resolve(lost);
                }
            }
        }
        if (policy == ConflictPolicy.SKIP) {
            return new Result.NotAcquired(new GuardOutcome.Skipped(0));
        }
        if (mayWait) {
            // Nothing tells of an abstract name that becomes free.
            wait.pause(200);
            return null;
        }
        return wait.isStopRequested() ? interrupted() : interlocked(pids);
    }

    private ConflictMessage message() {
        return new ConflictMessage(name, origin, lockFile);
    }

    private static Result refused(String text, ProvedHolder holder, String reason) {
        return new Result.NotAcquired(new GuardOutcome.Refused(text, pidOf(holder), holder.record(), reason));
    }

    private Result inside(int pid, Optional<LockRecord> record) {
        return new Result.NotAcquired(InsideInstance.refusal(name, lockFile, pid, record));
    }

    private Result interlocked(String pids) {
        String reason = "its lock file was removed or replaced" + (pids.isEmpty() ? "" : "; look at pid " + pids);
        return new Result.NotAcquired(
                new GuardOutcome.Refused(message().ofInterlock(pids), 0, Optional.empty(), reason));
    }

    private static String reason(ProvedHolder holder) {
        return holder instanceof ProvedHolder.Unverifiable unverifiable ? unverifiable.reason() : "";
    }

    /** 0 when it could not be proved. */
    private static int pidOf(ProvedHolder holder) {
        return holder.proved().isEmpty() ? 0 : holder.proved().get(0).pid();
    }

    private Result interrupted() {
        return new Result.NotAcquired(GuardOutcome.Interrupted.by(wait));
    }
}
