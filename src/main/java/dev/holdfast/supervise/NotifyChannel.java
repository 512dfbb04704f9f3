package dev.holdfast.supervise;

import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.process.ProcessTree;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server tells of itself by the sd_notify protocol. Nobody else's word is taken: the sender's user must be root,
 * the launcher's or the server's, or the sender must be of the server's tree, and still there to be looked at.
 */
final class NotifyChannel {
    private static final int ROOT = 0;

    private final @Nullable NotifySocket socket;
    private final SupervisorListener listener;
    /** Told once: a stranger may speak without end. */
    private int latestStranger = -1;

    /**
     * A channel.
     *
     * @param socket where the server speaks; null when it cannot
     * @param listener is told of strangers
     */
    NotifyChannel(@Nullable NotifySocket socket, SupervisorListener listener) {
        this.socket = socket;
        this.listener = listener;
    }

    /** What to poll; -1 for nothing. */
    int descriptor() {
        return socket == null ? -1 : socket.descriptor();
    }

    /**
     * The next word of the server. Never blocks.
     *
     * @param serverPid whose user may speak
     * @return what it said; empty when there is nothing more, or a stranger spoke: strangers get no turn in the same round
     */
    Optional<Notification> next(int serverPid) {
        NotifySocket.Message message = socket == null ? null : socket.next();
        if (message == null) {
            return Optional.empty();
        }
        int user = message.senderUid();
        boolean isTrusted = user == ROOT
                || user == Self.effectiveUser()
                || ProcFs.belongsTo(serverPid, user)
                || ProcessTree.isDescendantOfSelf(message.senderPid());
        if (isTrusted) {
            return Optional.of(Notification.parse(message.text()));
        }
        if (message.senderPid() != latestStranger) {
            latestStranger = message.senderPid();
            listener.strangerSpoke(message.senderPid(), user);
        }
        return Optional.empty();
    }
}
