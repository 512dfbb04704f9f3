package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.http.HttpServers;
import dev.holdfast.http.TokenFile;
import dev.holdfast.listen.ListenException;
import dev.holdfast.listen.PortHolder;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.share.host.Host;
import dev.holdfast.share.host.HttpEntrance;
import dev.holdfast.supervise.PollSlots;
import dev.holdfast.waiting.Ticker;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A host's clients that speak HTTP: at {@code /mcp} the protocol's Streamable HTTP, at {@code /health} whether the server is
 * initialized, at {@code /metrics} its numbers. A source of the host's loop.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http">Model Context
 *     Protocol, Transports, Streamable HTTP</a>
 */
public final class HttpClients implements HttpEntrance {
    private static final int SLOT = 0;
    private static final int REQUEST_SECONDS = 30;
    /** A call takes what it takes. */
    private static final int FOR_EVER = -1;

    /** What all connections of one address may take: anybody can connect, and clients with a start need some, too. */
    private static final int PART_OF_DESCRIPTORS = 5;

    private static final int FIRST_OF_ALL = 1024;
    private static final int MOST_TRIES = 10;
    private static final Duration TIME_TO_END = Duration.ofSeconds(1);
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");

    private final LoopTasks tasks = new LoopTasks();
    private final List<HttpServer> servers = new ArrayList<>();
    private @Nullable TokenFile token;
    private @Nullable Sessions sessions;
    private @Nullable Host host;
    private @Nullable Entrance entrance;
    private int port;
    /** As of the loop's last turn. */
    private volatile HealthHandler.Health health = HealthHandler.Health.UNASKED;

    /** Nobody listens yet. */
    public HttpClients() {}

    @Override
    public void bind(int wanted, Optional<String> tokenFile) {
        if (ModuleLayer.boot().findModule("jdk.httpserver").isEmpty()) {
            throw new ListenException(
                    ListenException.Reason.SYSTEM,
                    "cannot listen for clients over HTTP: this Java, " + System.getProperty("java.home", "")
                            + ", has no module jdk.httpserver; start Holdfast by one that has");
        }
        token = tokenFile.map(TokenFile::new).orElse(null);
        Optional<String> problem = token == null ? Optional.empty() : token.require();
        if (problem.isPresent()) {
            throw new ListenException(ListenException.Reason.NOT_MADE, problem.get());
        }
        for (int tries = MOST_TRIES; !listen(wanted, tries == 1 || wanted != 0); tries--) {
            servers.forEach(server -> server.stop(0)); // the free port of one address is taken at the other
            servers.clear();
        }
    }

    /**
     * Listens at all addresses that there are, with one port.
     *
     * @param isLastTry whether a port that is taken is the end
     * @return false when it is taken
     */
    private boolean listen(int wanted, boolean isLastTry) {
        port = wanted;
        for (String address : ADDRESSES) {
            try {
                InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(address), port);
                HttpServer server = HttpServers.listen(
                        at, REQUEST_SECONDS, FOR_EVER, FileDescriptors.limit() / PART_OF_DESCRIPTORS);
                servers.add(server);
                port = server.getAddress().getPort();
            } catch (IOException e) {
                String holder = e instanceof BindException ? PortHolder.describe(port) : "";
                if (!holder.isEmpty() && !isLastTry) {
                    return false;
                }
                if (servers.isEmpty() || !holder.isEmpty()) {
                    close();
                    throw refusal(address, holder, e);
                } // there is no such address here
            }
        }
        return true;
    }

    private ListenException refusal(String address, String holder, IOException cause) {
        String where = "cannot listen on " + (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
        if (!holder.isEmpty()) {
            return new ListenException(
                    ListenException.Reason.IN_USE,
                    where + ": " + holder + " listens there already\n  what now   say another --http, or 0 for any port"
                            + " that is free");
        }
        boolean isForRoot = port > 0 && port < FIRST_OF_ALL;
        return new ListenException(
                isForRoot ? ListenException.Reason.NOT_PERMITTED : ListenException.Reason.SYSTEM,
                where + ": " + cause.getMessage());
    }

    @Override
    public void open(Host newHost, Instance instance, int longestMessage, Ticker ticker) {
        Sessions opened = new Sessions(newHost, ticker);
        sessions = opened;
        host = newHost;
        Entrance opening = new Entrance(new Gate(port, token));
        entrance = opening;
        HostThread thread = new HostThread(opened, tasks);
        opening.serve(McpHandler.PATH, true, new McpHandler(thread, new Bodies(longestMessage)));
        opening.serve("/health", false, new HealthHandler(() -> health));
        opening.serve(
                "/metrics",
                false,
                new MetricsHandler(thread, () -> newHost.report().end(), instance.id(), instance.name()));
        for (HttpServer server : servers) {
            server.createContext("/", opening);
            server.start();
        }
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + port + McpHandler.PATH;
    }

    @Override
    public void arm(PollSlots slots) {
        tasks.arm(slots, SLOT);
    }

    @Override
    public void serve(PollSlots slots) {
        tasks.serve(slots, SLOT);
        if (sessions != null && host != null) {
            sessions.look();
            host.goOn();
            health = host.multiplexer().isInitialized()
                    ? HealthHandler.Health.OK
                    : host.multiplexer().isUnasked()
                            ? HealthHandler.Health.UNASKED
                            : HealthHandler.Health.NOT_INITIALIZED;
        }
    }

    @Override
    public long deadline() {
        return sessions == null ? Ticker.NEVER : sessions.deadline();
    }

    @Override
    public void close() {
        if (entrance != null) {
            entrance.await(TIME_TO_END);
        }
        servers.forEach(server -> server.stop(0));
        servers.clear();
        tasks.close();
    }
}
