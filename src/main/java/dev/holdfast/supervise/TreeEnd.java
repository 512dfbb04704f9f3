package dev.holdfast.supervise;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.waiting.Ticker;

/**
 * The end of a server's tree: TERM for what the server has left behind, SIGKILL for all of it, once more for as long as
 * anything is found, and what is told of that. The {@link ServerLife} knows when it is time for which.
 */
final class TreeEnd {
    private final ServerTree server;
    private final StopSchedule schedule;
    /** Others while the server runs beside another one. */
    private InstanceListeners listeners;

    private final Ticker ticker;

    /** Nobody is ended yet; the schedule is the server's, and knows afterwards when to look again. */
    TreeEnd(ServerTree server, StopSchedule schedule, InstanceListeners listeners, Ticker ticker) {
        this.server = server;
        this.schedule = schedule;
        this.listeners = listeners;
        this.ticker = ticker;
    }

    /** From now on others hear of it. */
    void reportTo(InstanceListeners others) {
        listeners = others;
    }

    /**
     * Asks all that the server has left to end.
     *
     * @param pid who the server was, in what is told
     */
    void sweep(int pid) {
        ServerTree.Reach reach = server.terminateWhatEnds();
        if (reach.sent() > 0) {
            listeners.tell(new InstanceEvent.Sweeping(pid, reach.sent()));
        }
        if (reach.firstRefused() != 0) {
            listeners.tell(new InstanceEvent.Refused(reach.firstRefused(), Signals.TERM));
        }
        schedule.swept(true, ticker.nanoTime());
    }

    /** Whoever dies leaves children, and whoever lives may fork: they are asked to end, too, and not killed unasked. */
    void sweepAgain() {
        schedule.swept(server.terminateWhatEnds().sent() > 0, ticker.nanoTime());
    }

    /**
     * Kills all of the tree.
     *
     * @param pid who the server is, in what is told
     * @param reason why, in a few words
     */
    void kill(int pid, String reason) {
        schedule.kill(ticker.nanoTime());
        listeners.tell(new InstanceEvent.Killing(pid, reason));
        killAgain();
    }

    /** Children of the killed come to us, and what was forked meanwhile is found the next time. */
    void killAgain() {
        ServerTree.Reach reach = server.signalWhatEnds(Signals.KILL);
        schedule.killed(ticker.nanoTime());
        boolean isServerOutOfReach =
                !server.endsWithLauncher() && reach.firstRefused() != 0 && server.signal(0) == Delivery.REFUSED;
        if (isServerOutOfReach) {
            schedule.waitForEver();
        }
        if (reach.firstRefused() != 0 && reach.sent() == 0) {
            listeners.tell(new InstanceEvent.Refused(reach.firstRefused(), Signals.KILL));
            schedule.done();
            if (!isServerOutOfReach) {
                schedule.giveUp(ticker.nanoTime());
            }
        }
    }
}
