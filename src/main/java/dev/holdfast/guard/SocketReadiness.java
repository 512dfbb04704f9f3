package dev.holdfast.guard;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.sockets.SocketTables;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ReadinessSettings;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * What of a server's readiness cannot be told by the sockets that it inherits: they listen before it runs, and of two
 * servers that have them either may answer.
 *
 * @param readiness how the server is to show that it is ready
 * @param listen what the launcher was told to listen on
 * @param sockets what it inherits, from the launcher's caller, too, in this process
 */
record SocketReadiness(ReadinessSettings readiness, ListenSettings listen, List<Integer> sockets) {
    private static final int FIRST_SOCKET = 3;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final String WAY_OUT =
            "say it by READY=1, --ready-fd, --ready-log, --ready-command, or on another port";

    /**
     * Why it cannot be.
     *
     * @param overlaps whether the old server runs meanwhile
     * @return with the way out; empty when it can
     */
    String obstacle(boolean overlaps) {
        int descriptor = readiness.descriptor();
        if (descriptor >= FIRST_SOCKET && descriptor < FIRST_SOCKET + sockets.size()) {
            return "--ready-fd " + descriptor + " is one of the server's listening sockets; take a higher number";
        }
        if (listen.hasPort(readiness.port()) || isInherited(readiness.port())) {
            return "--ready-port " + readiness.port()
                    + " is a port of --listen, which is open before the server runs, so it tells nothing: " + WAY_OUT;
        }
        if (overlaps && (listen.hasPortOf(readiness.url()) || isInherited(port(readiness.url())))) {
            return "--ready-http asks at a port of --listen, where the old server may answer, too: " + WAY_OUT;
        }
        return "";
    }

    private static int port(String url) {
        if (url.isEmpty()) {
            return 0;
        }
        URI uri = URI.create(url);
        int usual = "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        return uri.getPort() < 0 ? usual : uri.getPort();
    }

    private boolean isInherited(int port) {
        if (port == 0 || sockets.isEmpty()) {
            return false;
        }
        Set<Long> listening = SocketTables.listeningSockets(port);
        for (int socket : sockets) {
            if (listening.contains(FileStatus.ofDescriptor(socket).inode())) {
                return true;
            }
        }
        return false;
    }
}
