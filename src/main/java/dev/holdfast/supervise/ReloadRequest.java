package dev.holdfast.supervise;

import dev.holdfast.control.ReloadObstacle;
import dev.holdfast.posix.signals.Signals;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to read the configuration again. Decided at once as a rule; a source of the loop for as long as it takes to
 * see what the server does with the signal. Not safe for use by many threads.
 */
public final class ReloadRequest implements EventSource {
    private final Supervisor supervisor;
    private final ReloadCheck check;
    private final int pid;
    private boolean isDecided;
    private @Nullable ReloadObstacle obstacle;

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

    /** Whether it is known what becomes of it. */
    public boolean isDecided() {
        return isDecided;
    }

    /** Why nothing was sent; empty when it was, or while that is not decided. */
    public Optional<ReloadObstacle> obstacle() {
        return Optional.ofNullable(obstacle);
    }

    /** Sends the signal when it is seen that the server takes it. */
    void look() {
        if (isDecided) {
            return;
        }
        if (pid == 0 || pid != supervisor.instance().runningPid()) {
            isDecided = true;
            obstacle = new ReloadObstacle.Seen(ReloadObstacle.Kind.NOT_RUNNING, 0);
        } else if (check.look()) {
            isDecided = true;
            obstacle = check.obstacle().orElse(null);
            if (obstacle == null) {
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
        if (isDecided) {
            supervisor.decided(this);
        }
    }

    @Override
    public long deadline() {
        return check.deadline();
    }
}
