package dev.holdfast.supervise;

import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;

/** Something that is done when its time has come, and again after a while, as a source of the loop that waits for nothing else. */
public abstract class Chore implements EventSource {
    private final Ticker ticker;
    private long dueAt;

    /**
     * Its first time is given, later ones follow by {@link #period}.
     *
     * @param ticker the loop's
     * @param first from now to its first time
     */
    protected Chore(Ticker ticker, Duration first) {
        this.ticker = ticker;
        dueAt = ticker.nanoTime() + first.toNanos();
    }

    /** Does it. Must not block. */
    protected abstract void run();

    /** From the end of one time to the next; empty when it is done once. */
    protected Optional<Duration> period() {
        return Optional.empty();
    }

    @Override
    public final int slots() {
        return 0;
    }

    @Override
    public final void arm(PollSlots slots) {}

    @Override
    public final void serve(PollSlots slots) {
        if (ticker.nanoTime() >= dueAt) {
            dueAt = Ticker.NEVER;
            run();
            if (period().isPresent()) {
                dueAt = ticker.nanoTime() + period().get().toNanos();
            }
        }
    }

    @Override
    public final long deadline() {
        return dueAt;
    }
}
