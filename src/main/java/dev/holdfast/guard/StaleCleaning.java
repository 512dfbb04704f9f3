package dev.holdfast.guard;

import dev.holdfast.supervise.Chore;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Clears away what killed instances of the same name have left: once in a life, as soon as there is time, or at its end.
 * Many files take several turns of the loop.
 */
final class StaleCleaning extends Chore implements AutoCloseable {
    private final ParallelInstances instances;
    private @Nullable StaleFiles files;
    private boolean hasMore = true;

    StaleCleaning(ParallelInstances instances, Ticker ticker) {
        super(ticker, Guard.FIRST_LOOK);
        this.instances = instances;
    }

    @Override
    protected void run() {
        hasMore = hasMore && files().removeSome();
    }

    @Override
    protected Optional<Duration> period() {
        return hasMore ? Optional.of(Duration.ZERO) : Optional.empty();
    }

    /** The server may have ended before there was time. */
    @Override
    public void close() {
        if (hasMore) {
            files().removeMost();
        }
    }

    private StaleFiles files() {
        if (files == null) {
            files = instances.staleFiles();
        }
        return files;
    }
}
