package dev.holdfast.guard;

import dev.holdfast.supervise.Chore;
import dev.holdfast.waiting.Ticker;

/** Clears away what killed instances of the same name have left: once in a life, as soon as there is time, or at its end. */
final class StaleCleaning extends Chore implements AutoCloseable {
    private final ParallelInstances instances;
    private boolean done;

    StaleCleaning(ParallelInstances instances, Ticker ticker) {
        super(ticker, Guard.FIRST_LOOK);
        this.instances = instances;
    }

    @Override
    protected void run() {
        if (!done) {
            done = true;
            instances.removeStale();
        }
    }

    /** The server may have ended before there was time. */
    @Override
    public void close() {
        run();
    }
}
