package dev.holdfast.supervise;

import dev.holdfast.process.ExitStatus;

/** Starts the server again. Called in the supervisor's thread. */
@FunctionalInterface
public interface Restarter {
    /**
     * Starts it once more. May block for what goes before it.
     *
     * @return what came of it
     */
    Start again();

    /** What came of a start. */
    sealed interface Start {
        /**
         * It runs.
         *
         * @param pid its pid; a child of this process
         */
        record Running(int pid) implements Start {}

        /**
         * It could not be started, and that was told.
         *
         * @param status the exit code of such a failure
         */
        record Failed(ExitStatus status) implements Start {}

        /**
         * A stop request came first.
         *
         * @param signal its number
         */
        record Interrupted(int signal) implements Start {}
    }
}
