package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many clients, one server: takes whole lines from both sides, and says what is to be written to each. Does no input or
 * output, and blocks nowhere. Not safe for use by several threads.
 */
public final class Multiplexer implements RouteListener {
    private final HostEvents host;
    private final Routes routes = new Routes(this);
    private final Map<Integer, Client> clients = new HashMap<>();
    private final Deque<byte[]> forServer = new ArrayDeque<>();
    private int lastNumber;

    /** Nobody is attached, and no server runs. */
    public Multiplexer(ShareSettings settings, Ticker ticker, HostEvents host) {
        this.host = host;
    }

    /**
     * A client has come.
     *
     * @param name who it says to be; may be empty
     * @param pid the attachment's; 0 for none
     */
    public Client attach(String name, int pid) {
        Client client = new Client(++lastNumber, name, pid);
        clients.put(client.number(), client);
        return client;
    }

    /** Takes a line of a client's, without its end. To be called only while {@link #takesFrom}. */
    public void fromClient(Client client, byte[] line) {
        routes.fromClient(client.number(), line);
    }

    /** A line of a client's was longer than may be, and is lost. */
    public void tooLong(Client client) {}

    /** A client will send nothing more, and still reads. It is dismissed when nothing is open for it, or its time is over. */
    public void inputEnded(Client client) {}

    /** A client is gone, in whatever way. */
    public void detach(Client client) {
        clients.remove(client.number());
        routes.detach(client.number());
    }

    /** Whether more is to be read from a client now. */
    public boolean takesFrom(Client client) {
        return true;
    }

    /** A server runs, from its start on; it has been told nothing yet. */
    public void serverStarted() {}

    /** Takes a line that the server has written to stdout, without its end. */
    public void fromServer(byte[] line) {
        routes.fromServer(line);
    }

    /** The server's stdout has ended, or it has itself. Another one may follow. */
    public void serverEnded() {
        routes.serverEnded();
    }

    /** No server follows soon: calls are refused at once until {@link #serverStarted}. */
    public void serverBacksOff() {}

    /** The host is about to end: nothing new is sent to the server; what was sent may still be answered. */
    public void stopping() {}

    /** All is over: what is still open is answered with an error, and each client is dismissed. */
    public void over(Bye why) {
        for (Client client : clients.values().toArray(new Client[0])) {
            host.dismiss(client, why);
        }
    }

    /** The next message for the server, with its newline; null while there is none. The caller writes all of it. */
    public byte @Nullable [] nextForServer() {
        return forServer.poll();
    }

    /** When {@link #look} is to be called, by the ticker. */
    public long deadline() {
        return Ticker.NEVER;
    }

    /** Does what the time has come for. */
    public void look() {}

    /** How many clients there are. */
    public int clients() {
        return clients.size();
    }

    private void send(byte[] line) {
        byte[] ended = java.util.Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        forServer.add(ended);
        host.wake();
    }

    @Override
    public void request(int client, long wireId, String method, byte[] line) {
        send(line);
    }

    @Override
    public void cancelled(long wireId, byte[] line) {
        send(line);
    }

    @Override
    public void toServer(byte[] line) {
        send(line);
    }

    @Override
    public void answered(int client, long wireId, byte[] line) {
        toClient(client, line);
    }

    @Override
    public void toClient(int client, byte[] line) {
        Client known = clients.get(client);
        if (known != null) {
            known.outgoing().add(line);
            host.wake();
        }
    }

    @Override
    public void forHost(int client, HostMethod method, byte[] line, Envelope message) {
        if (message.has(Envelope.Member.ID)) {
            routes.forward(client, line, message);
        } else {
            send(line);
        }
    }

    @Override
    public void serverAsks(byte[] line, Envelope request) {
        routes.refuse(line, request, Errors.METHOD_NOT_FOUND, "not available");
    }

    @Override
    public void announced(String method, byte[] line, Envelope notification) {
        clients.keySet().forEach(client -> toClient(client, line));
    }

    @Override
    public void dropped(Drop why) {}

    @Override
    public void late(long wireId) {}

    @Override
    public void talksNonsense(int client) {
        Client known = clients.get(client);
        if (known != null) {
            host.dismiss(known, Bye.PROTOCOL);
        }
    }
}
