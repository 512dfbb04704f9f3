package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.process.ProcessTree;
import dev.holdfast.waiting.Ticker;
import java.util.HashSet;
import java.util.Set;

/**
 * What the server tells of itself by the sd_notify protocol, as a source of the loop. Nobody else's word is taken: the
 * sender's user must be root, the launcher's or the server's, or the sender must be of the server's tree, and still there
 * to be looked at.
 */
public final class NotificationSource implements EventSource {
    private static final int ROOT = 0;
    /** Bounded like the reaping: poll(2) returns at once while there is more. */
    private static final long AT_ONCE_NANOS = 5_000_000;
    /** Of so many users it is told that they are not believed. */
    private static final int MOST_STRANGERS = 16;

    private final NotifySocket socket;
    private final Supervisor supervisor;
    private final int seat;
    private final Ticker ticker;
    /** The users of those that it was told of, once each: strangers may speak without end, and in turns. */
    private final Set<Integer> strangers = new HashSet<>();

    /**
     * Reads from the next turn of the loop on.
     *
     * @param socket where the server speaks; whoever opened it closes it
     * @param supervisor who is told
     */
    public NotificationSource(NotifySocket socket, Supervisor supervisor, Ticker ticker) {
        this(socket, supervisor, 0, ticker);
    }

    /**
     * Reads from the next turn of the loop on.
     *
     * @param socket where one of the servers speaks; whoever opened it closes it
     * @param supervisor who is told
     * @param seat by what the supervisor knows that server
     */
    public NotificationSource(NotifySocket socket, Supervisor supervisor, int seat, Ticker ticker) {
        this.socket = socket;
        this.supervisor = supervisor;
        this.seat = seat;
        this.ticker = ticker;
    }

    /** Its server has gone: it is waited for no more. */
    public void leave() {
        supervisor.remove(this);
    }

    @Override
    public boolean isBeforeReaping() {
        return true;
    }

    @Override
    public void arm(PollSlots slots) {
        slots.watch(0, socket.descriptor(), PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        if (slots.returned(0) != 0) {
            readNotifications();
        }
    }

    /** A stranger ends the turn: it gets no second one in the same round. */
    private void readNotifications() {
        long end = ticker.nanoTime() + AT_ONCE_NANOS;
        boolean isTrusted = true;
        do {
            NotifySocket.Message message = socket.next();
            if (message == null) {
                return;
            }
            isTrusted = isTrusted(message);
            if (isTrusted) {
                supervisor.instance().notified(seat, Notification.parse(message.text()));
            } else if (strangers.size() < MOST_STRANGERS && strangers.add(message.senderUid())) {
                supervisor.servers().strangerSpoke(seat, message.senderPid(), message.senderUid());
            }
        } while (isTrusted && ticker.nanoTime() < end);
    }

    private boolean isTrusted(NotifySocket.Message message) {
        int user = message.senderUid();
        return user == ROOT
                || user == Self.effectiveUser()
                || ProcFs.belongsTo(supervisor.servers().startedPid(seat), user)
                || ProcessTree.isDescendantOfSelf(message.senderPid());
    }
}
