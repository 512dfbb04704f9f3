package dev.holdfast.settings;

/**
 * Where a socket listens for the server: a TCP port, or a path.
 *
 * @param name what the server finds it by in {@code LISTEN_FDNAMES}; empty when none was said
 * @param host an IPv4 or IPv6 address without brackets; empty for all addresses of the machine
 * @param port the TCP port; 0 for a path
 * @param path the socket file, absolute; empty for a port
 */
public record ListenAddress(String name, String host, int port, String path) {
    /** Whether it is a socket file. */
    public boolean isPath() {
        return port == 0;
    }

    /** As it is typed, without its name. */
    @Override
    public String toString() {
        if (isPath()) {
            return path;
        }
        if (host.isEmpty()) {
            return Integer.toString(port);
        }
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
