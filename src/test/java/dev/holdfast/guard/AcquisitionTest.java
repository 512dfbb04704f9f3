package dev.holdfast.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.command.Environment;
import dev.holdfast.control.Request;
import dev.holdfast.instance.Ending;
import dev.holdfast.instance.HolderContact;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.InstanceActivation;
import dev.holdfast.instance.Obstacle;
import dev.holdfast.instance.Refusal;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.Doubt;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.HiddenServer;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.processes.LookFailure;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.testkit.HandTurnedTicker;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a start does, by its policy, by whom it meets, and by what the last holder left: with a lock file of its own, and
 * no other process. Times are in milliseconds of a hand-turned clock.
 */
class AcquisitionTest {
    private static final long EARLIER_THAN_ANY_HOLDER = 0;
    private static final long LATER = Long.MAX_VALUE / 2;

    @TempDir
    Path folder;

    private final HandTurnedTicker ticker = new HandTurnedTicker();
    private final List<String> done = new ArrayList<>();
    private @Nullable HeldLock held;
    private @Nullable Tenure tenure;
    private long now;

    @AfterEach
    void release() {
        if (held != null) {
            held.release(Steps.NONE);
        }
        releaseTenure();
    }

    private void releaseTenure() {
        if (tenure != null) {
            tenure.release(Steps.NONE);
        }
    }

