package dev.holdfast.commands.serve;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.posix.files.FileDescriptors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's HTTP server with bounds: who connects and says nothing, sends a header letter by letter, or does not read its
 * answer, holds a connection for some seconds and a thread at the most, and never all of them for long.
 */
final class HttpServerBounds {
    /** Threads of which each serves one request, or waits for the rest of one. */
    private static final int THREADS = 128;

    private static final long STACK_BYTES = 256 << 10;
    private static final int IDLE_SECONDS = 20;
    private static final int BACKLOG = 256;
    private static final int MOST_CONNECTIONS = 4000;
    /** For files, the JVM's own ones among them. */
    private static final int DESCRIPTORS_LEFT = 200;

    private HttpServerBounds() {}

    /**
     * Listens, and serves nothing yet.
     *
     * @throws IOException if the address cannot be had
     */
    static HttpServer listen(InetSocketAddress address) throws IOException {
        // Seconds, read by the server's class when it is loaded. A stream of events begins again after the last of
        // them.
        set("sun.net.httpserver.maxReqTime", 5);
        set("sun.net.httpserver.maxRspTime", 60);
        set("sun.net.httpserver.idleInterval", IDLE_SECONDS);
        set("sun.net.httpserver.maxReqHeaderSize", 64 << 10);
        set("sun.net.httpserver.maxReqHeaders", 100);
        set("sun.net.httpserver.drainAmount", 64 << 10);
        set(
                "jdk.httpserver.maxConnections",
                Math.max(50, Math.min(MOST_CONNECTIONS, FileDescriptors.limit() - DESCRIPTORS_LEFT)));
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(address, BACKLOG);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "request", STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        return server;
    }

    private static void set(String property, int value) {
        System.setProperty(property, Integer.toString(value));
    }
}
