package dev.holdfast.supervise;

import dev.holdfast.process.ExitStatus;
import java.time.Duration;

/** Is told what becomes of the server, in the supervisor's own thread. Must not block. */
public interface SupervisorListener {
    /**
     * The server is told to stop now.
     *
     * @param reason why
     * @param signal what it gets
     * @param grace how long it has
     */
    void stopping(StopReason reason, int signal, Duration grace);

    /**
     * The server's client hung up; the server may end by itself.
     *
     * @param grace how long it has
     */
    void draining(Duration grace);

    /**
     * The server ended.
     *
     * @param status how
     */
    void ended(ExitStatus status);

    /**
     * The server ended and left processes behind, which are told to stop now.
     *
     * @param count how many
     */
    void sweeping(int count);

    /**
     * SIGKILL goes to all that is left.
     *
     * @param reason why
     */
    void killing(String reason);

    /**
     * Something does not die of SIGKILL (state D, or a bug in the kernel) and is left alone.
     *
     * @param pids what is left
     */
    void survived(String pids);

    /**
     * The time has come to look after the lock.
     *
     * @return when to look again
     */
    Duration recheck();
}
