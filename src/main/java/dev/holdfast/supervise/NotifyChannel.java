package dev.holdfast.supervise;

import dev.holdfast.posix.NotifySocket;
import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.Self;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server tells of itself by the sd_notify protocol. Nobody else's word is taken: the sender's user must be root,
 * the launcher's or the server's.
 */
final class NotifyChannel {
    private static final int ROOT = 0;

    private final @Nullable NotifySocket socket;

    /**
     * A channel.
     *
     * @param socket where the server speaks; null when it cannot
     */
    NotifyChannel(@Nullable NotifySocket socket) {
        this.socket = socket;
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
        boolean isTrusted = user == ROOT || user == Self.effectiveUser() || ProcFs.belongsTo(serverPid, user);
        return isTrusted ? Optional.of(Notification.parse(message.text())) : Optional.empty();
    }
}
