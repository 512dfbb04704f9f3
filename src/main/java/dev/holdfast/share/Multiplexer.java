package dev.holdfast.share;

import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many clients, one server: takes whole lines from both sides, and says what is to be written to each. Does no input or
 * output, and blocks nowhere. Not safe for use by several threads.
 */
public final class Multiplexer {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Duration USUAL_GRACE = Duration.ofSeconds(10);

    private final ShareSettings settings;
    private final Ticker ticker;
    private final Duration grace;
    private final Counters counters;
    private final QueuedBytes queued = new QueuedBytes();
    private final Traffic traffic;
    private final long began;
    /** Those who send nothing more, and until when they get their answers. */
    private final Map<Client, Long> leaving = new LinkedHashMap<>();

    private int starts;
    private int lastNumber;

    /** As the other one, with the usual grace. */
    public Multiplexer(ShareSettings settings, Ticker ticker, HostEvents host) {
        this(settings, USUAL_GRACE, ticker, host);
    }

    /**
     * Nobody is attached, and no server runs.
     *
     * @param grace how long a client that sends nothing more may get answers, and how long the server may be at a request that
     *     was given up
     */
    public Multiplexer(ShareSettings settings, Duration grace, Ticker ticker, HostEvents host) {
        this.settings = settings;
        this.ticker = ticker;
        this.grace = grace;
        began = ticker.nanoTime();
        counters = new Counters(ticker);
        traffic = new Traffic(settings, grace, counters, ticker, host);
    }

    /**
     * A client has come.
     *
     * @param name who it says to be; may be empty
     * @param pid the attachment's; 0 for none
     */
    public Client attach(String name, int pid) {
        int number = ++lastNumber;
        Outgoing outgoing = new Outgoing(ticker, queued, what -> counters.dropped(number, what, 1));
        Client client = new Client(number, name, pid, outgoing);
        traffic.clients().add(client);
        counters.attached(client, System.currentTimeMillis());
        return client;
    }

    /** Takes a line of a client's, without its end. To be called only while {@link #takesFrom}. */
    public void fromClient(Client client, byte[] line) {
        counters.moved(Counters.Direction.FROM_CLIENTS, line.length + 1);
        if (traffic.clients().has(client)) {
            traffic.routes().fromClient(client.number(), line);
            settle();
        }
    }

    /** A line of a client's was longer than may be, and is lost. */
    public void tooLong(Client client) {
        String why = "this message is longer than a shared server takes: "
                + settings.flow().longestMessage() + " bytes";
        traffic.say(client, Errors.answer(Errors.NO_ID, Errors.INVALID_REQUEST, why));
    }

    /** So many lines of the server's stderr are lost to a client, whose start does not read. */
    public void stderrLost(Client client, int lines) {
        counters.dropped(client.number(), "stderr", lines);
    }

    /** A client will send nothing more, and still reads. It is dismissed when nothing is open for it, or its time is over. */
    public void inputEnded(Client client) {
        if (traffic.clients().has(client) && !client.hasEnded()) {
            client.ended();
            traffic.routes().answersNothing(client.number());
            leaving.put(client, ticker.nanoTime() + grace.toNanos());
            settle();
        }
    }

    /** A client is gone, in whatever way. Does nothing for one that was dismissed. */
    public void detach(Client client) {
        leaving.remove(client);
        traffic.remove(client);
        client.outgoing().clear();
        settle();
    }

    /** Whether more is to be read from a client now. */
    public boolean takesFrom(Client client) {
        return traffic.clients().has(client)
                && !client.hasEnded()
                && !client.outgoing().isBlocked()
                && !queued.isFull()
                && traffic.server().takesFrom(client.number());
    }

    /** A server runs, from its start on; it has been told nothing yet. */
    public void serverStarted() {
        starts++;
        traffic.hazards().serverStarted();
        traffic.serverStarted();
    }

    /** Takes a line that the server has written to stdout, without its end. */
    public void fromServer(byte[] line) {
        counters.moved(Counters.Direction.FROM_SERVER, line.length + 1);
        traffic.routes().fromServer(line);
        settle();
    }

    /** Whether the server's stdout is to be read now; false only while far too much waits for all clients together. */
    public boolean takesFromServer() {
        return !queued.isFull();
    }

    /** The server's stdout has ended, or it has itself. Another one may follow. */
    public void serverEnded() {
        traffic.serverEnded();
        settle();
    }

    /** No server follows soon: calls are refused at once until {@link #serverStarted}. */
    public void serverBacksOff() {
        traffic.serverBacksOff();
        settle();
    }

    /** The host is about to end: nothing new is sent to the server; what was sent may still be answered. */
    public void stopping() {
        traffic.stopping();
        settle();
    }

    /** All is over: what is still open is answered with an error, and each client is dismissed. */
    public void over(Bye why) {
        traffic.over(why);
        leaving.clear();
    }

    /** The next message for the server, without its end; null while there is none. The caller writes all of it, and the end. */
    public byte @Nullable [] nextForServer() {
        byte[] line = traffic.server().next();
        counters.moved(Counters.Direction.TO_SERVER, line == null ? 0 : line.length + 1);
        return line;
    }

    /** Whether a client waits for an answer that comes by itself. */
    public boolean isAwaited() {
        return traffic.clients().all().stream().anyMatch(traffic::isWaiting);
    }

    /** When {@link #look} is to be called, by the ticker. */
    public long deadline() {
        long next = Math.min(traffic.server().deadline(), traffic.clients().deadline());
        for (long until : leaving.values()) {
            next = Math.min(next, until);
        }
        return next;
    }

    /** Does what the time has come for. */
    public void look() {
        traffic.look();
        traffic.clients().look();
        settle();
    }

    /** Whether the server that runs has agreed on how it is spoken to. */
    public boolean isInitialized() {
        return traffic.handshake().isOpen();
    }

    /** Whether a server runs, and no client has wanted anything of it or of one before it. */
    public boolean isUnasked() {
        return traffic.handshake().isUnasked();
    }

    /** How many clients there are. */
    public int clients() {
        return traffic.clients().size();
    }

    /** What is told of it: who its clients are, and what became of their requests, without anything that is in these. */
    public FlatObjectWriter report() {
        return new FlatObjectWriter()
                .text("era", traffic.handshake().isModern() ? "modern" : "legacy")
                .text("protocolVersion", traffic.handshake().version())
                .objects("clients", counters.clients())
                .number("open", counters.open())
                .number("queued", counters.queued())
                .number("restarts", Math.max(0, starts - 1))
                .number("uptimeMillis", (ticker.nanoTime() - began) / NANOS_PER_MILLI)
                .objects(
                        "warnings", traffic.hazards().report(traffic.handshake().isSaidToBeShareable()))
                .object("totals", counters.totals());
    }

    /** Lets those go who do not read, and those who have ended and have all their answers or have waited long enough. */
    private void settle() {
        traffic.clients().takeLost().forEach(each -> traffic.letGo(each, Bye.SLOW));
        if (leaving.isEmpty()) {
            return;
        }
        long now = ticker.nanoTime();
        for (Client each : List.copyOf(leaving.keySet())) {
            boolean isOver = leaving.getOrDefault(each, 0L) <= now;
            if (isOver || !traffic.isWaiting(each)) {
                leaving.remove(each);
                traffic.letGo(each, Bye.DONE);
            }
        }
    }
}
