package dev.holdfast.supervise;

import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.signals.Signals;
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
    private @Nullable String obstacle;

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
    public static String obstacle(int pid, int signal) {
        ReloadCheck check = new ReloadCheck(pid, signal, Ticker.SYSTEM);
        String found = check.look();
        while (found == null) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            found = check.look();
        }
        return found;
    }

    /**
     * Looks when it is time to.
     *
     * @return what speaks against it, short and without quotes, since it travels in an answer of the control socket;
     *     empty when nothing does that can be seen; null when it is to be looked again
     */
    @Nullable
    String look() {
        long now = ticker.nanoTime();
        if (obstacle == null && now >= nextAt) {
            obstacle = signal == 0 ? "HUP is mapped to nothing" : found();
            nextAt = now + BETWEEN_LOOKS_NANOS;
        }
        return obstacle;
    }

    /** When to look again, by the ticker. */
    long deadline() {
        return obstacle == null ? nextAt : Ticker.NEVER;
    }

    private @Nullable String found() {
        SignalDispositions seen = dispositions.get().orElse(null);
        String name = "SIG" + Signals.name(signal);
        if (seen == null) {
            // A server that is just gone gets nothing, either.
            return "it cannot be told what the server does at " + name + ", since /proc does not show it";
        }
        if (seen.isOnlyBlocked(signal) && ++looks < MOST_LOOKS) {
            return null;
        }
        return switch (seen.effectOf(signal)) {
            case TAKEN -> "";
            case NONE -> "the server ignores " + name;
            case DEATH -> "no handler for " + name + ": the server would die of it";
            case STOP -> "no handler for " + name + ": the server would be stopped";
        };
    }
}
