package dev.holdfast.supervise;

import dev.holdfast.hook.HookRun;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server that runs beside the instance's own during a redeploy: first the new one, and the old one once the new one is
 * ready. From the command before its start until the command after its end; then the {@link Supervisor} has one server
 * again. Not safe for use by many threads.
 */
final class Overlap implements AutoCloseable {
    private Restarter restarter;
    private int seat;
    private Phase phase = Phase.PREPARING;
    private @Nullable ServerLife life;
    /** The command that the phase waits for, if any. */
    private @Nullable HookRun hook;

    private long until = Ticker.NEVER;
    private boolean isBegun;
    private boolean isStopped;

    /** How far it is. */
    private enum Phase {
        /** The command before its start runs. */
        PREPARING,
        /** It runs, or something of it. */
        LIVING,
        /** Nothing of it is left; what it has written is still passed on. */
        LAST_WORDS,
        /** The command after its end runs. */
        AFTERMATH,
        /** Nothing more follows. */
        OVER
    }

    /** One that is about to be started. */
    Overlap(Restarter restarter, int seat) {
        this.restarter = restarter;
        this.seat = seat;
    }

    /** The server; null before it was started. */
    @Nullable
    ServerLife life() {
        return life;
    }

    int seat() {
        return seat;
    }

    Restarter restarter() {
        return restarter;
    }

    int hookDescriptor() {
        return hook == null ? -1 : hook.descriptor();
    }

    /**
     * Whether the server can be started now. The command before the start begins here, and not earlier: whoever has asked
     * for the redeploy knows by then that it has begun.
     */
    boolean isPrepared(long now) {
        if (phase == Phase.PREPARING && !isBegun && !isStopped) {
            isBegun = true;
            hook = restarter.beforeStart();
        }
        return phase == Phase.PREPARING && (hook == null || hook.isOver(now));
    }

    /** Why it must not be, by the command before; empty when it may be. To be asked once. */
    String obstacle() {
        String obstacle = hook == null ? "" : hook.obstacle();
        hook = null;
        return obstacle;
    }

    /** It was started. */
    void started(ServerLife server) {
        life = server;
        phase = Phase.LIVING;
    }

    /** It will not be started. */
    void notStarted() {
        phase = Phase.OVER;
    }

    /** The instance's own server is the one beside from now on; the one that was beside is returned. */
    ServerLife exchange(ServerLife other, Restarter othersRestarter, int othersSeat) {
        ServerLife mine = life;
        if (mine == null) {
            throw new IllegalStateException("has no server");
        }
        life = other;
        restarter = othersRestarter;
        seat = othersSeat;
        return mine;
    }

    /** Whatever is beside is to end, for the instance is. */
    void requestStop(StopReason reason, Duration grace) {
        isStopped = true;
        if (phase == Phase.PREPARING && hook != null) {
            hook.requestStop();
        } else if (phase == Phase.LIVING && life != null) {
            var unused = life.requestStop(reason, grace); // the listeners have heard why not
        }
    }

    /** Whether it was to end before it was started. */
    boolean isStopped() {
        return isStopped;
    }

    void childChanged(Children.News news) {
        if (life != null) {
            life.childChanged(news);
        }
        if (hook != null) {
            hook.childChanged(news);
        }
    }

    void reapingDone(boolean hasChildren) {
        if (life != null) {
            life.reapingDone(hasChildren);
        }
    }

    /** What follows for the server from the time. */
    void checkDeadlines(long now) {
        if (life != null && (phase == Phase.LIVING || phase == Phase.LAST_WORDS)) {
            life.checkDeadlines(now);
        }
    }

    /**
     * Does what follows from what has become of the server.
     *
     * @param isDrained whether all that was written is passed on
     * @param lastWords how long that may take
     */
    void look(long now, boolean isDrained, long lastWords, InstanceListeners listeners) {
        ServerLife server = life;
        if (server == null) {
            return;
        }
        if (phase == Phase.LIVING && server.isOver()) {
            // Whatever else is left of it does not even die of SIGKILL.
            server.end();
            phase = server.isGone() ? Phase.LAST_WORDS : Phase.OVER;
            until = now + lastWords;
        }
        if (phase == Phase.LAST_WORDS && (isDrained || now >= until)) {
            until = Ticker.NEVER;
            ExitStatus status = server.status();
            listeners.tell(new InstanceEvent.Gone(server.pid(), status));
            hook = restarter.afterEnd(server.pid(), status);
            phase = Phase.AFTERMATH;
        }
        if (phase == Phase.AFTERMATH && (hook == null || hook.isOver(now))) {
            if (hook != null) {
                var unused = hook.obstacle(); // after a server's end there is none
                hook = null;
            }
            phase = Phase.OVER;
        }
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** Whether something of its server is left that does not even die of SIGKILL. */
    boolean hasSurvivors() {
        return life != null && !life.isGone();
    }

    long deadline() {
        long own = hook == null ? until : hook.deadline();
        return phase == Phase.LIVING && life != null ? Math.min(own, life.nextDeadline()) : own;
    }

    @Override
    public void close() {
        if (life != null) {
            life.close();
        }
    }
}
