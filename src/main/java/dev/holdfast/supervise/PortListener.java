package dev.holdfast.supervise;

import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.SocketTables;
import dev.holdfast.process.ProcessTree;
import dev.holdfast.process.SocketHolders;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who listens on a TCP port: this server's tree, or somebody else, such as what is left of another one. Never blocks.
 * Safe for use by many threads.
 */
final class PortListener {
    private final int port;
    private final Set<Long> sockets;

    private PortListener(int port, Set<Long> sockets) {
        this.port = port;
        this.sockets = sockets;
    }

    /** Whatever the address is that it listens on. */
    static PortListener on(int port) {
        return new PortListener(port, SocketTables.listeningSockets(port));
    }

    /** Of those that listen now, whom a connection to this address of this machine reaches. */
    static PortListener on(byte[] address, int port) {
        return new PortListener(port, SocketTables.listeningSockets(address, port));
    }

    /** Whether it is of a server's tree. */
    boolean isOf(ServerTree server) {
        if (sockets.isEmpty()) {
            return false;
        }
        AtomicBoolean found = new AtomicBoolean();
        ProcessTree.forEachDescendant(Self.pid(), process -> {
            if (!found.get() && server.isOurs(process.pid())) {
                int[] descriptors = OpenDescriptors.of(process.pid());
                // Another user's process shows nothing; then the listening alone must do.
                found.set(descriptors.length == 0 || SocketHolders.hasOneOf(process.pid(), descriptors, sockets));
            }
        });
        return found.get();
    }

    /** Who it is, for a message. Looks through all processes. */
    String describe() {
        if (sockets.isEmpty()) {
            return "nobody who could be seen listening (a port that is forwarded, as Docker does it)";
        }
        return SocketHolders.describe(sockets);
    }

    int port() {
        return port;
    }

    boolean isAnybody() {
        return !sockets.isEmpty();
    }

    /** Whether the same sockets listen. */
    boolean isSameAs(PortListener other) {
        return sockets.equals(other.sockets);
    }
}
