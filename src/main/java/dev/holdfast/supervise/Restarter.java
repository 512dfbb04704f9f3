package dev.holdfast.supervise;

import dev.holdfast.hook.HookRun;
import dev.holdfast.process.ExitStatus;
import org.jspecify.annotations.Nullable;

/** What is done between one server and the next. Called in the loop's thread, in this order; nothing of it blocks. */
public interface Restarter {
    /**
     * Begins what follows a server's end, under the lock.
     *
     * @param pid who the server was
     * @param status how it ended
     * @return the command, which runs; null when there is nothing to wait for
     */
    @Nullable
    HookRun afterEnd(int pid, ExitStatus status);

    /**
     * Begins what comes before the next start.
     *
     * @return the command, which runs; null when there is nothing to wait for
     */
    @Nullable
    HookRun beforeStart();

    /**
     * Starts the server once more.
     *
     * @param obstacle why it must not be started, by the command before it; empty when it may be
     * @return what came of it
     */
    Start start(String obstacle);

    /**
     * Starts the server while another one runs, with channels of its own.
     *
     * @param obstacle as in {@link #start}
     * @param seat by this the supervisor knows it: what comes by its channels is told with it
     * @return what came of it
     */
    default Start startBeside(String obstacle, int seat) {
        return start(obstacle);
    }

    /**
     * What only processes of the server that was started beside have in their environment.
     *
     * @return {@code NAME=value}; empty for nothing
     */
    default String mark() {
        return "";
    }

    /**
     * One of two servers has gone, or was not started: what it had alone is closed.
     *
     * @param seat that one's
     */
    default void leave(int seat) {}

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
         * @param why what was told
         */
        record Failed(ExitStatus status, String why) implements Start {}
    }
}
