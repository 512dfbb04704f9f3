package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of an instance: its own one, which the record names, and for a while one more, which runs beside it in an
 * {@link Overlap}. Passes on to each what comes up for it; what follows is decided by {@link InstanceLife}. Not safe for use by
 * many threads.
 */
final class Servers {
    private final InstanceListeners listeners;
    private final ServerTree.Factory trees;
    private final Ticker ticker;

    /** Both are those of the next start: a redeploy changes them between two servers. */
    private SupervisorSettings settings;

    private Restarter restarter;
    private ServerLife own;
    /** By this its channels name it. */
    private int seat;
    /** The seats that were given away. */
    private int seats;
    /** The server that runs beside it, or is about to; null for none. */
    private @Nullable Overlap overlap;
    /** Whether something of a server that ran beside is left. */
    private boolean besideSurvived;

    /** For a server that was just started, a child of this process. */
    Servers(
            int server,
            SupervisorSettings settings,
            Restarter restarter,
            InstanceListeners listeners,
            ServerTree.Factory trees,
            Ticker ticker) {
        this.settings = settings;
        this.restarter = restarter;
        this.listeners = listeners;
        this.trees = trees;
        this.ticker = ticker;
        own = new ServerLife(trees.of(server), settings, listeners, ticker);
    }

    SupervisorSettings settings() {
        return settings;
    }

    Restarter restarter() {
        return restarter;
    }

    /** What runs, or is started next. */
    ServerPlan plan() {
        return new ServerPlan(settings, restarter);
    }

    void use(ServerPlan plan) {
        settings = plan.settings();
        restarter = plan.restarter();
    }

    /** The server that the record names; the latest one where none runs. */
    ServerLife own() {
        return own;
    }

    /** Another one was started in its place. */
    void replaceOwn(int pid) {
        own.close();
        own = new ServerLife(trees.of(pid), settings, listeners, ticker);
    }

    /** By what the channels of the instance's own server name it. */
    int seat() {
        return seat;
    }

    /** Whether another server runs beside, or is about to. */
    boolean areTwo() {
        return overlap != null;
    }

    private @Nullable ServerLife beside() {
        return overlap == null ? null : overlap.life();
    }

    /** The server that has a seat: the instance's own, unless that is the one of the server beside. */
    ServerLife at(int channelsSeat) {
        Overlap two = overlap;
        ServerLife beside = two == null || two.seat() != channelsSeat ? null : two.life();
        return beside == null ? own : beside;
    }

    int startedPid(int channelsSeat) {
        return at(channelsSeat).server().pid();
    }

    /** What tells of the end of a main process that is no child of this one; -1 for none. */
    int mainDescriptor() {
        return own.server().mainDescriptor();
    }

    /** The same of the server beside. */
    int mainDescriptorBeside() {
        ServerLife beside = beside();
        return beside == null ? -1 : beside.server().mainDescriptor();
    }

    /** Of the instance's own server. */
    Readiness readiness() {
        return own.readiness();
    }

    /** Of the server that has a seat. */
    Readiness readiness(int channelsSeat) {
        return at(channelsSeat).readiness();
    }

    /** Of the server beside; null for none. */
    @Nullable
    Readiness readinessBeside() {
        ServerLife beside = beside();
        return beside == null ? null : beside.readiness();
    }

    void strangerSpoke(int channelsSeat, int sender, int user) {
        listeners.tell(new InstanceEvent.StrangerSpoke(at(channelsSeat).pid(), sender, user));
    }

    /** Nobody has the server's descriptor for the newline any more. */
    void endedWithoutNewline(int channelsSeat, int number) {
        ServerLife speaker = at(channelsSeat);
        speaker.readiness().endedWithoutNewline();
        listeners.tell(new InstanceEvent.EndedWithoutNewline(speaker.pid(), number));
    }

    /** A child was stopped, or has ended and was reaped. */
    void childChanged(Children.News news) {
        own.childChanged(news);
        if (overlap != null) {
            overlap.childChanged(news);
        }
    }