    /** A start waits for 10 s at the most. What it ends does end, and what it waits for does not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FAIL     | launcher         | refused START Running
            WAIT     | launcher         | await 10000; refused START Running
            SKIP     | launcher         | skipped 7
            TAKEOVER | launcher         | end 20s forced; acquired
            FAIL     | stopping         | awaitLock until 10000; refused START Running
            WAIT     | stopping         | await 10000; refused START Running
            SKIP     | stopping         | skipped 7
            TAKEOVER | stopping         | end 20s forced; acquired
            FAIL     | newer            | refused START Running
            WAIT     | newer            | await 10000; refused START Running
            SKIP     | newer            | skipped 7
            TAKEOVER | newer            | refused FORCED_START Running Newer
            FAIL     | orphan           | refused START Orphaned
            WAIT     | orphan           | await 10000; refused START Orphaned
            SKIP     | orphan           | skipped 7
            TAKEOVER | orphan           | end 20s forced; acquired
            FAIL     | orphan of client | end 9s gone; acquired
            WAIT     | orphan of client | end 9s gone; acquired
            SKIP     | orphan of client | skipped 7
            TAKEOVER | orphan of client | end 20s forced; acquired
            FAIL     | orphan of client, newer | end 9s gone; acquired
            WAIT     | orphan of client, newer | end 9s gone; acquired
            TAKEOVER | orphan of client, newer | end 20s forced; acquired
            FAIL     | client's         | refused START Running
            WAIT     | client's         | await 10000; refused START Running
            SKIP     | client's         | skipped 7
            TAKEOVER | client's         | end 20s forced; acquired
            FAIL     | unverified       | refused START Unverified
            WAIT     | unverified       | await 10000; refused START Unverified
            SKIP     | unverified       | skipped 0
            TAKEOVER | unverified       | refused FORCED_START Unverified NotVerified
            FAIL     | elsewhere        | refused START Unverified
            WAIT     | elsewhere        | await 10000; refused START Unverified
            SKIP     | elsewhere        | skipped 0
            TAKEOVER | elsewhere        | yield; acquired
            TAKEOVER | elsewhere exec   | refused FORCED_START Unverified NoLauncher
            TAKEOVER | other folder     | refused FORCED_START Running OtherFolder
            TAKEOVER | unkillable       | end 20s forced; refused END Running Unkillable
            TAKEOVER | silent elsewhere | yield; refused FORCED_START Unverified Declined
            FAIL     | around           | refused START Around
            WAIT     | around           | refused START Around
            SKIP     | around           | refused START Around
            TAKEOVER | around           | refused START Around
            FAIL     | around by pid    | refused START Around
            SKIP     | around by pid    | refused START Around
            TAKEOVER | around by pid    | refused START Around
            FAIL     | changing         | acquired
            SKIP     | changing         | acquired
            TAKEOVER | changing         | acquired
            ACTIVATE | launcher         | activate; answered 3
            ACTIVATE | stopping         | awaitLock until 10000; activate; answered 3
            ACTIVATE | newer            | activate; answered 3
            ACTIVATE | orphan           | refused ACTIVATION Orphaned NotActivated
            ACTIVATE | orphan of client | end 9s gone; acquired
            ACTIVATE | client's         | activate; answered 3
            ACTIVATE | unverified       | refused ACTIVATION Unverified NotActivated
            ACTIVATE | elsewhere        | activate; answered 3
            ACTIVATE | elsewhere exec   | refused ACTIVATION Unverified NotActivated
            ACTIVATE | exec             | refused ACTIVATION Running NotActivated
            ACTIVATE | hanging          | activate; refused ACTIVATION Running NotActivated
            ACTIVATE | leaving          | activate; pause until 20; acquired
            ACTIVATE | around           | refused START Around
            ACTIVATE | changing         | acquired
            """)
    void holderIsMet(ConflictPolicy policy, String met, String expected) {
        held = ((LockAttempt.Acquired) file().tryAcquire()).lock();
        held.write(record(met));
        assertThat(start(policy, met)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FAIL     | nothing           | acquired
            TAKEOVER | nothing           | acquired
            FAIL     | detached          | refused START Detached
            WAIT     | detached          | awaitRest 10000; refused START Detached
            SKIP     | detached          | skipped 8
            TAKEOVER | detached          | endRest 20s true; acquired
            FAIL     | client's          | endRest 9s false; acquired
            WAIT     | client's          | endRest 9s false; acquired
            SKIP     | client's          | skipped 8
            TAKEOVER | client's          | endRest 20s true; acquired
            FAIL     | maybe a stranger  | refused START Detached MayBeStranger
            TAKEOVER | maybe a stranger  | refused FORCED_START Detached MayBeStranger
            FAIL     | unseen            | refused START Unseen
            WAIT     | unseen            | pause until 10000; refused START Unseen
            SKIP     | unseen            | skipped 0
            TAKEOVER | unseen            | refused START Unseen
            FAIL     | around            | refused START Around
            SKIP     | around            | refused START Around
            TAKEOVER | around            | refused START Around
            """)
    void leftoversAreMet(ConflictPolicy policy, String left, String expected) {
        HeldLock last = ((LockAttempt.Acquired) file().tryAcquire()).lock();
        last.write(record(left));
        last.abandon(); // as when its launcher is killed
        assertThat(start(policy, left)).isEqualTo(expected);
        boolean isOurs = expected.endsWith("acquired");
        assertThat(file().tryAcquire() instanceof LockAttempt.Held).isEqualTo(isOurs);
    }

    @Test
    void nobodyIsMet() {
        for (ConflictPolicy policy : List.of(ConflictPolicy.FAIL, ConflictPolicy.SKIP)) {
            assertThat(start(policy, "nobody")).isEqualTo("acquired");
            releaseTenure();
        }
    }

    @Test
    void waitingStartGetsTheLockOfOneThatEnds() {
        held = ((LockAttempt.Acquired) file().tryAcquire()).lock();
        held.write(record("launcher"));
        assertThat(start(ConflictPolicy.WAIT, "ending")).isEqualTo("await 10000; acquired");
    }

    @Test
    void stopRequestEndsEachStart() {
        held = ((LockAttempt.Acquired) file().tryAcquire()).lock();
        held.write(record("launcher"));
        Thread.currentThread().interrupt();
        try {
            for (ConflictPolicy policy : List.of(ConflictPolicy.FAIL, ConflictPolicy.WAIT, ConflictPolicy.TAKEOVER)) {
                assertThat(start(policy, "launcher")).isEqualTo("interrupted");
            }
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private LockFile file() {
        return LockFile.at(folder.resolve("orders.lock").toString());
    }

    private LockRecord record(String met) {
        boolean isExec = met.endsWith("exec");
        LockRecord record = LockRecord.starting(
                new ProcessIdentity(7, 1, 0),
                "orders",
                "stdio",
                "1",
                "7-00000000",
                Duration.ofSeconds(20),
                new LockRecord.Care(Optional.of(isExec ? HandOff.EXEC : HandOff.SUPERVISE), met.contains("client")));
        return met.equals("stopping") ? record.withState(LockRecord.State.STOPPING) : record;
    }

    private String start(ConflictPolicy policy, String met) {
        done.clear();
        turnTo(0);
        NameOrigin origin = met.equals("other folder") ? NameOrigin.FOLDER : NameOrigin.GIVEN;
        Acquisition acquisition = new Acquisition(
                "orders",
                origin,
                file(),
                policy,
                Optional.of(Duration.ofSeconds(10)),
                met.endsWith("newer") ? EARLIER_THAN_ANY_HOLDER : LATER,
                new EventWait(Integer.MAX_VALUE),
                new Journal(LogLevel.INFO, () -> entry -> {}),
                Steps.NONE,
                ticker.nanoTime(),
                new Others(met));
        if (policy == ConflictPolicy.ACTIVATE) {
            acquisition.activateWith(new SecondStart(List.of(), Environment.ofThisProcess(), Duration.ofSeconds(5)));
        }
        done.add(result(acquisition.acquire()));
        return String.join("; ", done);
    }

    private String result(Acquisition.Result result) {
        if (result instanceof Acquisition.Result.Acquired acquired) {
            tenure = acquired.tenure();
            return "acquired";
        }
        GuardOutcome outcome = ((Acquisition.Result.NotAcquired) result).outcome();
        if (outcome instanceof GuardOutcome.Refused refused) {
            Refusal refusal = refused.refusal();
            return "refused " + refusal.attempt() + " " + kind(refusal.incumbent())
                    + refusal.obstacle().map(obstacle -> " " + kind(obstacle)).orElse("");
        }
        if (outcome instanceof GuardOutcome.Activated activated) {
            return "answered " + activated.code();
        }
        return outcome instanceof GuardOutcome.Skipped skipped ? "skipped " + skipped.holderPid() : "interrupted";
    }

    private static String kind(Object value) {
        return value.getClass().getSimpleName();
    }

    private void turnTo(long millis) {
        now = millis;
        ticker.turnTo(millis);
    }

    private void endHolder() {
        if (held != null) {
            held.release(Steps.NONE);
            held = null;
        }
    }

    private void doneOnce(String what) {
        if (done.isEmpty() || !done.get(done.size() - 1).split(" ")[0].equals(what.split(" ")[0])) {
            done.add(what);
        } else {
            done.set(done.size() - 1, what);
        }
    }

    private static long millis(long deadline) {
        return Long.parseLong(HandTurnedTicker.text(deadline));
    }

    /** Everybody else, as the case says. */
    private final class Others implements Opponents {
        private final String met;
        private boolean isGone;

