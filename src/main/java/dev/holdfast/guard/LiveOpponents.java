package dev.holdfast.guard;

import dev.holdfast.instance.Incumbent;
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
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The processes of this machine. Signals nobody but who was proved. */
final class LiveOpponents implements Opponents {
    /** A holder may be between lock and record; a cleaner or prober may hold the flock for microseconds. */
    static final long SETTLE_NANOS = Duration.ofMillis(250).toNanos();
    /** Where a holder is known to exist, but not yet who. */
    private static final long RECORD_NANOS = Duration.ofSeconds(2).toNanos();

    private final String name;
    private final LockFile lockFile;
    private final EventWait wait;
    private final Journal journal;
    private final Steps steps;
    /** Null for nothing. */
    private final @Nullable Supplier<Boolean> preparation;

    /** Typed so that the verifier loads neither on the way of a start that meets nobody. */
    static Opponents of(
            String name,
            LockFile lockFile,
            EventWait wait,
            Journal journal,
            Steps steps,
            @Nullable Supplier<Boolean> preparation) {
        return new LiveOpponents(name, lockFile, wait, journal, steps, preparation);
    }

    private LiveOpponents(
            String name,
            LockFile lockFile,
            EventWait wait,
            Journal journal,
            Steps steps,
            @Nullable Supplier<Boolean> preparation) {
        this.name = name;
        this.lockFile = lockFile;
        this.wait = wait;
        this.journal = journal;
        this.steps = steps;
        this.preparation = preparation;
    }

    @Override
    public boolean isAroundUs(LockRecord record) {
        return InsideInstance.isOf(record);
    }

    @Override
    public boolean isLauncherOver(OpenLockFile file) {
        return new HolderSearch(file).isLauncherOver();
    }

    @Override
    public Optional<Opponent> find(OpenLockFile file) {
        HolderSearch search = new HolderSearch(file);
        long start = System.nanoTime();
        while (!wait.isStopRequested()) {
            Optional<ProvedHolder> named = search.findByRecord();
            if (named.isPresent()) {
                return Optional.of(live(file, named.get()));
            }
            boolean isOfPath = file.isNameless() || file.isStillAtPath();
            if (!file.isHeld() || !isOfPath) {
                return Optional.empty();
            }
            long waited = System.nanoTime() - start;
            if (waited > SETTLE_NANOS) {
                ProvedHolder scanned = search.findByScan();
                if (!(scanned instanceof ProvedHolder.Unverifiable)
                        || search.holdersAreForeign()
                        || waited > RECORD_NANOS) {
                    return Optional.of(live(file, scanned));
                }
            }
            wait.pause(5);
        }
        return Optional.empty();
    }

    private Opponent live(OpenLockFile file, ProvedHolder holder) {
        return new LiveOpponent(name, file, holder, wait, journal, steps);
    }

    @Override
    public Optional<LockAttempt> awaitEnd(OpenLockFile file, long deadline, Optional<LockRecord> resolved) {
        try (ClientsLauncher launcher = new ClientsLauncher(file, resolved)) {
            return Optional.ofNullable(new LockWait(wait, steps, preparation).await(file, deadline, launcher));
        }
    }

    @Override
    public Optional<LockAttempt> awaitLock(OpenLockFile file, long deadline) {
        return Optional.ofNullable(new LockWait(wait, steps).await(file, deadline));
    }

    @Override
    public Incumbent withoutFile() {
        String pids = InterlockHolders.pids(lockFile);
        return InsideInstance.isAnyAround(pids)
                ? new Incumbent.Around(0, Optional.empty())
                : new Incumbent.Fileless(pids);
    }

    @Override
    public Remains remainsOf(LockRecord record) {
        return new LiveRemains(name, record, wait, journal);
    }

    @Override
    public Ticker ticker() {
        return Ticker.SYSTEM;
    }

    @Override
    public void pause(long millis) {
        wait.pause(millis);
    }
}
