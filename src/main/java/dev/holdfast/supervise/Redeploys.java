package dev.holdfast.supervise;

import dev.holdfast.waiting.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The redeploy that goes on, if any, with what is put off until it is over and what it leaves behind. Told by {@link
 * InstanceLife} what becomes of the servers, and asked which command is the next. Not safe for use by many threads.
 */
final class Redeploys {
    private final Servers servers;
    private @Nullable Redeployment current;
    /** A restart that was asked for during a redeploy; null for none. */
    private @Nullable StopReason restartAfter;
    /** Whether no policy ends the run: neither the new nor the old command of a redeploy came up. */
    private boolean persistent;

    Redeploys(Servers servers) {
        this.servers = servers;
    }

    boolean isGoingOn() {
        return current != null;
    }

    /** Whether the next start is of it. */
    boolean hasBegun() {
        return current != null && current.state() != RedeployState.WAITING;
    }

    /** The old server was told to stop, or there is none. */
    void begin(Redeployment work, boolean isOldRunning, long now) {
        current = work;
        persistent = false;
        work.begin(isOldRunning, now);
        if (!isOldRunning) {
            servers.use(work.wanted());
        }
    }

    /** The old server goes on serving, and is told nothing. */
    void beginBeside(Redeployment work) {
        servers.use(work.wanted());
        current = work;
        persistent = false;
        work.beginBeside();
        servers.prepareBeside(work.after());
    }

    /** The instance is stopped: nothing follows. */
    void stopped() {
        if (current != null) {
            current.stopped();
            current = null;
        }
    }

    /** A restart waits until it is over. */
    void putOff(StopReason restart) {
        restartAfter = restart;
    }

    /** The restart that was put off, once it is time for it; null for none. */
    @Nullable
    StopReason takePutOff() {
        StopReason due = current == null ? restartAfter : null;
        if (due != null) {
            restartAfter = null;
        }
        return due;
    }

    /** Whether the server is started again whatever the policy says: the instance is there to serve, and nobody does. */
    boolean isPersistent() {
        return persistent;
    }

    /** A server has come up, so the policy counts again. */
    void hasServed() {
        persistent = false;
    }

    /**
     * Tells it how the servers are.
     *
     * @param isOwnHeard whether the instance's own one is there, or its last words are
     */
    void look(boolean isOwnHeard, long now) {
        if (current != null) {
            servers.tell(current, isOwnHeard, now);
            settle(current);
        }
    }

    /** Does what is due for the server beside, where there is one. */
    void lookBeside(long now, boolean isDrained, long lastWords) {
        if (servers.lookBeside(current, now, isDrained, lastWords) && current != null) {
            current.besideGone();
            settle(current);
        }
    }

    /** The server that was started is of it. */
    void started(boolean isReadyExpected, long now) {
        if (current != null) {
            current.started(isReadyExpected, now);
        }
    }

    /**
     * Nothing of a server is left, or it could not be started: what is wanted next is used from now on.
     *
     * @param startFailure why it could not be started; null when it was
     * @return whether it goes on with the next start
     */
    boolean goOn(@Nullable String startFailure, long now) {
        Redeployment work = current;
        if (work == null) {
            return false;
        }
        if (startFailure == null) {
            work.gone(now);
        } else {
            work.startFailed(startFailure, now);
        }
        servers.use(work.wanted());
        settle(work);
        return !work.isOver();
    }

    private void settle(Redeployment work) {
        if (work.isOver()) {
            current = null;
            persistent = work.result() == Redeployment.Result.NOBODY;
        }
    }

    long deadline() {
        return current == null ? Ticker.NEVER : current.deadline();
    }
}
