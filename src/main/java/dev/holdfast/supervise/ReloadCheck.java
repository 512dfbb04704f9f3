package dev.holdfast.supervise;

import dev.holdfast.control.ReloadObstacle;
import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.waiting.Ticker;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server can be asked to read its configuration again, without dying of the question.
 *
 * <p>Shells block everything for the moment of a fork, which says nothing; who reads signals from a descriptor has them
 * blocked all the time. So it is looked again for 20 ms where a signal is blocked and has no handler. {@link #look} never
 * blocks. Not safe for use by many threads.
 */
public final class ReloadCheck {
    private static final int MOST_LOOKS = 20;
    private static final long BETWEEN_LOOKS_NANOS = 1_000_000;

    private final Supplier<Optional<SignalDispositions>> dispositions;
    private final int signal;
    private final Ticker ticker;
    private int looks;
    private long nextAt;
    private boolean isDecided;
    private @Nullable ReloadObstacle obstacle;

    /**
     * A check that has not looked yet.
     *
     * @param pid the server's main process
     * @param signal what it would get; 0 when that is mapped to nothing
     */
    ReloadCheck(int pid, int signal, Ticker ticker) {
        this(() -> SignalDispositions.of(pid), signal, ticker);
    }

    ReloadCheck(Supplier<Optional<SignalDispositions>> dispositions, int signal, Ticker ticker) {
        this.dispositions = dispositions;
        this.signal = signal;
        this.ticker = ticker;
        nextAt = ticker.nanoTime();
    }

    /**
     * What speaks against it, for a command: blocks for 20 ms at the most.
     *
     * @param pid the server's main process
     * @param signal what it would get
     * @return the obstacle; empty when there is none that can be seen
     */
    public static Optional<ReloadObstacle> obstacle(int pid, int signal) {
        ReloadCheck check = new ReloadCheck(pid, signal, Ticker.SYSTEM);
        while (!check.look()) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
        return check.obstacle();
    }

    /**
     * Looks when it is time to.
     *
     * @return whether it is decided; false when it is to be looked again
     */
    boolean look() {
        long now = ticker.nanoTime();
        if (!isDecided && now >= nextAt) {
            decide();
            nextAt = now + BETWEEN_LOOKS_NANOS;
        }
        return isDecided;
    }

    /** What speaks against it; empty when nothing does that can be seen, or while it is not decided. */
    Optional<ReloadObstacle> obstacle() {
        return Optional.ofNullable(obstacle);
    }

    /** When to look again, by the ticker. */
    long deadline() {
        return isDecided ? Ticker.NEVER : nextAt;
    }

    private void decide() {
        if (signal == 0) {
            decide(ReloadObstacle.Kind.NO_SIGNAL);
            return;
        }
        SignalDispositions seen = dispositions.get().orElse(null);
        if (seen == null) {
            decide(ReloadObstacle.Kind.UNSEEN);
        } else if (!seen.isOnlyBlocked(signal) || ++looks >= MOST_LOOKS) {
            decide(
                    switch (seen.effectOf(signal)) {
                        case TAKEN -> null;
                        case NONE -> ReloadObstacle.Kind.IGNORED;
                        case DEATH -> ReloadObstacle.Kind.DEADLY;
                        case STOP -> ReloadObstacle.Kind.STOPPING;
                    });
        }
    }

    private void decide(ReloadObstacle.@Nullable Kind kind) {
        isDecided = true;
        obstacle = kind == null ? null : new ReloadObstacle.Seen(kind, signal);
    }
}
