package dev.holdfast.http;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The JDK's HTTP server with bounds: who connects and says nothing, sends a header letter by letter, or does not read its
 * answer, holds a connection for some seconds and a thread at the most, and nobody waits behind it.
 */
public final class HttpServers {
    private static final int IDLE_SECONDS = 20;
    private static final int BACKLOG = 256;
    private static final int MOST_CONNECTIONS = 1500;
    private static final int LEAST_CONNECTIONS = 8;

    private HttpServers() {}

    /**
     * Listens, and serves nothing yet. The times are those of the first call in a process: the JDK reads them once.
     *
     * @param requestSeconds what a request may take to come
     * @param answerSeconds what its answer may take, with all of its events; negative for ever
     * @param wanted connections at once, as far as the descriptors allow them; those that come then are closed
     * @throws IOException if the address cannot be had
     */
    public static HttpServer listen(InetSocketAddress address, int requestSeconds, int answerSeconds, int wanted)
            throws IOException {
        set("sun.net.httpserver.maxReqTime", requestSeconds);
        set("sun.net.httpserver.maxRspTime", answerSeconds);
        set("sun.net.httpserver.idleInterval", IDLE_SECONDS);
        set("sun.net.httpserver.maxReqHeaderSize", 64 << 10);
        set("sun.net.httpserver.maxReqHeaders", 100);
        set("sun.net.httpserver.drainAmount", 64 << 10);
        int connections = Math.max(LEAST_CONNECTIONS, Math.min(MOST_CONNECTIONS, wanted));
        set("jdk.httpserver.maxConnections", connections);
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(address, BACKLOG);
        server.setExecutor(new RequestThreads(connections));
        return server;
    }

    private static void set(String property, int value) {
        System.setProperty(property, Integer.toString(value));
    }
}