    void helpersWereKilled(List<ProcessIdentity> helpers) {
        own.server().helpersWereKilled(helpers);
        ServerLife beside = beside();
        if (beside != null) {
            beside.server().helpersWereKilled(helpers);
        }
    }

    /** There is no more news of children for now. */
    void reapingDone(boolean hasChildren) {
        own.reapingDone(hasChildren);
        if (overlap != null) {
            overlap.reapingDone(hasChildren);
        }
    }

    /** A main process that is no child of this one has ended. */
    void mainEnded() {
        own.mainEnded();
    }

    /** The same of the server beside. */
    void mainEndedBeside() {
        ServerLife beside = beside();
        if (beside != null) {
            beside.mainEnded();
        }
    }

    /** The command around the server beside. */
    void armBeside(PollSlots slots, int slot) {
        slots.watch(slot, overlap == null ? -1 : overlap.hookDescriptor(), PollSet.READABLE);
    }

    void stopBeside(StopReason reason, Duration grace) {
        if (overlap != null) {
            overlap.requestStop(reason, grace);
        }
    }

    /**
     * What follows for each of them from the time.
     *
     * @param isOwnHeard whether the instance's own one is there, or its last words are
     */
    void checkDeadlines(boolean isOwnHeard, long now) {
        if (isOwnHeard) {
            own.checkDeadlines(now);
        }
        if (overlap != null) {
            overlap.checkDeadlines(now);
        }
    }

    long deadlineBeside() {
        return overlap == null ? Ticker.NEVER : overlap.deadline();
    }

    /** Another server is about to be started beside the instance's own one, which goes on. */
    void prepareBeside(ServerPlan plan) {
        seats++;
        overlap = new Overlap(own, plan, seats, listeners, trees, ticker);
    }

    /**
     * Tells a redeploy how they are, the own one only where it is heard, and does what follows from that for both.
     *
     * @param isOwnHeard whether the instance's own one is there, or its last words are
     */
    void tell(Redeployment work, boolean isOwnHeard, long now) {
        Overlap two = overlap;
        if (two != null) {
            two.tell(work, own, now);
            exchangeFor(work, two);
            two.settle(work, now);
        } else {
            if (isOwnHeard) {
                own.tell(work, now);
            }
            work.look(now);
        }
    }

    /**
     * Does what is due for the server beside, where there is one.
     *
     * @param work the redeploy; null when it was given up
     * @param isDrained whether all that was written is passed on
     * @param lastWords how long that may take
     * @return whether it has gone by this
     */
    boolean lookBeside(@Nullable Redeployment work, long now, boolean isDrained, long lastWords) {
        Overlap two = overlap;
        if (two == null) {
            return false;
        }
        two.look(own, work, now, isDrained, lastWords);
        if (work != null) {
            exchangeFor(work, two);
        }
        if (!two.isOver()) {
            return false;
        }
        besideSurvived |= two.hasSurvivors();
        two.close();
        overlap = null;
        own.server().setApart(null);
        listeners.tell(new InstanceEvent.Alone());
        return true;
    }

    /** The server beside is the instance's own from now on, and the one that was this is beside, where it is to be so. */
    private void exchangeFor(Redeployment work, Overlap two) {
        if (!two.isToBeExchanged(work)) {
            return;
        }
        ServerLife old = own;
        int oldSeat = seat;
        seat = two.seat();
        own = two.exchange(old, restarter, oldSeat);
        use(work.wanted());
        own.reportTo(listeners);
        Readiness readiness = own.readiness();
        listeners.tell(new InstanceEvent.ChangedPlaces(
                own.pid(), readiness.isReady(), readiness.isExpected(), old.hasEnded() ? 0 : old.pid()));
    }

    /** Whether nothing of any of them is left. */
    boolean areGone() {
        return own.isGone() && !besideSurvived;
    }

    /** How the latest one ended; as killed when it did not. */
    ExitStatus status() {
        return own.status();
    }
}
