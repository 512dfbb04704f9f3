package dev.holdfast;

/** Stops a part of the server. */
@FunctionalInterface
public interface StopHook {
    /**
     * Stops it. Called once, in a thread of its own, which is interrupted when the grace is over.
     *
     * @throws Exception if it does not stop; logged, and the stop goes on
     */
    void stop() throws Exception;
}