        private Others(String met) {
            this.met = met;
        }

        @Override
        public boolean isAroundUs(LockRecord record) {
            return met.equals("around");
        }

        @Override
        public boolean isLauncherOver(OpenLockFile file) {
            return met.startsWith("orphan");
        }

        @Override
        public Optional<Opponent> find(OpenLockFile file) {
            if (met.equals("changing")) {
                endHolder();
                return Optional.empty();
            }
            return Optional.of(new Met(met, file.record()));
        }

        @Override
        public Optional<LockAttempt> awaitEnd(OpenLockFile file, long deadline, Optional<LockRecord> resolved) {
            done.add("await " + millis(deadline));
            if (met.equals("ending")) {
                endHolder();
                return Optional.of(new LockAttempt.Replaced());
            }
            turnTo(millis(deadline));
            return Optional.empty();
        }

        @Override
        public Optional<LockAttempt> awaitLock(OpenLockFile file, long deadline) {
            doneOnce("awaitLock until " + millis(deadline));
            turnTo(millis(deadline));
            return Optional.empty();
        }

        @Override
        public Incumbent withoutFile() {
            return new Incumbent.Fileless("");
        }

        @Override
        public Remains remainsOf(LockRecord record) {
            return new Left(record);
        }

        @Override
        public Ticker ticker() {
            return ticker;
        }

