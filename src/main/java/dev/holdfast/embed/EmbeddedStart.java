package dev.holdfast.embed;

import dev.holdfast.command.Environment;
import dev.holdfast.guard.Acquisition;
import dev.holdfast.guard.GuardOutcome;
import dev.holdfast.guard.SecondStart;
import dev.holdfast.instance.Refusal;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Interruption;
import java.time.Duration;
import java.util.Optional;

/**
 * The start of a server that guards itself: this process takes the lock, and is launcher and server in one. To all
 * others it looks like a server after {@code --handoff exec}: its record says that the process to signal is the server.
 *
 * <p>When a launcher of ours runs this very process as the server of the same instance, it is guarded already, and
 * joins: the lock stays the launcher's.
 */
public final class EmbeddedStart {
    /** For a launcher to write down the server that it has just spawned. */
    private static final Duration RECORD = Duration.ofSeconds(2);

    private static final int LOOK_MILLIS = 5;

    private final EmbeddedSettings settings;
    private final String outerInstance;
    private final Journal journal;
    private final long sinceTicks = Self.ticksSinceBoot();

    /**
     * A start that was not tried yet. Holders that take the lock from now on are not ended by it.
     *
     * @param settings how to guard
     * @param outerInstance the instance that this process says it was started for; empty for none
     * @param journal is told what is done
     */
    public EmbeddedStart(EmbeddedSettings settings, String outerInstance, Journal journal) {
        this.settings = settings;
        this.outerInstance = outerInstance;
        this.journal = journal;
    }

    /** What came of it. */
    public sealed interface Result {
        /**
         * The lock is held, and the record says so.
         *
         * @param tenure the lock
         * @param record what was written
         * @param control takes second launches; empty when the policy does not say so
         */
        record Held(Tenure tenure, LockRecord record, Optional<EmbeddedControl> control) implements Result {}

        /**
         * A launcher of ours holds the lock for this very process.
         *
         * @param record what it has written
         */
        record Joined(LockRecord record) implements Result {}

        /**
         * Another instance holds the lock, and stays.
         *
         * @param refusal who, and why nothing was done about it
         */
        record Refused(Refusal refusal) implements Result {}

        /**
         * A running instance was handed this start's arguments.
         *
         * @param code its answer
         */
        record Activated(int code) implements Result {}

        /**
         * This process descends from a server that a launcher of ours guards, and is not that server.
         *
         * @param record what the launcher has written
         */
        record Inside(LockRecord record) implements Result {}

        /** This process has the lock already, taken by another copy of the library. */
        record Twice() implements Result {}

        /** The thread was interrupted. */
        record Interrupted() implements Result {}
    }

    /**
     * Takes the lock, as the policy says. Blocks for as long as that takes; an interruption of the thread ends it.
     *
     * @return what came of it
     * @throws dev.holdfast.lock.UnsafeLockPathException if the lock path cannot be trusted
     * @throws LockFileException if the lock file cannot be made or written
     * @throws dev.holdfast.posix.UnsupportedSystemException if {@code /proc} or pidfds are missing
     */
    public Result start() {
        ProcFs.require();
        ProcessIdentity self = ProcessIdentity.ofSelf();
        Interruption interruption = Interruption.ofThisThread();
        try {
            EventWait wait = new EventWait(interruption.descriptor());
            Optional<Result> own = ownHold(self, wait);
            return own.isPresent() ? own.get() : take(self, wait);
        } finally {
            interruption.end();
        }
    }

