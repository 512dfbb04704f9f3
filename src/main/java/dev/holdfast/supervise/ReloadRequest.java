package dev.holdfast.supervise;

import dev.holdfast.posix.signals.Signals;
import org.jspecify.annotations.Nullable;

/**
 * A request to read the configuration again. Decided at once as a rule; a source of the loop for as long as it takes to
 * see what the server does with the signal. Not safe for use by many threads.
 */
public final class ReloadRequest implements EventSource {
    private static final String NOT_RUNNING = "the server does not run now";

    private final Supervisor supervisor;
    private final ReloadCheck check;
    private final int pid;
    private @Nullable String obstacle;

    /**
     * One that has not been looked at.
     *
     * @param pid the server's main process; 0 when it does not run
     */
    ReloadRequest(Supervisor supervisor, int pid, ReloadCheck check) {
        this.supervisor = supervisor;
        this.pid = pid;
        this.check = check;
    }

    /** Why nothing was sent, in a few words; empty when it was; null while that is not decided. */
    public @Nullable String obstacle() {
        return obstacle;
    }

    /** Sends the signal when it is seen that the server takes it. */
    void look() {
        if (obstacle == null) {
            obstacle = pid == 0 || pid != supervisor.instance().runningPid() ? NOT_RUNNING : check.look();
            if (obstacle != null && obstacle.isEmpty()) {
                supervisor.instance().forward(Signals.HUP);
            }
        }
    }

    @Override
    public int slots() {
        return 0;
    }

    @Override
    public void arm(PollSlots slots) {}

    @Override
    public void serve(PollSlots slots) {
        look();
        if (obstacle != null) {
            supervisor.decided(this);
        }
    }

    @Override
    public long deadline() {
        return check.deadline();
    }
}
