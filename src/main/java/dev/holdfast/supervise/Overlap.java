package dev.holdfast.supervise;

import dev.holdfast.hook.HookRun;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server that runs beside the instance's own during a redeploy: first the new one, and the old one once the new one is
 * ready. From the command before its start until the command after its end; then the instance has one server
 * again. Not safe for use by many threads.
 */
final class Overlap implements AutoCloseable {
    private final ServerPlan plan;
    private final InstanceListeners listeners = new InstanceListeners();
    private final ServerTree.Factory trees;
    private final Ticker ticker;
    private Restarter restarter;
    private int seat;
    /** Whether the one beside is the new one, and not the old one. */
    private boolean isNew = true;

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

    /**
     * One that is about to be started.
     *
     * @param own the instance's own server
     * @param plan how the new one is started and supervised
     * @param seat by this its channels name it
     * @param instances hear of it, as of a server beside
     */
    Overlap(
            ServerLife own,
            ServerPlan plan,
            int seat,
            InstanceListeners instances,
            ServerTree.Factory trees,
            Ticker ticker) {
        this.plan = plan;
        this.seat = seat;
        this.trees = trees;
        this.ticker = ticker;
        restarter = plan.restarter();
        listeners.add(new BesideListener(instances));
        own.server().setApart(new Kinship(own.server().pid(), 0, true, Self.ticksSinceBoot(), ""));
    }

    /** The server; null before it was started. */
    @Nullable
    ServerLife life() {
        return life;
    }

    int seat() {
        return seat;
    }

    int hookDescriptor() {
        return hook == null ? -1 : hook.descriptor();
    }

    /**
     * Whether the server can be started now. The command before the start begins here, and not earlier: whoever has asked
     * for the redeploy knows by then that it has begun.
     */
    private boolean isPrepared(long now) {
        if (phase == Phase.PREPARING && !isBegun && !isStopped) {
            isBegun = true;
            hook = restarter.beforeStart();
        }
        return phase == Phase.PREPARING && (hook == null || hook.isOver(now));
    }

    /** The command before its start is over. */
    private void start(ServerLife own, @Nullable Redeployment work, long now) {
        String obstacle = hook == null ? "" : hook.obstacle();
        hook = null;
        if (isStopped || work == null) {
            phase = Phase.OVER;
            return;
        }
        long since = Self.ticksSinceBoot();
        Restarter.Start start = restarter.startBeside(obstacle, seat);
        if (start instanceof Restarter.Start.Running running) {
            ServerLife server = new ServerLife(trees.of(running.pid()), plan.settings(), listeners, ticker);
            int old = own.server().pid();
            String mark = restarter.mark();
            server.server().setApart(new Kinship(running.pid(), old, false, since, mark));
            own.server().setApart(new Kinship(old, running.pid(), true, since, mark));
            life = server;
            phase = Phase.LIVING;
            listeners.tell(new InstanceEvent.Started(running.pid(), true));
            work.started(plan.settings().readiness().isExpected(), now);
        } else if (start instanceof Restarter.Start.Failed failure) {
            phase = Phase.OVER;
            work.startBesideFailed(failure.why());
        }
    }

    /**
     * Tells a redeploy how both servers are.
     *
     * @param own the instance's own one
     */
    void tell(Redeployment work, ServerLife own, long now) {
        ServerLife other = life;
        switch (work.state()) {
            case STARTING_BESIDE -> {
                if (own.hasEnded()) {
                    work.oldEnded(now);
                } else if (other != null) {
                    other.tell(work, now);
                }
            }
            case SETTLING_BESIDE -> {
                if (other != null && other.hasEnded()) {
                    work.oldEnded(now);
                } else {
                    own.tell(work, now);
                }
            }
            case ENDING_BESIDE -> {
                if (own.hasEnded()) {
                    work.oldEnded(now);
                }
            }
            // It goes on without an overlap: before the new one is started, nobody can tell anything.
            case WAITING,
                    STOPPING_OLD,
                    STARTING_NEW,
                    SETTLING,
                    ENDING_NEW,
                    STARTING_OLD,
                    SETTLING_OLD,
                    STOPPING_REPLACED,
                    OVER -> {
                if (other != null) {
                    own.tell(work, now);
                }
            }
        }
    }

    /**
     * Whether the instance's own server is to be the one that is beside. Not where both have ended: what follows is a start
     * of the old command.
     */
    boolean isToBeExchanged(Redeployment work) {
        return life != null
                && !work.isOver()
                && work.state() != RedeployState.ENDING_NEW
                && isNew == work.wanted().equals(plan);
    }

    /** Stops the old server when the new one has shown that it stays. */
    void settle(Redeployment work, long now) {
        boolean wasSettled = work.state() == RedeployState.STOPPING_REPLACED;
        work.look(now);
        ServerLife replaced = life;
        if (!wasSettled && work.state() == RedeployState.STOPPING_REPLACED && replaced != null) {
            var unused = replaced.requestStop(
                    StopReason.event("replaced"),
                    replaced.settings().stop().grace()); // the listeners have heard why not
        }
    }

    /** The instance's own server is the one beside from now on; the one that was beside is returned. */
    ServerLife exchange(ServerLife other, Restarter othersRestarter, int othersSeat) {
        ServerLife mine = life;
        if (mine == null) {
            throw new IllegalStateException("has no server");
        }
        life = other;
        other.reportTo(listeners);
        restarter = othersRestarter;
        seat = othersSeat;
        isNew = !isNew;
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
     * @param own the instance's own server
     * @param work the redeploy; null when it was given up
     * @param isDrained whether all that was written is passed on
     * @param lastWords how long that may take
     */
    void look(ServerLife own, @Nullable Redeployment work, long now, boolean isDrained, long lastWords) {
        if (isPrepared(now)) {
            start(own, work, now);
        }
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

    /** What only this server has is closed, too. */
    @Override
    public void close() {
        restarter.leave(seat);
        if (life != null) {
            life.close();
        }
    }
}
