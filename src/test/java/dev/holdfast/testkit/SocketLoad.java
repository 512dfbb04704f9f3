package dev.holdfast.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** HTTP requests to a port of this machine, each by a connection of its own: one, or so many a second until it is closed. */
public final class SocketLoad implements AutoCloseable {
    private static final int MOST_WAIT_MILLIS = 60_000;
    private static final int CLIENTS = 16;
    private static final int LEAST_PORT = 20_000;
    private static final int MOST_PORT = 32_000;

    private final int port;
    private final List<Thread> clients = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean isOver;

    private SocketLoad(int port) {
        this.port = port;
    }

    /**
     * A port that was free a moment ago. From below those that the kernel gives to whoever asks for any: one of these would
     * be somebody else's client's by the time that it is used, for tests run side by side.
     */
    public static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST_PORT, MOST_PORT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new BindException("no free port from " + LEAST_PORT + " to " + MOST_PORT);
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        }
    }

    /** Begins. */
    public static SocketLoad begin(int port, int requestsPerSecond) {
        SocketLoad load = new SocketLoad(port);
        long gap = 1_000_000_000L * CLIENTS / requestsPerSecond;
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> load.ask(gap), "load");
            client.setDaemon(true);
            client.start();
            load.clients.add(client);
        }
        return load;
    }

    /** A client that waited makes up for it: so many a second, whatever each one takes. */
    private void ask(long gapNanos) {
        long next = System.nanoTime();
        while (!isOver) {
            long since = System.nanoTime();
            try {
                get("127.0.0.1", port);
                answered.incrementAndGet();
            } catch (IOException e) {
                failures.add(e.toString());
            }
            longestNanos.accumulateAndGet(System.nanoTime() - since, Math::max);
            next += gapNanos;
            LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
        }
    }

    /** One request; the answer's body. */
    public static String get(String host, int port) throws IOException {
        try (Socket socket = connect(host, port)) {
            return exchange(socket);
        }
    }

    /** A connection that the kernel has accepted: a server may do so later. */
    public static Socket connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), MOST_WAIT_MILLIS);
        socket.setSoTimeout(MOST_WAIT_MILLIS);
        return socket;
    }

    /** One request on a connection; the answer's body. */
    public static String exchange(Socket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int body = answer.indexOf("\r\n\r\n");
        if (body < 0 || !answer.matches("(?s)HTTP/1\\.[01] 200 .*")) {
            throw new IOException("answered \"" + answer + "\"");
        }
        return answer.substring(body + 4);
    }

    /** How many were answered so far. */
    public int answered() {
        return answered.get();
    }

    /** What went wrong. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** The longest time from the beginning of a connection to its answer. */
    public long longestMillis() {
        return longestNanos.get() / 1_000_000;
    }

    /** Begins no more requests, and lets what was begun end. */
    public void end() {
        isOver = true;
        for (Thread client : clients) {
            try {
                client.join(MOST_WAIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        end();
    }
}
