package dev.holdfast.settings;

import java.net.URI;
import java.util.List;

/**
 * The listening sockets that the launcher opens for its server, and keeps through every start of it.
 *
 * @param addresses where they listen, in the order in which the server gets them; empty when only the caller's are passed
 *     on
 * @param asStdin whether the only one is the server's descriptor 0, as inetd(8) does it for "wait"
 */
public record ListenSettings(List<ListenAddress> addresses, boolean asStdin) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Copies the list. */
    public ListenSettings {
        addresses = List.copyOf(addresses);
    }

    /** Whether one of them has this TCP port, at whatever address. */
    public boolean hasPort(int port) {
        for (ListenAddress address : addresses) {
            if (port != 0 && address.port() == port) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a readiness that is asked for by HTTP is asked for at one of these sockets. Of two servers that have them at
     * the same time, either may answer.
     *
     * @param url an HTTP URL; empty for none
     */
    public boolean hasPortOf(String url) {
        if (url.isEmpty()) {
            return false;
        }
        URI uri = URI.create(url);
        int usual = "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        return hasPort(uri.getPort() < 0 ? usual : uri.getPort());
    }
}
