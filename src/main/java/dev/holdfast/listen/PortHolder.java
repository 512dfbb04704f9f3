package dev.holdfast.listen;

import dev.holdfast.posix.sockets.SocketTables;
import dev.holdfast.process.SocketHolders;
import java.util.Set;

/** Who listens at a port that was asked for. */
public final class PortHolder {
    private PortHolder() {}

    /**
     * Names the process, as far as it can be seen. Blocks while it looks through /proc.
     *
     * @return empty when nobody listens there in this network namespace
     */
    public static String describe(int port) {
        Set<Long> sockets = SocketTables.listeningSockets(port);
        return sockets.isEmpty() ? "" : SocketHolders.describe(sockets);
    }
}
