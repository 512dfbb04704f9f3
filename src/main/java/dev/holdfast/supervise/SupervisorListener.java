package dev.holdfast.supervise;

import dev.holdfast.process.ExitStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Is told what becomes of the server, in the supervisor's own thread. Must not block. */
public interface SupervisorListener {
    /**
     * The server was started again.
     *
     * @param pid its pid
     */
    void started(int pid);

    /**
     * The server says that another process of its tree is the main one.
     *
     * @param pid that one's
     */
    void mainChanged(int pid);

    /** The server is ready to serve, also again after a reload. */
    void ready();

    /**
     * The server is not ready in time, and is stopped now.
     *
     * @param missing what was waited for in vain
     */
    void notReady(String missing);

    /**
     * Somebody who is not believed has said something by the server's {@code NOTIFY_SOCKET}, and is passed over.
     *
     * @param sender its pid; 0 in another pid namespace
     * @param user its user
     */
    void strangerSpoke(int sender, int user);

    /**
     * The descriptor to which the server was to write a newline is closed, and none came.
     *
     * @param descriptor its number in the server
     */
    void endedWithoutNewline(int descriptor);

    /** The server reads its configuration again. */
    void reloading();

    /**
     * A reload was asked for, and the server was told nothing.
     *
     * @param obstacle why
     */
    void notReloaded(String obstacle);

    /**
     * The server tells what it does.
     *
     * @param text one line, as it said it: may hold anything
     */
    void status(String text);

    /**
     * The server is told to stop now.
     *
     * @param reason why
     * @param signal what it gets
     * @param grace how long it has
     */
    void stopping(StopReason reason, int signal, Duration grace);

    /**
     * The server is about to end by itself.
     *
     * @param cause its client hung up, {@code stdin-closed}, or it said so, {@code server-stopping}
     * @param patience how long until it gets the stop signal
     * @param untilKilled how long until SIGKILL, at the most
     */
    void draining(String cause, Duration patience, Duration untilKilled);

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
     * A process of the server's tree may not be signalled, and was not. To be told again each time that it is tried.
     *
     * @param signal what it was to get
     * @param pid whose
     */
    void refused(int signal, int pid);

    /**
     * Something does not die of SIGKILL (state D, or a bug in the kernel), or may not get it, and is left alone.
     *
     * @param pids what is left
     */
    void survived(String pids);

    /**
     * Nothing of the server is left.
     *
     * @param status how it ended
     * @return what is to be waited for before it may be started again; null for nothing
     */
    @Nullable
    Aftermath gone(ExitStatus status);

    /**
     * The server is started again after a while.
     *
     * @param delay how long a while
     * @param status how it ended
     */
    void backingOff(Duration delay, ExitStatus status);

    /**
     * The server is not started again: it ended too often.
     *
     * @param restarts how many restarts there were
     */
    void gaveUp(int restarts);

    /**
     * The time has come to look after the lock.
     *
     * @return when to look again
     */
    Duration recheck();
}