        @Override
        public void pause(long millis) {
            turnTo(now + millis);
            doneOnce("pause until " + now);
        }

        /** What is left. */
        private final class Left implements Remains {
            private final LockRecord record;

            private Left(LockRecord record) {
                this.record = record;
            }

            @Override
            public Optional<Incumbent> incumbent() {
                return switch (met) {
                    case "nothing" -> Optional.empty();
                    case "unseen" ->
                        Optional.of(new Incumbent.Unseen(record, new HiddenServer(8, new LookFailure(Errno.ENOENT))));
                    case "around" -> Optional.of(new Incumbent.Around(8, Optional.of(record)));
                    default ->
                        isGone ? Optional.empty() : Optional.of(new Incumbent.Detached(List.of(8, 9), false, record));
                };
            }

            @Override
            public Optional<Obstacle> obstacle() {
                return met.equals("maybe a stranger")
                        ? Optional.of(new Obstacle.MayBeStranger(8, new LookFailure(0)))
                        : Optional.empty();
            }

            @Override
            public boolean awaitEnd(long deadline) {
                done.add("awaitRest " + millis(deadline));
                turnTo(millis(deadline));
                return false;
            }

            @Override
            public Ending end(Duration grace, boolean isForced) {
                done.add("endRest " + Durations.text(grace) + " " + isForced);
                isGone = true;
                return new Ending.Gone();
            }

            @Override
            public void close() {}
        }
    }

    /** Who holds the lock. */
    private final class Met implements Opponents.Opponent {
        private final String met;
        private final Optional<LockRecord> record;

        private Met(String met, Optional<LockRecord> record) {
            this.met = met;
            this.record = record;
        }

        @Override
        public Incumbent incumbent() {
            return switch (met) {
                case "orphan", "orphan of client", "orphan of client, newer" ->
                    new Incumbent.Orphaned(List.of(7, 8), record);
                case "unverified" -> new Incumbent.Unverified(Doubt.Plain.UNSEEN, record, false, 0);
                case "elsewhere", "elsewhere exec", "silent elsewhere" ->
                    new Incumbent.Unverified(Doubt.Plain.ELSEWHERE, record, true, 0);
                case "around by pid" -> new Incumbent.Around(7, record);
                default -> new Incumbent.Running(7, record);
            };
        }

        @Override
        public Optional<Obstacle> otherFolder(String name) {
            return Optional.of(new Obstacle.OtherFolder(name, Obstacle.OtherFolder.Place.OTHER_FOLDER));
        }

        @Override
        public Ending end(Duration grace, String why) {
            done.add("end " + Durations.text(grace) + " " + (why.equals("forced") ? why : "gone"));
            if (met.equals("unkillable")) {
                return new Ending.Stays(new Obstacle.Unkillable("pid=7"));
            }
            endHolder();
            return new Ending.Gone();
        }

        @Override
        public boolean canBeAsked() {
            return HolderContact.hasLauncher(incumbent().record().orElseThrow());
        }

        @Override
        public InstanceActivation.Result activate(SecondStart start) {
            done.add("activate");
            if (met.equals("hanging")) {
                return new InstanceActivation.Result.Refused("it has not answered");
            }
            if (met.equals("leaving")) {
                endHolder();
                return new InstanceActivation.Result.Gone();
            }
            return new InstanceActivation.Result.Answered(3);
        }

        @Override
        public int[] sockets() {
            done.add("sockets");
            return new int[0];
        }

        @Override
        public Ending askToYield() {
            done.add("yield");
            if (met.equals("silent elsewhere")) {
                return new Ending.Stays(new Obstacle.Declined(Request.YIELD, "no"));
            }
            endHolder();
            return new Ending.Gone();
        }

        @Override
        public void close() {}
    }
}
