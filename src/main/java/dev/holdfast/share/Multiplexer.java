package dev.holdfast.share;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.waiting.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Many clients, one server: takes whole lines from both sides, and says what is to be written to each. Does no input or
 * output, and blocks nowhere. Not safe for use by several threads.
 */
public final class Multiplexer {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final HostEvents host;
    private final Traffic traffic;
    private final Counters counters;
    private final Ticker ticker;
    private final long began;
    private int starts;
    private int lastNumber;

    /** Nobody is attached, and no server runs. */
    public Multiplexer(ShareSettings settings, Ticker ticker, HostEvents host) {
        this.host = host;
        this.ticker = ticker;
        began = ticker.nanoTime();
        counters = new Counters(ticker);
        traffic = new Traffic(settings, counters, host);
    }

    /**
     * A client has come.
     *
     * @param name who it says to be; may be empty
     * @param pid the attachment's; 0 for none
     */
    public Client attach(String name, int pid) {
        Client client = new Client(++lastNumber, name, pid);
        traffic.add(client);
        counters.attached(client, System.currentTimeMillis());
        return client;
    }

    /** Takes a line of a client's, without its end. To be called only while {@link #takesFrom}. */
    public void fromClient(Client client, byte[] line) {
        counters.moved(Counters.Direction.FROM_CLIENTS, line.length + 1);
        traffic.routes().fromClient(client.number(), line);
    }

    /** A line of a client's was longer than may be, and is lost. */
    public void tooLong(Client client) {}

    /** A client will send nothing more, and still reads. It is dismissed when nothing is open for it, or its time is over. */
    public void inputEnded(Client client) {}

    /** A client is gone, in whatever way. */
    public void detach(Client client) {
        if (traffic.remove(client)) {
            traffic.routes().detach(client.number());
            counters.detached(client.number());
        }
    }

    /** Whether more is to be read from a client now. */
    public boolean takesFrom(Client client) {
        return true;
    }

    /** A server runs, from its start on; it has been told nothing yet. */
    public void serverStarted() {
        starts++;
        traffic.handshake().serverStarted();
    }

    /** Takes a line that the server has written to stdout, without its end. */
    public void fromServer(byte[] line) {
        counters.moved(Counters.Direction.FROM_SERVER, line.length + 1);
        traffic.routes().fromServer(line);
    }

    /** The server's stdout has ended, or it has itself. Another one may follow. */
    public void serverEnded() {
        traffic.routes().serverEnded();
        traffic.handshake().serverEnded();
    }

    /** No server follows soon: calls are refused at once until {@link #serverStarted}. */
    public void serverBacksOff() {}

    /** The host is about to end: nothing new is sent to the server; what was sent may still be answered. */
    public void stopping() {}

    /** All is over: what is still open is answered with an error, and each client is dismissed. */
    public void over(Bye why) {
        for (Client client : traffic.clients()) {
            host.dismiss(client, why);
        }
    }

    /** The next message for the server, with its newline; null while there is none. The caller writes all of it. */
    public byte @Nullable [] nextForServer() {
        return traffic.nextForServer();
    }

    /** When {@link #look} is to be called, by the ticker. */
    public long deadline() {
        return Ticker.NEVER;
    }

    /** Does what the time has come for. */
    public void look() {}

    /** How many clients there are. */
    public int clients() {
        return traffic.clients().size();
    }

    /** What is told of it: who its clients are, and what became of their requests, without anything that is in these. */
    public FlatObjectWriter report() {
        return new FlatObjectWriter()
                .text("era", traffic.handshake().state() == Handshake.State.MODERN ? "modern" : "legacy")
                .text("protocolVersion", traffic.handshake().version())
                .objects("clients", counters.clients())
                .number("open", counters.open())
                .number("queued", counters.queued())
                .number("restarts", Math.max(0, starts - 1))
                .number("uptimeMillis", (ticker.nanoTime() - began) / NANOS_PER_MILLI)
                .object("totals", counters.totals());
    }
}