    private Result take(ProcessIdentity self, EventWait wait) {
        Acquisition acquisition = new Acquisition(
                settings.name(),
                NameOrigin.GIVEN,
                settings.lockFile(),
                settings.policy(),
                settings.waitTimeout(),
                sinceTicks,
                wait,
                journal,
                Steps.NONE);
        if (settings.policy() == ConflictPolicy.ACTIVATE) {
            acquisition.activateWith(
                    new SecondStart(settings.arguments(), Environment.ofThisProcess(), settings.activateTimeout()));
        }
        Acquisition.Result result = acquisition.acquire();
        if (result instanceof Acquisition.Result.Acquired acquired) {
            return underLock(acquired.tenure(), self);
        }
        GuardOutcome outcome = ((Acquisition.Result.NotAcquired) result).outcome();
        if (outcome instanceof GuardOutcome.Activated activated) {
            return new Result.Activated(activated.code());
        }
        return outcome instanceof GuardOutcome.Refused refused
                ? new Result.Refused(refused.refusal())
                : new Result.Interrupted();
    }

    private Result underLock(Tenure tenure, ProcessIdentity self) {
        LockRecord record = LockRecord.starting(
                        self,
                        settings.name(),
                        settings.transport(),
                        settings.version(),
                        LockRecord.newInstanceId(),
                        settings.grace(),
                        // There is no launcher beside it, as after an exec.
                        new LockRecord.Care(Optional.of(HandOff.EXEC), false))
                .withServer(self, LockRecord.State.RUNNING);
        // Before the record is written: a second launch that finds the record finds the socket.
        Optional<EmbeddedControl> control = settings.policy() == ConflictPolicy.ACTIVATE
                ? Optional.of(new EmbeddedControl(settings.lockFile(), record, settings.activateTimeout(), journal))
                : Optional.empty();
        try {
            tenure.describe(record);
        } catch (LockFileException e) {
            control.ifPresent(EmbeddedControl::close);
            tenure.release(Steps.NONE);
            throw e;
        }
        for (String weakness : tenure.weaknesses()) {
            journal.warn(weakness);
        }
        return new Result.Held(tenure, record, control);
    }

    /** Whether the lock is there already, for this process or for one that it descends from. */
    private Optional<Result> ownHold(ProcessIdentity self, EventWait wait) {
        long deadline = System.nanoTime() + RECORD.toNanos();
        while (true) {
            try (OpenLockFile file = settings.lockFile().look().orElse(null)) {
                if (file == null || !file.isHeld()) {
                    return Optional.empty();
                }
                Optional<LockRecord> record = file.record();
                boolean ofOurLauncher = record.isPresent()
                        && !outerInstance.isEmpty()
                        && record.get().instanceId().equals(outerInstance);
                HolderSearch search = new HolderSearch(file);
                if (!ofOurLauncher) {
                    return search.isHeldByThisProcess() && isOf(self, record)
                            ? Optional.of(new Result.Twice())
                            : Optional.empty();
                }
                if (isServer(self, record.get()) && isHeldForUs(search, self, record.get())) {
                    return Optional.of(new Result.Joined(record.get()));
                }
                // The launcher writes its server down a moment after it has spawned it.
                boolean isChild = record.get().launcher().pid() == Self.parentPid();
                if (!isChild || record.get().server().isPresent() || System.nanoTime() > deadline) {
                    return Optional.of(new Result.Inside(record.get()));
                }
            }
            if (wait.isStopRequested()) {
                return Optional.of(new Result.Interrupted());
            }
            wait.pause(LOOK_MILLIS);
        }
    }

    /** Empty between the lock and the record of another thread's start. */
    private static boolean isOf(ProcessIdentity self, Optional<LockRecord> record) {
        return record.isEmpty() || record.get().launcher().isSameProcess(self);
    }

    private static boolean isServer(ProcessIdentity self, LockRecord record) {
        return record.server().map(self::isSameProcess).orElse(false);
    }

    /** Proved, and not only said by the record: by the launcher that lives, or by what it left us when it became us. */
    private static boolean isHeldForUs(HolderSearch search, ProcessIdentity self, LockRecord record) {
        if (record.launcher().isSameProcess(self)) {
            return search.isHeldByThisProcess();
        }
        try (ProvedHolder holder = search.findByRecord().orElse(null)) {
            return holder instanceof ProvedHolder.Launcher;
        }
    }
}
